// Small facts about a cluster that several pages show in the same words.
import { StateShape } from '@/components/links/state-badge';
import type { ClusterView } from '@/lib/contracts/cluster';
import { formatMillis, plural } from '@/lib/format';

export function Reachability({ cluster }: { cluster: ClusterView }) {
  const { probe } = cluster;
  const [shape, word] =
    probe === null
      ? (['ring', 'Not checked yet'] as const)
      : probe.reachable
        ? (['circle', 'Reachable'] as const)
        : (['square', 'Not reachable'] as const);
  return (
    <span className="inline-flex items-center gap-2">
      <StateShape shape={shape} />
      {word}
    </span>
  );
}

/** `4.1 · 3 brokers · 120 topics · rtt 1.1 ms`, with what is known. */
export function clusterSummary({ probe, bootstrapServers }: ClusterView): string {
  if (!probe?.reachable) return bootstrapServers.join(', ');
  return [
    probe.kafkaVersion ? `Kafka ${probe.kafkaVersion}` : null,
    plural(probe.brokers.length, 'broker'),
    probe.topicCount === null ? null : plural(probe.topicCount, 'topic'),
    probe.rttMs === null ? null : `rtt ${formatMillis(probe.rttMs)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}
