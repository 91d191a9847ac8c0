import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { dayMs } from './intervals';
import { groupsToKill, valueToKill } from './testing/killed-values';
import { all, known, TestHistory } from './testing/test-history';

const program = fileURLToPath(new URL('./testing/record-until-killed.ts', import.meta.url));
const one = new TestHistory();
afterAll(() => one.remove());

/** @returns the times of the ticks that it said it had kept */
async function recordUntilKilled(fromMs: number, ticks: number): Promise<number[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, one.file, `${fromMs}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 25_000,
  });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  const times: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    times.push(Number(line));
    if (times.length === ticks) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(complaint).toBe('');
  expect(child.signalCode).toBe('SIGKILL');
  return times;
}

describe('a process that is killed while it records and seals', () => {
  it('has kept every tick that it had said it kept, and at most one more', async () => {
    const kept: number[] = [];
    let fromMs = 20_000 * dayMs;
    for (const ticks of [75, 200, 20]) {
      const times = await recordUntilKilled(fromMs, ticks);
      kept.push(...times);
      // The next one begins behind what this one may have kept without having said it.
      fromMs = (times.at(-1) as number) + 2 * 60_000;
    }
    for (let looks = 0; looks < 2; looks++) {
      for (const i of [0, 123, 255, 256, 399]) {
        const samples = known(one.store.read(all({ labels: { group: `g${i}` } })))[`g${i}`] ?? [];
        const times = samples.map(([atMs]) => atMs);
        expect(kept.filter((atMs) => !times.includes(atMs))).toEqual([]);
        expect(times.length - kept.length).toBeLessThanOrEqual(3);
        for (const [atMs, value] of samples) expect(value).toBe(valueToKill(atMs, i));
      }
      one.upkeep();
      expect(one.store.status().unsealedParts).toBe(0);
    }
    expect(one.store.read(all({ limit: 1 })).total).toBe(groupsToKill.length);
    expect(one.logged).toEqual([]);
  });
});
