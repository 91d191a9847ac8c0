// Waiting for a condition with a limit, in place of sleeping and hoping.
import { setTimeout as sleep } from 'node:timers/promises';

/** @throws naming what was awaited when it has not come true within the limit (default 120 s). */
export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  options: { limitMs?: number; everyMs?: number } = {},
): Promise<void> {
  const { limitMs = 120_000, everyMs = 50 } = options;
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain for ${what}.`);
    await sleep(everyMs);
  }
}
