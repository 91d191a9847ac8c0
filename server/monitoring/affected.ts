// Names of what an alert about partitions is about, from the last sweep of its cluster. Pure.
import type { Affected } from '@/lib/contracts/monitoring/alerts';
import type { Labels } from '@/lib/monitoring/observation';
import {
  type ClusterSweep,
  inSyncOf,
  partitionNumber,
  replicasOf,
  topicNameOf,
} from '@/server/metrics/collector/sweep';

const named = 100;

type Meant = (sweep: ClusterSweep, at: number, broker: number | null) => boolean;

const without = (sweep: ClusterSweep, at: number) => (sweep.partitions.leader[at] ?? -1) < 0;
const behind = (sweep: ClusterSweep, at: number) => inSyncOf(sweep, at).length < replicasOf(sweep, at).length;
const minIsrOf = (sweep: ClusterSweep, at: number) =>
  sweep.topics.configs[sweep.partitions.topic[at] as number]?.minIsr ?? null;
const ofBroker: Meant = (sweep, at, broker) => broker !== null && replicasOf(sweep, at).includes(broker);

/** By rule; rules about other things name what they judge in their labels already. */
const meant: Readonly<Record<string, Meant>> = {
  'cluster.offline-partitions': without,
  'cluster.under-replicated': behind,
  'cluster.under-min-isr': (sweep, at) => inSyncOf(sweep, at).length < (minIsrOf(sweep, at) ?? 0),
  'cluster.at-min-isr': (sweep, at) =>
    behind(sweep, at) && inSyncOf(sweep, at).length === minIsrOf(sweep, at),
  'broker.unreachable': ofBroker,
  'broker.fenced': ofBroker,
};

export function affectedPartitions(
  sweep: ClusterSweep | null,
  rule: string,
  labels: Labels,
): Affected | null {
  const is = meant[rule];
  if (!sweep || !is) return null;
  const broker = labels.broker === undefined ? null : Number(labels.broker);
  const items: string[] = [];
  let count = 0;
  for (let at = 0; at < sweep.partitions.leader.length; at++) {
    if (!is(sweep, at, broker)) continue;
    count++;
    if (items.length < named) items.push(`${topicNameOf(sweep, at)} partition ${partitionNumber(sweep, at)}`);
  }
  return { count, items };
}
