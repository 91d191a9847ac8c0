// The data thread's dearest work, without a rest: sweeps of a cluster one after the other, or hours of history recorded and sealed. Ends at SIGTERM.
// Bundled before it is run, as the engine is.
import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { clusterConfig } from '@/lib/contracts/cluster';
import { ClusterSweeper } from '@/server/metrics/collector/sweeper';
import { HistoryStore } from '@/server/metrics/store/history-store';
import { dayMs } from '@/server/metrics/store/intervals';
import { HistoryLoad } from './history-load';

const INTERVAL_MS = 10_000;
/** In the time of ten seconds between two ticks there is room for more. */
const SLICES_A_TICK = 20;

export const busyWish = z.discriminatedUnion('work', [
  z.object({ work: z.literal('sweeps'), cluster: clusterConfig }),
  z.object({ work: z.literal('seals'), file: z.string(), series: z.int() }),
]);

const wish = busyWish.parse(JSON.parse(readFileSync(process.argv[2] as string, 'utf8')));
process.once('SIGTERM', () => process.exit(0));
const work = wish.work === 'sweeps' ? sweep(wish.cluster) : seal(wish.file, wish.series);
work.catch((error: Error) => {
  console.error(error.stack);
  process.exit(1);
});

async function sweep(config: z.infer<typeof clusterConfig>): Promise<never> {
  const sweeper = new ClusterSweeper(config, (level, message) => console.error(`${level} ${message}`));
  for (;;) {
    await sweeper.sweep(INTERVAL_MS);
    if (!sweeper.last?.complete) throw new Error(sweeper.trouble ?? 'a sweep was not finished');
    console.error(`sweep of ${Math.round(sweeper.last.tookMs)} ms`);
  }
}

async function seal(file: string, series: number): Promise<never> {
  const slices: (() => void)[] = [];
  const store = new HistoryStore({
    ...{ file, limitBytes: 2e9, later: (slice) => void slices.push(slice) },
    log: (_, message) => console.error(message),
    now: () => atMs,
  });
  const load = new HistoryLoad(series);
  let atMs = Math.floor(Date.now() / dayMs) * dayMs;
  for (;;) {
    store.append(load.observe(atMs));
    atMs += INTERVAL_MS;
    for (let i = 0; i < SLICES_A_TICK && slices.length > 0; i++) {
      slices.shift()?.();
      await turn();
    }
    await turn();
  }
}
