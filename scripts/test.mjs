// `npm test`: everything that must hold, from a bare clone. Plain Node until the packages are installed.
//   --full          also the long tests (other versions, long faults, scale); writes docs/test-results.md
//   --only a,b      only these steps: lint, types, unit, kafka, build, browser
//   --files a,b     of the unit and kafka steps only the test files whose path holds one of these
// The last line alone: `Total: N passed, N failed, N skipped`.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canInstallBrowser, findBrowser, installBrowserCommand } from './lib/browser.mjs';
import { sourcesFingerprint } from './lib/build-state.mjs';
import { dependencyProblem, installArguments, npmCommand } from './lib/dependencies.mjs';
import { describeFailures, playwrightFailures, vitestFailures } from './lib/failed-tests.mjs';
import { buildOtelCollectorCommand, findOtelCollector, goProblem } from './lib/otel-collector.mjs';
import { bold, Complaint, dim, duration, red, runMain, say, yellow } from './lib/print.mjs';
import { endMarked, markThisRun, onLauncherGone, startWatchdog } from './lib/processes.mjs';
import { canUnpackPrometheus, findPrometheus, unpackPrometheusCommand } from './lib/prometheus.mjs';
import { notRun, report, runProgram } from './lib/steps.mjs';
import { coveredLines, playwrightCounts, sum, vitestCounts } from './lib/test-counts.mjs';
import { writeTestResults } from './lib/test-results.mjs';
import { describeMissing, missingTools } from './lib/tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = join(root, '.cache/test');
const full = process.argv.includes('--full');
const only = listAfter('--only');
const files = listAfter('--files') ?? [];
const wanted = (step) => only === null || only.includes(step);

const budgetMs = 18 * 60_000;
const minute = 60_000;
/** Guards against hangs, several times the usual; never a measure of speed. */
const limitMs = {
  install: 10 * minute,
  browserInstall: 10 * minute,
  prometheus: 5 * minute,
  collector: 30 * minute,
  lint: 3 * minute,
  types: 5 * minute,
  'unit-engine': 5 * minute,
  unit: 5 * minute,
  jars: 12 * minute,
  kafka: (full ? 120 : 45) * minute,
  build: 10 * minute,
  browser: (full ? 60 : 25) * minute,
  coverage: 5 * minute,
};
const neededCoveragePercent = 90;

const bin = (name) => join(root, 'node_modules/.bin', name);
const program = (name, command, args, more = {}) =>
  runProgram({ name, command, args, cwd: root, limitMs: limitMs[name], ...more });

await runMain(async () => {
  const startedAt = Date.now();
  checkTools();
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const allEnded = cleanUpWhateverHappens();

  const steps = [];
  const counts = [];
  const add = (result, count) => {
    steps.push({ ...result, count });
    if (count) counts.push(count);
    return result.ok;
  };

  const [installed, browserReady] = await Promise.all([
    install(),
    // One after the other: both ask apt.
    (wanted('browser') ? installBrowser() : Promise.resolve(null)).then(async (browser) => {
      if (wanted('kafka')) await unpackPrometheus(add);
      return browser;
    }),
  ]);
  if (installed) add(installed);
  if (browserReady) add(browserReady);
  if (installed && !installed.ok) {
    for (const step of ['lint', 'types', 'unit', 'kafka', 'build', 'browser'].filter(wanted))
      add(notRun(step, 'the packages could not be installed'));
    return conclude(steps, counts, startedAt, allEnded);
  }

  let kafkaRan = false;
  const jars = wanted('kafka') ? fetchJars() : null;
  if (wanted('lint')) add(await program('lint', bin('biome'), ['check', '--error-on-warnings', '.']));
  const checked = sourcesFingerprint(root);
  const typesHold = wanted('types') && add(await checkTypes());
  if (wanted('unit')) await unitTests(add);
  // Tests with brokers wait more than they work: the build costs nothing beside them.
  const building =
    wanted('build') || wanted('browser')
      ? build({ lean: typesHold && checked === sourcesFingerprint(root) })
      : null;
  if (jars) {
    const fetched = await jars;
    add(fetched);
    const collector = await buildOtelCollector();
    if (collector) add(collector);
    kafkaRan = fetched.ok;
    if (kafkaRan) add(...(await vitest('kafka')));
    else add(notRun('kafka', 'Kafka itself is missing'));
  }
  const covering = wanted('unit') && kafkaRan && files.length === 0 ? coverage() : null;
  if (building) {
    const built = add(await building);
    if (wanted('browser') && built) add(...(await playwright()));
    else if (wanted('browser')) add(notRun('browser', 'there is no build'));
  }
  if (covering) add(await covering);
  return conclude(steps, counts, startedAt, allEnded);
});

function listAfter(option) {
  const at = process.argv.indexOf(option);
  return at < 0 ? null : (process.argv[at + 1] ?? '').split(',');
}

function checkTools() {
  const kafka = wanted('kafka') || wanted('browser');
  const missing = missingTools({ java: kafka, maven: kafka && !kafkaIsHere() });
  if (wanted('browser') && !findBrowser(root) && !canInstallBrowser())
    missing.push({
      tool: 'browser',
      problem: 'No Chromium was found for the browser tests (or set LANDBRIDGE_BROWSER).',
    });
  if (wanted('kafka') && !findPrometheus(root) && !canUnpackPrometheus())
    missing.push({
      tool: 'prometheus',
      problem: 'Prometheus is missing: a test reads /metrics with it (or set LANDBRIDGE_PROMETHEUS).',
    });
  if (buildsOtelCollector()) {
    const problem = goProblem();
    if (problem) missing.push({ tool: 'go', problem });
  }
  if (missing.length > 0) throw new Complaint(describeMissing(missing));
}

function kafkaIsHere() {
  const cache = join(root, '.cache/kafka');
  return existsSync(cache) && readdirSync(cache).some((version) => existsSync(join(cache, version, 'libs')));
}

/** Whatever ends this run, also kill -9: nothing that it started goes on. */
function cleanUpWhateverHappens() {
  const mark = markThisRun();
  const dismissWatchdog = startWatchdog(mark);
  const stop = async (signal) => {
    say(`\nStopping (${signal}) …`);
    await endMarked(mark, 5_000);
    dismissWatchdog();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop(signal));
  onLauncherGone(() => stop('npm is gone'));
  return dismissWatchdog;
}

async function install() {
  const problem = dependencyProblem(root);
  if (!problem) return null;
  say(dim(`npm ci, because ${problem}`));
  const [command, ...first] = npmCommand();
  return program('install', command, [...first, ...installArguments]);
}

async function installBrowser() {
  if (findBrowser(root)) return null;
  return program('browserInstall', 'bash', ['-c', installBrowserCommand], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    logFile: join(reports, 'browser-install.log'),
  });
}

/** Debian’s, for the test that reads /metrics with it. */
async function unpackPrometheus(add) {
  if (findPrometheus(root)) return;
  add(
    await program('prometheus', 'bash', ['-c', unpackPrometheusCommand], {
      logFile: join(reports, 'prometheus.log'),
    }),
  );
}

function buildsOtelCollector() {
  return full && wanted('kafka') && !findOtelCollector(root);
}

/** For the long test that sends to it; minutes, the first time. */
async function buildOtelCollector() {
  if (!buildsOtelCollector()) return null;
  return program('collector', 'bash', ['-c', buildOtelCollectorCommand(root)], {
    logFile: join(reports, 'collector.log'),
  });
}

function fetchJars() {
  return program('jars', bin('tsx'), ['scripts/fetch-kafka.ts'], { logFile: join(reports, 'jars.log') });
}

/** @param lean without a second check of types, and without the cache of 170 MB that makes the next build quicker */
function build({ lean }) {
  return program('build', process.execPath, ['scripts/build.mjs', '--if-needed'], {
    env: lean ? { LANDBRIDGE_LEAN_BUILD: '1' } : {},
    logFile: join(reports, 'build.log'),
  });
}

async function checkTypes() {
  // next-env.d.ts and the types of routes are written by Next and not kept in git.
  return program(
    'types',
    'bash',
    ['-c', 'node_modules/.bin/next typegen && node_modules/.bin/tsc --noEmit'],
    {
      env: { NEXT_TELEMETRY_DISABLED: '1' },
    },
  );
}

/** Lines are counted in the engine's own tests alone: it costs the others a quarter of their time. */
async function unitTests(add) {
  if (files.length > 0) return add(...(await vitest('unit', { projects: ['unit', 'unit-engine'] })));
  add(...(await vitest('unit-engine')));
  return add(...(await vitest('unit', { covered: false })));
}

async function vitest(name, { projects = [name], covered = true } = {}) {
  const file = join(reports, `${name}.json`);
  const result = await program(
    name,
    bin('vitest'),
    [
      'run',
      ...files,
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...(covered ? coverageOf(name) : []),
    ],
    { env: full ? { LANDBRIDGE_FULL: '1' } : {} },
  );
  return counted(result, vitestCounts(file), vitestFailures(file, root));
}

function coverageOf(name) {
  return [
    '--reporter=blob',
    `--outputFile.blob=${join(reports, 'blob', `${name}.json`)}`,
    '--coverage',
    '--coverage.reportOnFailure',
    '--coverage.reporter=json-summary',
    `--coverage.reportsDirectory=${join(reports, `coverage-${name}`)}`,
  ];
}

async function playwright() {
  const file = join(reports, 'browser.json');
  const browser = findBrowser(root);
  const result = await program('browser', bin('playwright'), ['test', '--reporter=list,json'], {
    env: {
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
      ...(browser ? { LANDBRIDGE_BROWSER: browser } : {}),
      ...(full ? { LANDBRIDGE_FULL: '1' } : {}),
    },
  });
  return counted(result, playwrightCounts(file), playwrightFailures(file));
}

/** A runner that failed without a failed test (a crash, a hang, an unhandled error) counts as one. */
function counted(result, counts, failures) {
  const seen = counts ?? { passed: 0, failed: 0, skipped: 0 };
  result.failures = failures;
  if (!result.ok && seen.failed === 0) seen.failed = 1;
  if (result.ok && seen.failed > 0) result.ok = false;
  return [result, seen];
}

/** Coverage of unit and Kafka tests together: much of the engine only runs against brokers. */
async function coverage() {
  const folder = join(reports, 'coverage');
  const merged = await program(
    'coverage',
    bin('vitest'),
    [
      'run',
      `--mergeReports=${join(reports, 'blob')}`,
      '--reporter=dot',
      '--coverage',
      '--coverage.reportOnFailure',
      '--coverage.reporter=json-summary',
      '--coverage.reporter=html',
      `--coverage.reportsDirectory=${folder}`,
    ],
    { logFile: join(reports, 'coverage.log') },
  );
  const lines = coveredLines(join(folder, 'coverage-summary.json'));
  if (!lines) return { ...merged, ok: false, note: 'no coverage was written' };
  const ok = lines.percent >= neededCoveragePercent;
  return report({
    ...merged,
    name: `coverage of server/link and server/kafka: ${lines.percent.toFixed(1)} % of ${lines.total} lines`,
    ok,
    note: ok ? '' : `${neededCoveragePercent} % are needed; ${folder}/index.html shows what is missing`,
  });
}

function conclude(steps, counts, startedAt, allEnded) {
  const ms = Date.now() - startedAt;
  const total = sum(counts);
  // Steps without tests of their own (lint, types, build …) and processes left behind count one each when they fail.
  for (const step of steps) {
    if (!step.ok && !step.count) total.failed++;
    total.failed += step.leftovers?.length ?? 0;
  }
  say(`\n${bold('Steps')}`);
  for (const step of steps) {
    const { passed, failed, skipped } = step.count ?? {};
    const tests = step.count ? `  ${passed} passed, ${failed} failed, ${skipped} skipped` : '';
    const state =
      step.ok && !step.leftovers?.length ? 'ok    ' : step.skipped ? red('not run') : red('failed');
    say(`  ${state} ${duration(step.ms).padStart(12)}  ${step.name}${tests}`);
  }
  say(`  ${duration(ms)} altogether`);
  if (!full && ms > budgetMs) say(yellow(`  That is over the budget of ${duration(budgetMs)}.`));
  sayWhatFailed(steps);
  allEnded();
  if (full) writeTestResults(root, { steps, total, ms, files });
  say(`Total: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exit(total.failed === 0 ? 0 : 1);
}

/** Once more and together: what a runner printed in the middle of the log is hard to find there, or cut off. */
function sayWhatFailed(steps) {
  const failures = steps.flatMap((step) =>
    !step.ok && step.failures?.length === 0
      ? [{ name: `${step.name}: no test failed, and it ended badly all the same`, message: step.note }]
      : (step.failures ?? []),
  );
  if (failures.length === 0) return;
  say(`\n${bold('Failed tests')}`);
  for (const line of describeFailures(failures)) say(line);
}
