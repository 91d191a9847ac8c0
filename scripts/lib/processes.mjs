// Starts programs so that none of them can be left behind: each gets its own process group and carries a mark in its
// environment by which it, and whatever it starts, is found again. Ends only processes that carry this run's mark.
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const markName = 'LANDBRIDGE_RUN';

/** The mark of the run that started this process, if any. */
const outerMark = process.env[markName];

/** A new mark below the one this process carries itself, so that an outer run also finds what an inner one leaves. */
export function newMark() {
  const own = randomUUID().slice(0, 8);
  return process.env[markName] ? `${process.env[markName]}/${own}` : own;
}

/** Marks everything that this process starts from now on, whoever starts it. @returns the mark */
export function markThisRun() {
  const mark = newMark();
  process.env[markName] = mark;
  return mark;
}

/** Starts a program in a process group of its own, marked. Options are those of `spawn`. */
export function start(command, args, { mark, env = process.env, ...options }) {
  return spawn(command, args, { ...options, detached: true, env: { ...env, [markName]: mark } });
}

/** @returns a promise of `{ code, signal, timedOut, error }`; the whole group is killed after `limitMs`. */
export function finished(child, limitMs) {
  return new Promise((resolve) => {
    let timedOut = false;
    const timer =
      limitMs &&
      setTimeout(() => {
        timedOut = true;
        signalGroup(child, 'SIGKILL');
      }, limitMs);
    const end = (result) => {
      clearTimeout(timer);
      resolve({ code: null, signal: null, timedOut, ...result });
    };
    child.once('error', (error) => end({ error }));
    child.once('exit', (code, signal) => end({ code, signal }));
  });
}

export function signalGroup(child, signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Everything alive that carries the mark or one below it, this process excepted: `[{ pid, command }]`. */
export function marked(mark) {
  const found = process.platform === 'linux' ? markedOnLinux(mark) : markedByPs(mark);
  return found.filter(({ pid }) => pid !== process.pid);
}

function markedOnLinux(mark) {
  const wanted = `${markName}=${mark}`;
  const found = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0');
      if (!environment.some((entry) => entry === wanted || entry.startsWith(`${wanted}/`))) continue;
      const state = readFileSync(`/proc/${name}/stat`, 'latin1').split(') ').pop()[0];
      if (state === 'Z') continue; // a zombie has ended; its parent has not looked yet
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      found.push({ pid: Number(name), command: command.slice(0, 160) });
    } catch (error) {
      // Gone in the meantime, or somebody else's process.
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) throw error;
    }
  }
  return found;
}

function markedByPs(mark) {
  const lines = execFileSync('ps', ['-axEww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  }).split('\n');
  return lines
    .filter((line) => line.includes(`${markName}=${mark}`))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().slice(0, 160) }));
}

/** Waits until nothing carries the mark. @returns what is still there after `limitMs` */
export async function whenGone(mark, limitMs) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const left = marked(mark);
    if (left.length === 0 || Date.now() >= deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Ends everything with the mark: SIGTERM, and SIGKILL for what is still there after `graceMs`. The harness' guards are
 * left to end by themselves: they do when what they guard is gone, and remove its temporary folder first.
 */
export async function endMarked(mark, graceMs) {
  signalAll(
    marked(mark).filter(({ command }) => !isGuard(command)),
    'SIGTERM',
  );
  for (const limitMs of [graceMs, 1_000, 1_000]) {
    const left = await whenGone(mark, limitMs);
    if (left.length === 0) return;
    const others = left.filter(({ command }) => !isGuard(command));
    signalAll(others.length > 0 ? others : left, 'SIGKILL');
  }
}

const isGuard = (command) => /^sh \S*\/(guard|sweep)\.sh /.test(command);

function signalAll(processes, signal) {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

/**
 * Starts a small process that ends everything with the mark when this one is gone, however it ended (kill -9 too).
 * @returns a function that dismisses it, for when everything has been ended in an orderly way
 */
export function startWatchdog(mark, graceMs = 6_000) {
  const env = { ...process.env };
  delete env[markName]; // or it would find itself
  if (outerMark) env[markName] = outerMark;
  const watchdog = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));
  const child = spawn(process.execPath, [watchdog, mark, String(graceMs)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
  });
  child.unref();
  child.stdin.unref?.();
  child.stdin.on('error', () => {}); // it may be ended before us: then there is nothing to tell it
  return () => child.stdin.end('dismissed\n');
}

/** Calls back once when npm, which started this script, is gone: npm passes signals on, but not a kill -9. */
export function onLauncherGone(callback) {
  if (!process.env.npm_lifecycle_event) return;
  const launcher = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === launcher) return;
    clearInterval(timer);
    callback();
  }, 1000);
  timer.unref();
}
