/**
 * Lets a thread with databases be ended. libsql's native calls abort the whole process when their thread is terminated within one (libsql 0.5.29,
 * neon 1.0.0: `sys/external.rs:80`), so such a thread waits before its next call for its end. What it does for long in JavaScript is ended as ever.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';

/** What both threads share: whether the end is wanted, and whether there is a call just now. */
export type NativeCalls = Int32Array;
const [ending, within] = [0, 1];
const lookMs = 5;

export const nativeCalls = (): NativeCalls => new Int32Array(new SharedArrayBuffer(8));

/** In the thread that may be ended, before it uses a database. Opening one is not covered. */
export function watchNativeCalls(calls: NativeCalls): void {
  const db = new Database(':memory:');
  watch(calls, Object.getPrototypeOf(db.prepare('select 1')), ['run', 'get', 'all', 'raw', 'columns']);
  db.close();
  watch(calls, Database.prototype, ['prepare', 'exec', 'close']);
}

/**
 * In the other thread, before it ends that one.
 * @returns false: a call has not returned within the limit
 */
export async function endNativeCalls(calls: NativeCalls, limitMs: number): Promise<boolean> {
  Atomics.store(calls, ending, 1);
  const untilMs = performance.now() + limitMs;
  while (Atomics.load(calls, within) === 1) {
    if (performance.now() > untilMs) return false;
    await sleep(lookMs);
  }
  return true;
}

type Method = (...values: unknown[]) => unknown;

function watch(calls: NativeCalls, of: object, names: readonly string[]): void {
  const methods = of as Record<string, Method>;
  for (const name of names) {
    const call = methods[name] as Method;
    methods[name] = function (this: unknown, ...values) {
      // In this order: whoever asks for the end sees the call, or is seen.
      Atomics.store(calls, within, 1);
      if (Atomics.load(calls, ending) === 1) {
        Atomics.store(calls, within, 0);
        Atomics.wait(calls, ending, 1);
      }
      try {
        return call.apply(this, values);
      } finally {
        Atomics.store(calls, within, 0);
      }
    };
  }
}
