// For a test that kills it: a disk fills and empties again and again, and a real webhook is told. Time runs 400 times as fast. Arguments: alerts.db,
// address of the webhook, since when time runs so fast, and `ends` where the disk stays empty: then it ends when nobody waits for a message.
import { setTimeout as sleep } from 'node:timers/promises';
import { channel } from '@/lib/contracts/monitoring/channels';
import { Health } from '../health';
import { observations } from './series';

const [file, url, since, how] = process.argv.slice(2) as [string, string, string, string | undefined];
const timesFaster = 400;
const lookMs = 25;
const now = () => Number(since) + (Date.now() - Number(since)) * timesFaster;
const used = (percent: string) =>
  observations({ series: { landbridge_log_dir_used_bytes: percent, landbridge_log_dir_total_bytes: '100' } });
const [full, empty] = [used('95'), used('5')].map(([one]) => one);
if (!full || !empty) throw new Error('There is nothing to observe.');

const health = new Health({
  ...{ file, now, intervalMs: lookMs * timesFaster },
  log: (level, message, error) => {
    if (level === 'error') process.stderr.write(`${message} ${error}\n`);
  },
});
health.start();
health.setSettings({
  channels: [channel.parse({ kind: 'webhook', id: 'hook', name: 'hook', url, secret: null })],
  routes: [{ id: 'all', matchers: [], atLeast: 'INFO', channels: ['hook'] }],
  overrides: [{ rule: 'broker.disk', scope: { kind: 'everywhere' }, forSeconds: 0, clearForSeconds: 0 }],
});
if (health.problem) throw new Error(health.problem);

for (let look = 0; ; look++) {
  const seen = how !== 'ends' && look % 6 < 3 ? full : empty;
  health.observe({ ...seen, atMs: now() });
  void health.pump();
  if (how === 'ends' && look > 3 && health.deliveries().counts.WAITING === 0) break;
  await sleep(lookMs);
}
const open = health.alerts({ withChildren: true }).alerts.length;
process.stdout.write(`${JSON.stringify({ open, counts: health.deliveries().counts })}\n`);
await health.stop();
process.exit(0);
