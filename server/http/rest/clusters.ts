// /kafka/v3/clusters: the registered clusters, by the id that Kafka reports.
import { restCluster, restClusterList } from '@/lib/contracts/kafka-rest';
import type { Actor } from '@/server/access/actor';
import type { Runtime } from '@/server/runtime';
import { restRoute } from './dialect';
import { clusterParams, clustersById, requireCluster } from './find';
import { clusterShape } from './shapes';

export const listRestClusters = restRoute({
  access: 'viewer',
  response: restClusterList,
  handler: ({ runtime, actor, baseUrl }) => ({
    kind: 'KafkaClusterList' as const,
    metadata: { self: `${baseUrl}/kafka/v3/clusters`, next: null },
    data: [...clustersById(runtime, actor).keys()].map((id) => shapeOf(runtime, actor, baseUrl, id)),
  }),
});

export const getRestCluster = restRoute({
  access: 'viewer',
  params: clusterParams,
  response: restCluster,
  handler: ({ runtime, actor, baseUrl, params }) => shapeOf(runtime, actor, baseUrl, params.cluster_id),
});

function shapeOf(runtime: Runtime, actor: Actor, baseUrl: string, clusterId: string) {
  const { config } = requireCluster(runtime, actor, clusterId);
  return clusterShape(baseUrl, clusterId, runtime.prober.last(config)?.controllerId ?? null);
}
