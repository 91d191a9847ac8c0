// A link as Confluent's clients ask for it: the source is a registered cluster by its id, or an address and security that get registered on the way.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { RestCreateLink } from '@/lib/contracts/kafka-rest';
import type { CreateLinkRequest, LinkSettings } from '@/lib/contracts/link';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';
import { clustersById, requireCluster } from './find';
import { isSourceKey, readLinkConfigs } from './link-configs-input';

type CreateInput = {
  destinationClusterId: string;
  name: string;
  validateOnly: boolean;
  runChecks: boolean;
  body: RestCreateLink;
};

export async function createRestLinkFrom(runtime: Runtime, actor: Actor, input: CreateInput): Promise<void> {
  const { body, destinationClusterId } = input;
  const destination = requireCluster(runtime, actor, destinationClusterId).config.name;
  if (body.destination_cluster_id && body.destination_cluster_id !== destinationClusterId) {
    throw new LandbridgeError(
      'INVALID_REQUEST',
      'Links are started at their destination: leave destination_cluster_id out, and post to the destination’s address.',
    );
  }
  // Before it is read, and compared with what is registered: the answer would tell whether a password is right.
  if (body.configs.some(({ name }) => isSourceKey(name))) {
    authorise(actor, 'administrator', { kind: 'everywhere' });
  }
  const { settings, source } = readLinkConfigs(body.configs);
  const expected = body.source_cluster_id ?? body.remote_cluster_id ?? undefined;
  const registered = source ? sameSource(runtime, source) : bySourceId(runtime, actor, expected);
  const newSource = registered === null && source ? { ...source, name: freeName(runtime, input.name) } : null;
  const request: CreateLinkRequest = {
    name: input.name,
    source: registered ?? newSource?.name ?? '',
    destination,
    settings: withoutNulls(settings),
    topics: [],
    mirrorOptions: { replicationFactor: null, configs: {} },
  };
  await runtime.links.create(actor, request, {
    validateOnly: input.validateOnly,
    runChecks: input.runChecks,
    ...(newSource ? { newSource } : {}),
    ...(expected === undefined ? {} : { expectedSourceClusterId: expected }),
  });
}

function bySourceId(runtime: Runtime, actor: Actor, clusterId: string | undefined): string {
  if (clusterId === undefined) {
    throw new LandbridgeError(
      'INVALID_REQUEST',
      'Name the source: source_cluster_id of a registered cluster, or bootstrap.servers in configs.',
    );
  }
  const cluster = clustersById(runtime, actor).get(clusterId);
  if (cluster) return cluster.config.name;
  throw new LandbridgeError(
    'INVALID_REQUEST',
    `No registered cluster reports the source_cluster_id ${clusterId}. Register it, or give bootstrap.servers in configs; both need an administrator.`,
  );
}

/** A registered cluster with the same servers and security is used again. */
function sameSource(runtime: Runtime, source: Omit<ClusterConfig, 'name'>): string | null {
  const key = ({ bootstrapServers, security }: Omit<ClusterConfig, 'name'>) =>
    JSON.stringify([
      bootstrapServers.toSorted(),
      security.protocol,
      Object.entries(security.sasl ?? {}).sort(),
      Object.entries(security.tls ?? {}).sort(),
    ]);
  const same = runtime.catalog.clusters.find(({ config }) => key(config) === key(source));
  return same?.config.name ?? null;
}

function freeName(runtime: Runtime, link: string): string {
  const base = `${link.slice(0, 50)}-source`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!runtime.catalog.findCluster(name)) return name;
  }
}

function withoutNulls(settings: ReturnType<typeof readLinkConfigs>['settings']): Partial<LinkSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}
