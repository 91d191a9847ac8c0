// Finds what a path of /kafka/v3 names. Clusters go by the id that Kafka reports, links by their name on that cluster.
import { z } from 'zod';
import type { CatalogLink, RegisteredCluster } from '@/server/control/catalog';
import type { MirrorFact } from '@/server/control/mirror-facts';
import { LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';

export const clusterParams = z.object({ cluster_id: z.string() });
export const linkParams = clusterParams.extend({ link_name: z.string() });
export const mirrorParams = linkParams.extend({ mirror_topic_name: z.string() });
export const configParams = linkParams.extend({ config_name: z.string() });

/** One per Kafka cluster, even where two names are registered for it. */
export function clustersById(runtime: Runtime): Map<string, RegisteredCluster> {
  const byId = new Map<string, RegisteredCluster>();
  for (const cluster of runtime.catalog.clusters) {
    const id = clusterIdOf(runtime, cluster);
    if (id !== null && !byId.has(id)) byId.set(id, cluster);
  }
  return byId;
}

/** @throws LandbridgeError CLUSTER_NOT_FOUND */
export function requireCluster(runtime: Runtime, clusterId: string): RegisteredCluster {
  const cluster = clustersById(runtime).get(clusterId);
  if (cluster) return cluster;
  throw new LandbridgeError(
    'CLUSTER_NOT_FOUND',
    `No registered cluster reports the id "${clusterId}". Register it first; the id is known once it was reached.`,
  );
}

export function linksTo(runtime: Runtime, clusterId: string): CatalogLink[] {
  requireCluster(runtime, clusterId);
  return runtime.catalog.links.filter((link) => link.destinationClusterId === clusterId);
}

/** @throws LandbridgeError CLUSTER_NOT_FOUND or LINK_NOT_FOUND */
export function requireLink(runtime: Runtime, clusterId: string, name: string): CatalogLink {
  const link = linksTo(runtime, clusterId).find((candidate) => candidate.name === name);
  if (link) return link;
  throw new LandbridgeError('LINK_NOT_FOUND', `Cluster ${clusterId} has no link "${name}".`);
}

/** @throws LandbridgeError MIRROR_NOT_FOUND */
export function requireMirror(runtime: Runtime, link: CatalogLink, topic: string): MirrorFact {
  const fact = runtime.views.facts(link).find((candidate) => candidate.topic === topic);
  if (fact) return fact;
  throw new LandbridgeError('MIRROR_NOT_FOUND', `Link "${link.name}" has no mirror topic "${topic}".`);
}

/** From the last probe, or from a link that was made to it. */
function clusterIdOf(runtime: Runtime, { config }: RegisteredCluster): string | null {
  const probed = runtime.prober.last(config)?.clusterId;
  if (probed) return probed;
  const to = runtime.catalog.links.find((link) => link.destination === config.name);
  if (to) return to.destinationClusterId;
  const from = runtime.catalog.links.find((link) => link.source === config.name);
  return from?.sourceClusterId ?? null;
}

export const flag = (fallback: 'true' | 'false') =>
  z
    .enum(['true', 'false'], 'Write true or false.')
    .default(fallback)
    .transform((value) => value === 'true');

export const validateOnly = z.object({ validate_only: flag('false') });
