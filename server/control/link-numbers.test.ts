import { expect, it } from 'vitest';
import { Metrics } from '@/server/metrics/metrics';
import { type PartitionInput, snapshotOf } from '@/server/testing/snapshots';
import type { CatalogLink, CatalogMirror } from './catalog';
import { linkNumbers } from './link-numbers';
import { mirrorFacts } from './mirror-facts';

const mirror = (topic: string) => [topic, { topic, sourceTopic: topic, stopped: null, operation: null }];
const link = {
  ...{ id: 'l', name: 'l', source: 'a', destination: 'b' },
  settings: { 'link.throttle.bytes.per.second': null, 'mirror.lock': 'off' },
  mirrors: new Map(['orders', 'clicks'].map((topic) => mirror(topic) as [string, CatalogMirror])),
} as unknown as CatalogLink;

/** Of mirror orders; clicks is well. */
function told(orders: PartitionInput[]) {
  const metrics = new Metrics();
  const mirrors = [
    { topic: 'orders', numbers: orders },
    { topic: 'clicks', numbers: [{ stable: 5n, highWatermark: 5n, end: 5n }] },
  ];
  metrics.ingest(snapshotOf(1_000, [{ id: 'l', mirrors }]));
  const facts = mirrorFacts(link, metrics, 'RUNNING');
  const of = linkNumbers({ link, state: 'ACTIVE', facts, metrics, engine: 'RUNNING', nowMs: 1_000 });
  const column = (metric: string) => [...(of.mirrors.columns[metric] ?? [])];
  return {
    link: of.numbers.landbridge_link_lag_messages,
    unknown: [
      of.numbers.landbridge_link_lag_unknown_partitions,
      ...column('landbridge_mirror_lag_unknown_partitions'),
    ],
    mirrors: column('landbridge_mirror_sum_lag_messages'),
    bytes: column('landbridge_mirror_sum_lag_bytes'),
    blocked: column('landbridge_mirror_blocked_messages'),
  };
}

const unread: PartitionInput = { stable: -1n, highWatermark: -1n, end: 4n };

it('tells sums of whole mirrors', () => {
  const orders = [
    { stable: 9n, highWatermark: 11n, end: 4n, lagBytes: 50n, lagSeconds: 3 },
    { stable: 4n, highWatermark: 4n, end: 4n },
  ];
  expect(told(orders)).toEqual({ link: 5, unknown: [0], mirrors: [5, 0], bytes: [50, 0], blocked: [2, 0] });
});

it('tells no sum that leaves partitions out, as it would be smaller, and nothing of a hold that cannot be seen', () => {
  const rest = { stable: 4n, highWatermark: 4n, end: 4n };
  expect(told([unread, rest])).toEqual({
    ...{
      link: undefined,
      unknown: [1, 1, Number.NaN],
      mirrors: [Number.NaN, 0],
      bytes: [Number.NaN, 0],
      blocked: [Number.NaN, 0],
    },
  });
  expect(told([unread, { ...rest, highWatermark: 6n }]).blocked).toEqual([2, 0]);
});

it('tells of partitions that are behind nobody knows for how long: the worst lag leaves them out, and the bytes', () => {
  // As a paused mirror after a restart: nothing of what it lacks has been fetched.
  const paused = { stable: 9n, highWatermark: 9n, end: 4n };
  expect(told([paused])).toEqual({
    ...{ link: 5, unknown: [1, 1, Number.NaN], mirrors: [5, 0], bytes: [Number.NaN, 0], blocked: [0, 0] },
  });
});
