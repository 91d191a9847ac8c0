// The same thing as a REST request to copy. Shapes are those of Confluent's REST API v3, under /kafka/v3; what those cannot say
// is a request to /api. Pure.
import type { LinkSettings, MirrorWish } from '@/lib/contracts/link';
import { plural } from '@/lib/format';

/** Stands where an address or id is not known yet. */
const CLUSTER_ID_UNKNOWN = '<destination cluster id>';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function curl(method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown): string {
  const lines = [`curl -X ${method} ${quoted(url)}`];
  if (body !== undefined) {
    lines.push(`  -H 'content-type: application/json'`, `  -d ${quoted(JSON.stringify(body, null, 2))}`);
  }
  return lines.join(' \\\n');
}

const linkUrl = (origin: string, clusterId: string | null, link: string): string =>
  `${origin}/kafka/v3/clusters/${clusterId ?? CLUSTER_ID_UNKNOWN}/links/${link}`;

export const mirrorCall = (origin: string, clusterId: string | null, link: string, topic: string): string =>
  curl('GET', `${linkUrl(origin, clusterId, link)}/mirrors/${topic}`);

/** Options and reasons of a promote or failover have no place in Confluent's shapes. */
export const operationCall = (origin: string, path: string, body: object): string =>
  curl('POST', `${origin}${path}`, body);

export type PlannedLink = {
  name: string;
  sourceClusterId: string | null;
  destinationClusterId: string | null;
  settings: Partial<LinkSettings>;
  topics: MirrorWish[];
  replicationFactor: number | null;
  configs?: Record<string, string>;
};

/** More topics than this are shown as one call and "the same for the others". */
const CALLS_SHOWN = 3;

/** Creates the link, then each mirror. */
export function createCalls(origin: string, plan: PlannedLink): string {
  const configs = Object.entries(plan.settings).map(([name, value]) => ({ name, value: String(value) }));
  const create = curl(
    'POST',
    `${origin}/kafka/v3/clusters/${plan.destinationClusterId ?? CLUSTER_ID_UNKNOWN}/links?link_name=${plan.name}`,
    { source_cluster_id: plan.sourceClusterId ?? '<source cluster id>', configs },
  );
  return [create, addCalls(origin, plan)].filter(Boolean).join('\n\n');
}

/** Adds each topic to an existing link. */
export function addCalls(origin: string, plan: Omit<PlannedLink, 'settings' | 'sourceClusterId'>): string {
  const own = Object.entries(plan.configs ?? {}).map(([name, value]) => ({ name, value }));
  const calls = plan.topics.slice(0, CALLS_SHOWN).map((wish) =>
    curl('POST', `${linkUrl(origin, plan.destinationClusterId, plan.name)}/mirrors`, {
      ...(typeof wish === 'string'
        ? { source_topic_name: wish }
        : { source_topic_name: wish.sourceTopic, mirror_topic_name: wish.topic }),
      ...(plan.replicationFactor === null ? {} : { replication_factor: plan.replicationFactor }),
      ...(own.length > 0 ? { configs: own } : {}),
    }),
  );
  const more = plan.topics.length - CALLS_SHOWN;
  if (more > 0) calls.push(`# and the same for ${plural(more, 'more topic')}`);
  return calls.join('\n\n');
}
