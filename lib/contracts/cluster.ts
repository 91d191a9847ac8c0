// A registered Kafka cluster: how it is configured, and what the last probe saw.
import { z } from 'zod';
import { clusterSecurity, clusterSecurityView, consoleClusterSecurity } from './cluster-security';
import { objectName, timestampMs } from './common';

/** `host:port`, IPv6 hosts in brackets. */
export const bootstrapServer = z
  .string()
  .trim()
  .regex(
    /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+):\d{1,5}$/,
    'Write each server as host:port, for example kafka-1.example.com:9092.',
  )
  .refine((s) => {
    const port = Number(s.slice(s.lastIndexOf(':') + 1));
    return port >= 1 && port <= 65535;
  }, 'The port is a number from 1 to 65535.');

/** What `landbridge.yaml` holds, and what the store and the engine know a cluster by. */
export const clusterConfig = z.strictObject({
  name: objectName,
  bootstrapServers: z.array(bootstrapServer).min(1, 'Name at least one bootstrap server.').max(50),
  security: clusterSecurity.default({ protocol: 'PLAINTEXT' }),
});
export type ClusterConfig = z.infer<typeof clusterConfig>;

/** What may come from the console and REST: the same without references to files. */
export const consoleClusterConfig = clusterConfig.extend({
  security: consoleClusterSecurity.default({ protocol: 'PLAINTEXT' }),
});

/** Where a `clusterConfig` may hold a secret: encrypted at rest, never shown, never logged. Each path may be absent. */
export const secretPaths = [
  ['security', 'sasl', 'password'],
  ['security', 'sasl', 'clientSecret'],
  ['security', 'tls', 'key'],
  ['security', 'tls', 'keyPassword'],
] as const;

/** The stages in which a connection is tried, in order; the first that fails is the error. */
export const checkStage = z.enum([
  'RESOLVE',
  'TCP',
  'TLS',
  'SASL',
  'API_VERSIONS',
  'CLUSTER_ID',
  'METADATA',
  'SCRATCH_TOPIC',
  'RIGHTS',
]);
export type CheckStage = z.infer<typeof checkStage>;

export const checkResult = z.object({
  stage: checkStage,
  status: z.enum(['OK', 'FAILED', 'NOT_RUN']),
  /** What was seen, or what went wrong and what to do. */
  message: z.string(),
  durationMs: z.number().nonnegative().nullable(),
});
export type CheckResult = z.infer<typeof checkResult>;

export const broker = z.object({
  id: z.number().int(),
  host: z.string(),
  port: z.number().int(),
  rack: z.string().nullable(),
});

export const clusterProbe = z.object({
  reachable: z.boolean(),
  checkedAt: timestampMs,
  clusterId: z.string().nullable(),
  /** Highest release whose API versions the brokers offer, such as "4.1" or "3.9"; null when unknown. */
  kafkaVersion: z.string().nullable(),
  controllerId: z.number().int().nullable(),
  brokers: z.array(broker),
  topicCount: z.number().int().nullable(),
  partitionCount: z.number().int().nullable(),
  rttMs: z.number().nullable(),
  checks: z.array(checkResult),
});
export type ClusterProbe = z.infer<typeof clusterProbe>;

/** A topic that is still to be deleted: tried again until every broker has forgotten it. */
export const pendingDeletion = z.object({
  topic: z.string(),
  /** The link that it was a mirror of; null to those who may not see it. */
  link: z.string().nullable(),
  askedAt: timestampMs,
  /** Who asked; null likewise. */
  actor: z.string().nullable(),
  /** Why it is not gone yet; null before the first try has ended. */
  trouble: z.string().nullable(),
});
export type PendingDeletion = z.infer<typeof pendingDeletion>;

/** A cluster as pages see it; never holds a secret. */
export const clusterView = z.object({
  name: objectName,
  bootstrapServers: z.array(z.string()),
  security: clusterSecurityView,
  /** FILE clusters come from landbridge.yaml and are edited there. */
  managedBy: z.enum(['FILE', 'CONSOLE']),
  /** Null until the first probe has finished. */
  probe: clusterProbe.nullable(),
  /** Links that use this cluster, by direction. */
  linksFrom: z.array(z.string()),
  linksTo: z.array(z.string()),
  /** Topics that were mirrors and are still to be deleted. */
  deletions: z.array(pendingDeletion),
});
export type ClusterView = z.infer<typeof clusterView>;

export const clusterList = z.object({ asOf: timestampMs, clusters: z.array(clusterView) });

export const topicView = z.object({
  name: z.string(),
  partitions: z.number().int(),
  internal: z.boolean(),
  replicationFactor: z.number().int(),
  cleanupPolicy: z.string().nullable(),
});
export const topicList = z.object({ asOf: timestampMs, topics: z.array(topicView) });
export type TopicView = z.infer<typeof topicView>;
