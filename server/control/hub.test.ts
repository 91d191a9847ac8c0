import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import type { Actor } from '@/server/access/actor';
import { Hub } from './hub';

const actor = { kind: 'hubSender', id: 'k', console: 'west', address: null } as unknown as Actor;
const rows = 70_000;
const report: HealthReport = {
  ...{ version: 1, id: randomUUID(), at: Date.now(), intervalMs: 60_000, dropped: 0, refused: 0, whole: [] },
  console: { id: randomUUID(), name: 'west', version: '1', mode: 'reduced' },
  series: [{ metric: 'landbridge_cluster_topics', labels: { cluster: '' }, values: Array(rows).fill(1) }],
};

it('begins with no other report of a console while nobody knows what the one at work costs', async () => {
  const answers: ((answer: object) => void)[] = [];
  const hub = new Hub({
    senders: { holds: () => true },
    monitor: { ask: () => new Promise((resolve) => answers.push(resolve)) },
  } as unknown as ConstructorParameters<typeof Hub>[0]);
  const read = () => hub.reading(actor, async (spend) => spend(rows));
  await read();
  const taking = hub.take(actor, report, null);
  await expect(read()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  answers[0]?.({ taken: 'NEW', newSeries: 10 });
  await taking;
  await read();
});
