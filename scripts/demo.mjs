// `npm run demo`: two real Kafka clusters, a shop's traffic, the console and one link, on loopback. Plain Node until the
// packages are installed. Ctrl-C ends everything; the data stays in .demo for the next start. `--clean` removes it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProblem } from './lib/build-state.mjs';
import { dependencyProblem, installArguments, npmCommand } from './lib/dependencies.mjs';
import { freePort } from './lib/port.mjs';
import { bold, Complaint, dim, duration, red, runMain, say } from './lib/print.mjs';
import {
  endMarked,
  finished,
  markThisRun,
  newMark,
  onLauncherGone,
  start,
  startWatchdog,
} from './lib/processes.mjs';
import { describeMissing, missingTools } from './lib/tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The other place is for tests: they must not touch a person's demo. */
const dir = resolve(process.env.LANDBRIDGE_DEMO_DIR ?? join(root, '.demo'));
const pidFile = join(dir, 'demo.pid');
const neededMemoryMb = 2_000;
const installLimitMs = 15 * 60_000;
/** Brokers write their logs out when they are asked to end; what takes longer is ended. */
const stopGraceMs = 15_000;
const partStopLimitMs = 20_000;

const startedAt = Date.now();
const step = (text) => say(`${dim(duration(Date.now() - startedAt).padStart(11))}  ${text}`);

await runMain(async () => {
  refuseSecondDemo();
  if (process.argv.includes('--clean')) {
    rmSync(dir, { recursive: true, force: true });
    say(`Removed ${dir}. The next \`npm run demo\` starts from nothing.`);
    return 0;
  }
  checkTools();
  mkdirSync(dir, { recursive: true });
  writeFileSync(pidFile, `${process.pid}\n`);

  const stopping = prepareStop();
  try {
    await main(stopping);
  } catch (error) {
    // What fails because everything is being ended is no news.
    if (!stopping.begun()) say(red(`\n${error instanceof Complaint ? error.message : error.stack}`));
  }
  await stopping.end(null);
});

async function main(stopping) {
  await install();
  const built = build();
  built.catch(() => {}); // looked at below, once the clusters are up
  const port = await freePort('127.0.0.1', Number(process.env.PORT ?? 3000));
  if (port !== Number(process.env.PORT ?? 3000))
    step(`Port ${process.env.PORT ?? 3000} is taken; the console gets ${port}`);

  const { register } = await import('tsx/esm/api');
  register();
  const { runDemo } = await import('./demo/run.ts');
  const { address, ended } = await runDemo({
    root,
    dir,
    port,
    built,
    onStop: stopping.add,
    step: (text) => {
      stopping.check();
      step(text);
    },
  });
  stopping.check();
  say(`\n${bold(`The demo is ready: ${address}`)}`);
  say(`Ctrl-C ends it; its data stays for next time (${duration(Date.now() - startedAt)} until here).\n`);
  const code = await ended;
  if (!stopping.begun())
    throw new Complaint(`The console ended (code ${code}); ${join(dir, 'console.log')} says why.`);
}

function refuseSecondDemo() {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  if (!isDemo(pid)) return;
  throw new Complaint(
    `A demo is running already (process ${pid}). End it first: Ctrl-C in its terminal, or kill ${pid}.`,
  );
}

function isDemo(pid) {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('demo.mjs');
  } catch {
    return false; // no such process
  }
}

function checkTools() {
  const cache = join(root, '.cache/kafka');
  const kafkaIsHere =
    existsSync(cache) && readdirSync(cache).some((version) => existsSync(join(cache, version, 'libs')));
  const missing = missingTools({ java: true, maven: !kafkaIsHere, freeMemoryMb: neededMemoryMb });
  if (missing.length > 0) throw new Complaint(describeMissing(missing));
}

/** Everything started from here on ends with this process, however it ends. */
function prepareStop() {
  const mark = markThisRun();
  const dismissWatchdog = startWatchdog(mark, stopGraceMs);
  const parts = [];
  let ending = null;
  const end = (reason) => {
    ending ??= (async () => {
      if (reason) say(`\nStopping (${reason}) …`);
      // Clients first, so that the clusters have nobody to wait for.
      await stopAll(parts.filter(({ what }) => !what.startsWith('cluster')));
      await stopAll(parts.filter(({ what }) => what.startsWith('cluster')));
      await endMarked(mark, stopGraceMs);
      rmSync(pidFile, { force: true });
      dismissWatchdog();
      process.exit(reason ? 0 : 1);
    })();
    return ending;
  };
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (++signals === 1) void end(signal);
      // Asked twice: at once. The clusters recover from it at the next start.
      else void endMarked(mark, 0).finally(() => process.exit(1));
    });
  }
  onLauncherGone(() => end('npm is gone'));
  return {
    end,
    begun: () => ending !== null,
    /** @throws when the demo is being ended: there is no more progress to report */
    check: () => {
      if (ending) throw new Error('The demo is being ended.');
    },
    /** @throws when the demo is being ended already: what called goes no further */
    add: async (what, stop) => {
      parts.push({ what, stop });
      if (!ending) return;
      await stopAll([{ what, stop }]);
      throw new Error('The demo is being ended.');
    },
  };
}

async function stopAll(parts) {
  const limit = new Promise((resolve) => setTimeout(resolve, partStopLimitMs, 'late'));
  const stops = parts.map(({ what, stop }) => stop().catch((error) => say(red(`${what}: ${error.message}`))));
  await Promise.race([Promise.all(stops), limit]);
}

async function install() {
  const problem = dependencyProblem(root);
  if (!problem) return;
  step(`Installing packages (npm ci), because ${problem} …`);
  const [command, ...first] = npmCommand();
  await run('npm ci', command, [...first, ...installArguments], installLimitMs);
}

async function build() {
  const problem = buildProblem(root);
  if (!problem) return;
  step(`Building the console meanwhile, because ${problem} …`);
  await run('The build', process.execPath, [join(root, 'scripts/build.mjs'), '--if-needed'], installLimitMs);
  step('The console is built');
}

/** Output goes to a log, which is shown when the program fails. */
async function run(name, command, args, limitMs) {
  const child = start(command, args, { mark: newMark(), cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
    });
  }
  const { code, signal, timedOut, error } = await finished(child, limitMs);
  if (error) throw new Complaint(`${name} could not be started: ${error.message}`);
  if (timedOut) throw new Complaint(`${name} was ended after ${duration(limitMs)}.\n${output}`);
  if (code !== 0) throw new Complaint(`${name} failed (${signal ?? `code ${code}`}).\n${output}`);
}
