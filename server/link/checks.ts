// Looks before a link exists: what a cluster is, whether both ends can be linked, and what mirroring a topic would do. Changes nothing but a scratch topic of its own.

import type {
  CheckResult,
  CheckStage,
  ClusterConfig,
  ClusterProbe,
  TopicView,
} from '@/lib/contracts/cluster';
import type { EngineRequest, LinkCheck, MirrorVerdict } from '@/lib/contracts/engine';
import type { LinkError } from '@/lib/contracts/link';
import { ClusterAdmin } from '@/server/kafka/admin';
import { kafkaVersionOf } from '@/server/kafka/kafka-version';
import { clientFor, wireSecurity } from '@/server/kafka/security';
import type { MetadataResponse, TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import { metadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { Connection } from '@/server/kafka/wire/connection';
import { ConnectError, ConnectionLostError, KafkaError } from '@/server/kafka/wire/errors';
import { runScratchSequence } from './scratch';
import { endsOf, placesOf } from './source-probe';
import { FIXED_WHILE_MIRRORING } from './topic-configs';
import { internalTopicMessage } from './topic-setup';

const CLIENT_ID = 'landbridge-check';
const CHECK_TIMEOUT_MS = 8_000;

type Staged = {
  checks: CheckResult[];
  connection: Connection | null;
  response: MetadataResponse | null;
  rttMs: number | null;
};

/** Connects to the bootstrap servers, one after the other, stage by stage; the first that answers counts. */
async function connectStaged(cluster: ClusterConfig): Promise<Staged> {
  const stages = stagesOf(cluster);
  let checks: CheckResult[] = [];
  for (const server of cluster.bootstrapServers) {
    checks = [];
    let began = performance.now();
    try {
      const connection = await openFirst(cluster, server, (stage) => {
        const now = performance.now();
        checks.push({ stage, status: 'OK', message: passed(stage, server), durationMs: now - began });
        began = now;
      });
      const asked = performance.now();
      const response = await connection.request(metadata, { topics: null });
      const rttMs = performance.now() - asked;
      return { checks, connection, response, rttMs };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      const stage = error instanceof ConnectError ? error.stage : (stages[checks.length] ?? 'METADATA');
      checks.push({
        stage,
        status: 'FAILED',
        message: `${error.message}.`,
        durationMs: performance.now() - began,
      });
    }
  }
  for (const stage of stages) if (!checks.some((c) => c.stage === stage)) checks.push(notRun(stage));
  return { checks, connection: null, response: null, rttMs: null };
}

function stagesOf(cluster: ClusterConfig): CheckStage[] {
  const { protocol } = cluster.security;
  return [
    'RESOLVE',
    'TCP',
    ...(protocol.endsWith('SSL') ? (['TLS'] as const) : []),
    ...(protocol.startsWith('SASL') ? (['SASL'] as const) : []),
    'API_VERSIONS',
  ];
}

function openFirst(
  cluster: ClusterConfig,
  server: string,
  onStage: (stage: CheckStage) => void,
): Promise<Connection> {
  const colon = server.lastIndexOf(':');
  return Connection.open({
    host: server.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(server.slice(colon + 1)),
    label: `bootstrap server of ${cluster.name}`,
    security: wireSecurity(cluster),
    clientId: CLIENT_ID,
    connectTimeoutMs: CHECK_TIMEOUT_MS,
    requestTimeoutMs: CHECK_TIMEOUT_MS,
    maxFrameBytes: 256 * 1024 * 1024,
    pool: null,
    onStage,
  });
}

function passed(stage: CheckStage, server: string): string {
  const host = server.slice(0, server.lastIndexOf(':'));
  switch (stage) {
    case 'RESOLVE':
      return `${host} resolves.`;
    case 'TCP':
      return `${server} accepts connections.`;
    case 'TLS':
      return 'The certificate is valid for this name.';
    case 'SASL':
      return 'Signed in.';
    default:
      return 'The broker speaks Kafka.';
  }
}

function notRun(stage: CheckStage): CheckResult {
  return { stage, status: 'NOT_RUN', message: 'Not run: an earlier check failed.', durationMs: null };
}

/** Can every advertised broker be reached from here? A bootstrap server may answer while the others are hidden. */
async function checkBrokers(cluster: ClusterConfig, response: MetadataResponse): Promise<CheckResult> {
  const began = performance.now();
  const client = clientFor(cluster, CLIENT_ID, {
    connectTimeoutMs: CHECK_TIMEOUT_MS,
    requestTimeoutMs: CHECK_TIMEOUT_MS,
  });
  try {
    await client.metadata([]);
    const failures = await Promise.all(
      response.brokers.map(async (broker) => {
        try {
          await client.connection(broker.id, 'control');
          return null;
        } catch (error) {
          return (error as Error).message;
        }
      }),
    );
    const failed = failures.filter((f) => f !== null);
    const durationMs = performance.now() - began;
    if (failed.length === 0)
      return {
        stage: 'METADATA',
        status: 'OK',
        message:
          response.brokers.length === 1
            ? 'The one advertised broker is reachable.'
            : `All ${response.brokers.length} advertised brokers are reachable.`,
        durationMs,
      };
    return {
      stage: 'METADATA',
      status: 'FAILED',
      message: `${failed.length} of ${response.brokers.length} advertised brokers can't be reached: ${failed[0]}. Check advertised.listeners and the firewall.`,
      durationMs,
    };
  } catch (error) {
    return {
      stage: 'METADATA',
      status: 'FAILED',
      message: `${(error as Error).message}.`,
      durationMs: performance.now() - began,
    };
  } finally {
    client.close();
  }
}

export async function probeCluster(cluster: ClusterConfig): Promise<ClusterProbe> {
  const { checks, connection, response, rttMs } = await connectStaged(cluster);
  const brokers = response ? await checkBrokers(cluster, response) : notRun('METADATA');
  connection?.destroy(new ConnectionLostError(cluster.name, 'the probe has ended'));
  return {
    reachable: response !== null && brokers.status === 'OK',
    checkedAt: Date.now(),
    clusterId: response?.clusterId ?? null,
    kafkaVersion: connection ? kafkaVersionOf(connection.apis, connection.metadataVersion) : null,
    controllerId: response && response.controllerId >= 0 ? response.controllerId : null,
    brokers: response?.brokers ?? [],
    topicCount: response?.topics.length ?? null,
    partitionCount: response?.topics.reduce((sum, topic) => sum + topic.partitions.length, 0) ?? null,
    rttMs,
    checks: [...checks, brokers],
  };
}

export async function listTopics(cluster: ClusterConfig): Promise<TopicView[]> {
  const client = clientFor(cluster, CLIENT_ID, { connectTimeoutMs: CHECK_TIMEOUT_MS });
  const admin = new ClusterAdmin(cluster, CLIENT_ID);
  try {
    const { topics } = await client.metadata(null);
    const named = topics.filter((topic) => topic.errorCode === 0);
    // Without DESCRIBE_CONFIGS the policy is unknown, the list still is right.
    const configs = await admin.describeTopicConfigs(named.map((t) => t.name)).catch(() => new Map());
    return named
      .map((topic) => ({
        name: topic.name,
        partitions: topic.partitions.length,
        internal: topic.internal || topic.name.startsWith('__'),
        replicationFactor: Math.max(0, ...topic.partitions.map((p) => p.replicas.length)),
        cleanupPolicy:
          configs.get(topic.name)?.find((c: { name: string }) => c.name === 'cleanup.policy')?.value ?? null,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    client.close();
    await admin.close();
  }
}

export async function checkLink(request: Extract<EngineRequest, { op: 'checkLink' }>): Promise<LinkCheck> {
  const [source, destination] = await Promise.all([
    probeCluster(request.source),
    probeCluster(request.destination),
  ]);
  const result: LinkCheck = {
    ok: source.reachable && destination.reachable,
    error: 'NO_ERROR',
    source: source.checks,
    destination: destination.checks,
    sourceClusterId: source.clusterId,
    destinationClusterId: destination.clusterId,
  };
  const same = source.clusterId !== null && source.clusterId === destination.clusterId;
  const identity: CheckResult = same
    ? {
        stage: 'CLUSTER_ID',
        status: 'FAILED',
        message: `Both ends are the same cluster (${source.clusterId}). A link needs two.`,
        durationMs: null,
      }
    : {
        stage: 'CLUSTER_ID',
        status: 'OK',
        message: `The cluster id is ${destination.clusterId}.`,
        durationMs: null,
      };
  if (destination.clusterId !== null) result.destination = [...result.destination, identity];
  if (source.clusterId !== null)
    result.source = [
      ...result.source,
      same ? identity : { ...identity, message: `The cluster id is ${source.clusterId}.` },
    ];
  if (same) result.ok = false;
  if (request.scratch) {
    const scratch = result.ok ? await scratchCheck(request) : notRun('SCRATCH_TOPIC');
    result.destination = [...result.destination, scratch];
    if (scratch.status === 'FAILED') result.ok = false;
  }
  result.error = errorOf([...result.source, ...result.destination]);
  return result;
}

async function scratchCheck(request: Extract<EngineRequest, { op: 'checkLink' }>): Promise<CheckResult> {
  const began = performance.now();
  try {
    const message = await runScratchSequence(request.destination, request.name);
    return { stage: 'SCRATCH_TOPIC', status: 'OK', message, durationMs: performance.now() - began };
  } catch (error) {
    return {
      stage: 'SCRATCH_TOPIC',
      status: 'FAILED',
      message: (error as Error).message,
      durationMs: performance.now() - began,
    };
  }
}

function errorOf(checks: CheckResult[]): LinkError {
  const failed = checks.find((c) => c.status === 'FAILED');
  switch (failed?.stage) {
    case undefined:
      return 'NO_ERROR';
    case 'RESOLVE':
      return 'UNRESOLVABLE_BOOTSTRAP_ERROR';
    case 'TCP':
      return 'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR';
    case 'TLS':
    case 'SASL':
      return 'AUTHENTICATION_ERROR';
    case 'METADATA':
      return 'INVALID_BOOTSTRAP_INTERNAL_ENDPOINT_ERROR';
    default:
      return 'UNKNOWN';
  }
}

export async function checkMirrors(
  request: Extract<EngineRequest, { op: 'checkMirrors' }>,
): Promise<MirrorVerdict[]> {
  const source = clientFor(request.source, CLIENT_ID, { connectTimeoutMs: CHECK_TIMEOUT_MS });
  const destination = clientFor(request.destination, CLIENT_ID, { connectTimeoutMs: CHECK_TIMEOUT_MS });
  try {
    const [there, here] = await Promise.all([
      topicsOf(
        source,
        request.mirrors.map((m) => m.sourceTopic),
      ),
      topicsOf(
        destination,
        request.mirrors.map((m) => m.topic),
      ),
    ]);
    const brokers = destination.brokers.length;
    return await Promise.all(
      request.mirrors.map((mirror) =>
        verdictOf(mirror, source, there.get(mirror.sourceTopic), here.get(mirror.topic), brokers, request),
      ),
    );
  } finally {
    source.close();
    destination.close();
  }
}

async function topicsOf(client: ClusterClient, names: string[]): Promise<Map<string, TopicMetadata>> {
  const { topics } = await client.metadata([...new Set(names)]);
  return new Map(topics.filter((t) => t.errorCode === 0).map((t) => [t.name, t]));
}

async function verdictOf(
  mirror: Extract<EngineRequest, { op: 'checkMirrors' }>['mirrors'][number],
  source: ClusterClient,
  there: TopicMetadata | undefined,
  here: TopicMetadata | undefined,
  brokers: number,
  request: Extract<EngineRequest, { op: 'checkMirrors' }>,
): Promise<MirrorVerdict> {
  const verdict: MirrorVerdict = {
    topic: mirror.topic,
    sourceTopic: mirror.sourceTopic,
    ok: false,
    message: '',
    partitions: null,
    headFill: null,
    backlog: null,
  };
  if (!there)
    return {
      ...verdict,
      message: `${mirror.sourceTopic} doesn't exist on ${request.source.name}, or the link may not describe it.`,
    };
  if (there.internal) return { ...verdict, message: internalTopicMessage(mirror.sourceTopic) };
  verdict.partitions = there.partitions.length;
  const ends = await endsOf(source, placesOf(there));
  if (ends.size === there.partitions.length) {
    const all = [...ends.values()];
    verdict.headFill = String(all.reduce((sum, e) => sum + e.start, 0n));
    verdict.backlog = String(all.reduce((sum, e) => sum + e.lastStable - e.start, 0n));
  }
  const fixed = Object.keys(mirror.options.configs).filter((name) =>
    (FIXED_WHILE_MIRRORING as readonly string[]).includes(name),
  );
  if (fixed.length > 0)
    return { ...verdict, message: `${fixed.join(', ')} can't be chosen: mirroring itself sets it.` };
  const factor = mirror.options.replicationFactor;
  if (factor !== null && factor > brokers)
    return {
      ...verdict,
      message: `Replication factor ${factor} needs ${factor} brokers, ${request.destination.name} has ${brokers}.`,
    };
  if (here && here.partitions.length > there.partitions.length) {
    return {
      ...verdict,
      message: `${mirror.topic} exists with ${here.partitions.length} partitions, the source has ${there.partitions.length}: a mirror has the same number.`,
    };
  }
  if (here)
    return {
      ...verdict,
      ok: true,
      message: `${mirror.topic} exists: it is taken over if it is empty or an exact prefix of the source, which is read to find out, and refused otherwise.`,
    };
  const replicas = factor ?? 'the default';
  return {
    ...verdict,
    ok: true,
    message: `Will be created with ${there.partitions.length} partitions, replication factor ${replicas}.`,
  };
}
