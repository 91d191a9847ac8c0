// What a cluster is, stage by stage, and which topics it shows. Changes nothing.
import type {
  CheckResult,
  CheckStage,
  ClusterConfig,
  ClusterProbe,
  TopicView,
} from '@/lib/contracts/cluster';
import { ClusterAdmin } from '@/server/kafka/admin';
import { kafkaVersionOf } from '@/server/kafka/kafka-version';
import { clientFor, wireSecurity } from '@/server/kafka/security';
import type { MetadataResponse } from '@/server/kafka/wire/apis/metadata';
import { metadata } from '@/server/kafka/wire/apis/metadata';
import { Connection } from '@/server/kafka/wire/connection';
import { ConnectError, ConnectionLostError, KafkaError } from '@/server/kafka/wire/errors';

export const CHECK_CLIENT_ID = 'landbridge-check';
export const CHECK_TIMEOUT_MS = 8_000;

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
      // In TLS 1.3 a broker refuses a certificate after the handshake is over.
      checks = checks.filter((check) => check.stage !== stage);
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
    clientId: CHECK_CLIENT_ID,
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

export function notRun(stage: CheckStage): CheckResult {
  return { stage, status: 'NOT_RUN', message: 'Not run: an earlier check failed.', durationMs: null };
}

/** Can every advertised broker be reached from here? A bootstrap server may answer while the others are hidden. */
async function checkBrokers(cluster: ClusterConfig, response: MetadataResponse): Promise<CheckResult> {
  const began = performance.now();
  const client = clientFor(cluster, CHECK_CLIENT_ID, {
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
  const client = clientFor(cluster, CHECK_CLIENT_ID, { connectTimeoutMs: CHECK_TIMEOUT_MS });
  const admin = new ClusterAdmin(cluster, CHECK_CLIENT_ID);
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
