// /kafka/v3/clusters: the registered clusters, by the id that Kafka reports.
import { restCluster, restClusterList } from '@/lib/contracts/kafka-rest';
import type { Runtime } from '@/server/runtime';
import { restRoute } from './dialect';
import { clusterParams, clustersById, requireCluster } from './find';
import { clusterShape } from './shapes';

export const listRestClusters = restRoute({
  access: 'viewer',
  response: restClusterList,
  handler: ({ runtime, baseUrl }) => ({
    kind: 'KafkaClusterList' as const,
    metadata: { self: `${baseUrl}/kafka/v3/clusters`, next: null },
    data: [...clustersById(runtime).keys()].map((id) => shapeOf(runtime, baseUrl, id)),
  }),
});

export const getRestCluster = restRoute({
  access: 'viewer',
  params: clusterParams,
  response: restCluster,
  handler: ({ runtime, baseUrl, params }) => shapeOf(runtime, baseUrl, params.cluster_id),
});

function shapeOf(runtime: Runtime, baseUrl: string, clusterId: string) {
  const { config } = requireCluster(runtime, clusterId);
  return clusterShape(baseUrl, clusterId, runtime.prober.last(config)?.controllerId ?? null);
}
