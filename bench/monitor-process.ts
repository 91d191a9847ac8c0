// The data thread alone in a process, as the server runs it: what to watch comes in a file, numbers of links are told as the web thread would.
// Bundled before it is run, so that nothing else is measured. Ends at SIGTERM.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { clusterConfig } from '@/lib/contracts/cluster';
import type { LinkNumbers, ToMonitor } from '@/lib/contracts/monitoring/thread';
import { observationIntervalMs } from '@/server/intervals';
import { assembleMonitor } from '@/server/monitoring/assemble';
import { monitorStart } from '@/server/monitoring/monitor-start';

/** Null: the process only waits, as a server does that has nothing to watch. */
const wish = z
  .object({ start: monitorStart, cluster: clusterConfig, mirrors: z.int() })
  .nullable()
  .parse(JSON.parse(readFileSync(process.argv[2] as string, 'utf8')));

if (wish) run(wish);
else setInterval(() => undefined, 60_000);

function run({ start, cluster, mirrors }: NonNullable<typeof wish>): void {
  const tell = () => monitor.receive(linksNow(cluster.name, mirrors));
  const monitor = assembleMonitor(start, (message) => {
    if (message.type === 'log' && message.level !== 'debug')
      console.error(`${message.level} ${message.message}`);
    if (message.type === 'linksWanted') tell();
    if (message.type === 'stopped') process.exit(0);
  });
  process.once('SIGTERM', () => monitor.receive({ type: 'stop' }));
  const health = { overrides: [], silences: [], channels: [], routes: [], subjects: null };
  monitor.start();
  monitor.receive({ type: 'desired', clusters: [cluster], health, consoles: [] });
  if (start.mode === 'normal') setInterval(tell, observationIntervalMs);
}

/** One link of so many mirrors, with numbers that move. Without functions of its own, which would be compiled for each message. */
function linksNow(cluster: string, mirrors: number): ToMonitor {
  const topics: string[] = [];
  const [state, lagSeconds] = [new Float64Array(mirrors).fill(1), new Float64Array(mirrors)];
  const [lagMessages, bytes] = [new Float64Array(mirrors), new Float64Array(mirrors)];
  for (let row = 0; row < mirrors; row++) {
    topics.push(`topic-${row}`);
    lagSeconds[row] = Math.random();
    lagMessages[row] = Math.floor(row * Math.random());
    bytes[row] = Date.now() + row;
  }
  const link: LinkNumbers = {
    ...{ name: 'bench', source: 'elsewhere', destination: cluster, tasks: {}, whole: true },
    numbers: {
      landbridge_link_state: 0,
      landbridge_link_mirrors: mirrors,
      landbridge_link_max_lag_seconds: 1,
    },
    mirrors: {
      topics,
      sourceTopics: topics,
      columns: {
        landbridge_mirror_state: state,
        landbridge_mirror_max_lag_seconds: lagSeconds,
        landbridge_mirror_sum_lag_messages: lagMessages,
        landbridge_mirror_bytes_total: bytes,
      },
      compacted: new Int8Array(mirrors),
    },
  };
  return { type: 'links', at: Date.now(), own: { landbridge_engine_up: 1 }, links: [link] };
}
