// Finds what a path of /kafka/v3 names, of what the actor may see. Clusters go by the id that Kafka reports, links by their name on it.
import { z } from 'zod';
import type { Actor } from '@/server/access/actor';
import type { CatalogLink, RegisteredCluster } from '@/server/control/catalog';
import type { MirrorFact } from '@/server/control/mirror-facts';
import { Visible } from '@/server/control/visible';
import { LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';

export const clusterParams = z.object({ cluster_id: z.string() });
export const linkParams = clusterParams.extend({ link_name: z.string() });
export const mirrorParams = linkParams.extend({ mirror_topic_name: z.string() });
export const configParams = linkParams.extend({ config_name: z.string() });

/** One per Kafka cluster, even where two names are registered for it. */
export function clustersById(runtime: Runtime, actor: Actor): Map<string, RegisteredCluster> {
  const visible = new Visible(runtime.catalog, actor);
  const byId = new Map<string, RegisteredCluster>();
  for (const cluster of visible.clusters) {
    const id = clusterIdOf(runtime, visible, cluster);
    if (id !== null && !byId.has(id)) byId.set(id, cluster);
  }
  return byId;
}

/** @throws LandbridgeError CLUSTER_NOT_FOUND */
export function requireCluster(runtime: Runtime, actor: Actor, clusterId: string): RegisteredCluster {
  const cluster = clustersById(runtime, actor).get(clusterId);
  if (cluster) return cluster;
  throw new LandbridgeError(
    'CLUSTER_NOT_FOUND',
    `No registered cluster that you hold a role on reports the id "${clusterId}". The id is known once a cluster was reached.`,
  );
}

/**
 * Whoever holds a role on a link alone reaches it below its destination's id, though the cluster itself stays unseen.
 * @throws LandbridgeError CLUSTER_NOT_FOUND
 */
export function linksTo(runtime: Runtime, actor: Actor, clusterId: string): CatalogLink[] {
  const { links } = new Visible(runtime.catalog, actor);
  const found = links.filter((link) => link.destinationClusterId === clusterId);
  if (found.length === 0) requireCluster(runtime, actor, clusterId);
  return found;
}

/** @throws LandbridgeError CLUSTER_NOT_FOUND or LINK_NOT_FOUND */
export function requireLink(runtime: Runtime, actor: Actor, clusterId: string, name: string): CatalogLink {
  const link = linksTo(runtime, actor, clusterId).find((candidate) => candidate.name === name);
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
function clusterIdOf(runtime: Runtime, visible: Visible, { config }: RegisteredCluster): string | null {
  const probed = runtime.prober.last(config)?.clusterId;
  if (probed) return probed;
  const to = visible.links.find((link) => link.destination === config.name);
  if (to) return to.destinationClusterId;
  const from = visible.links.find((link) => link.source === config.name);
  return from?.sourceClusterId ?? null;
}

export const flag = (fallback: 'true' | 'false') =>
  z
    .enum(['true', 'false'], 'Write true or false.')
    .default(fallback)
    .transform((value) => value === 'true');

export const validateOnly = z.object({ validate_only: flag('false') });
