// Runs the steps of a test run one after the other or side by side, each with a time limit, and looks after every one
// whether it left processes behind. Knows nothing about what the steps are.
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { finished as streamFinished } from 'node:stream/promises';
import { bold, dim, duration, green, red, say } from './print.mjs';
import { endMarked, finished, newMark, signalGroup, start, whenGone } from './processes.mjs';

/** What a step may still need to end after its program has: the harness' guards clean up temporary folders. */
const leftoverGraceMs = 15_000;

/**
 * Runs one program. `logFile` collects its output, which is then shown only when it fails; without it the output is
 * shown as it comes.
 * @returns `{ name, ok, ms, note }`
 */
export async function runProgram({ name, command, args, cwd, env, limitMs, logFile }) {
  const startedAt = Date.now();
  const mark = newMark();
  say(`${bold(`▶ ${name}`)}${logFile ? dim(' (in the background)') : ''}`);
  let log;
  if (logFile) {
    mkdirSync(dirname(logFile), { recursive: true });
    log = createWriteStream(logFile);
  }
  const child = start(command, args, {
    mark,
    cwd,
    stdio: ['ignore', log ? 'pipe' : 'inherit', log ? 'pipe' : 'inherit'],
    env: { ...process.env, ...(process.stdout.isTTY && !log ? { FORCE_COLOR: '1' } : {}), ...env },
  });
  if (log) {
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
  }
  const { code, signal, timedOut, error } = await finished(child, limitMs);
  const left = await whenGone(mark, leftoverGraceMs);
  if (left.length > 0) await endMarked(mark, 2_000);
  signalGroup(child, 'SIGKILL');
  if (log) {
    log.end();
    await streamFinished(log);
  }

  const problems = [];
  if (error) problems.push(`${command} could not be started: ${error.message}`);
  else if (timedOut) problems.push(`ended after ${duration(limitMs)} without a result`);
  else if (signal) problems.push(`ended by ${signal}`);
  else if (code !== 0) problems.push(`exit code ${code}`);
  const leftovers = left.map(({ pid, command: line }) => `left running: ${pid} ${line}`);
  if (logFile && (problems.length > 0 || leftovers.length > 0)) say(readFileSync(logFile, 'utf8').trimEnd());
  return report({
    name,
    ok: problems.length === 0,
    leftovers,
    ms: Date.now() - startedAt,
    note: problems.join('; '),
  });
}

/** Prints the result of a step as it ends, and hands it on. */
export function report(result) {
  const { name, ok, skipped, ms, note, leftovers = [] } = result;
  const good = ok && leftovers.length === 0;
  const sign = skipped ? dim('–') : good ? green('✔') : red('✘');
  say(`${sign} ${name}  ${dim(duration(ms))}${note ? `  ${good ? dim(note) : red(note)}` : ''}`);
  for (const line of leftovers) say(red(`    ${line}`));
  return result;
}

/** A step that makes no sense because another one failed. */
export function notRun(name, because) {
  return report({ name, ok: false, skipped: true, ms: 0, note: `not run: ${because}` });
}
