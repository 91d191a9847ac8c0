// What a hub's pages show of one console's clusters and links, taken from its newest observation when it arrives. Pure.
import type { HubCluster, HubLink } from '@/lib/contracts/hub';
import { linkState } from '@/lib/contracts/link';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { Observation } from '@/lib/monitoring/observation';

export type SeenCluster = Omit<HubCluster, 'console' | 'seenAt' | 'stale'>;
export type SeenLink = Omit<HubLink, 'console' | 'seenAt' | 'stale'>;
export type Seen = { clusters: SeenCluster[]; links: SeenLink[] };

type Numbers<T> = {
  [K in keyof T]: T[K] extends number | null ? K : never;
}[keyof T];

const clusterNumbers: Partial<Record<MetricName, Numbers<SeenCluster>>> = {
  landbridge_cluster_brokers: 'brokers',
  landbridge_cluster_brokers_missing: 'brokersMissing',
  landbridge_cluster_topics: 'topics',
  landbridge_cluster_partitions: 'partitions',
  landbridge_cluster_offline_partitions: 'offlinePartitions',
  landbridge_cluster_under_min_isr_partitions: 'underMinIsrPartitions',
  landbridge_cluster_under_replicated_partitions: 'underReplicatedPartitions',
  landbridge_cluster_groups: 'groups',
  landbridge_cluster_bytes_in_per_second: 'bytesInPerSecond',
};
const linkNumbers: Partial<Record<MetricName, Numbers<SeenLink>>> = {
  landbridge_link_mirrors: 'mirrors',
  landbridge_link_mirrors_failed: 'mirrorsFailed',
  landbridge_link_lag_messages: 'lagMessages',
  landbridge_link_max_lag_seconds: 'maxLagSeconds',
  landbridge_link_bytes_per_second: 'bytesPerSecond',
};

export function seenIn({ series, values }: Observation): Seen {
  const clusters = new Map<string, SeenCluster>();
  const links = new Map<string, SeenLink>();
  for (const [i, { metric, labels }] of series.entries()) {
    const value = values[i] as number;
    const ofCluster = clusterNumbers[metric];
    const ofLink = linkNumbers[metric];
    if (ofCluster) own(clusters, labels.cluster ?? '', newCluster)[ofCluster] = value;
    else if (metric === 'landbridge_cluster_reachable')
      own(clusters, labels.cluster ?? '', newCluster).reachable = value === 1;
    else if (ofLink || metric === 'landbridge_link_state') {
      const { link = '', source = '', destination = '' } = labels;
      const seen = own(links, `${destination}/${link}`, () => newLink(link, source, destination));
      if (ofLink) seen[ofLink] = value;
      else seen.state = linkState.options[value] ?? null;
    }
  }
  return { clusters: [...clusters.values()], links: [...links.values()] };
}

function own<T>(all: Map<string, T>, key: string, made: (key: string) => T): T {
  let one = all.get(key);
  if (one === undefined) {
    one = made(key);
    all.set(key, one);
  }
  return one;
}

const newCluster = (name: string): SeenCluster => ({
  ...{ name, reachable: null, brokers: null, brokersMissing: null, topics: null, partitions: null },
  ...{ offlinePartitions: null, underMinIsrPartitions: null, underReplicatedPartitions: null },
  ...{ groups: null, bytesInPerSecond: null },
});

const newLink = (name: string, source: string, destination: string): SeenLink => ({
  ...{ name, source, destination, state: null, mirrors: null, mirrorsFailed: null },
  ...{ lagMessages: null, maxLagSeconds: null, bytesPerSecond: null },
});
