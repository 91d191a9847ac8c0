// A registered Kafka cluster: how it is configured, and what the last probe saw.
import { z } from 'zod';
import { objectName, timestampMs } from './common';

export const securityProtocol = z.enum(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']);

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

export const clusterSecurity = z
  .strictObject({
    protocol: securityProtocol.default('PLAINTEXT'),
    sasl: z
      .strictObject({
        mechanism: z.literal('PLAIN'),
        username: z.string().min(1),
        password: z.string().min(1),
      })
      .optional(),
    tls: z
      .strictObject({
        caFile: z.string().min(1).optional(),
        certFile: z.string().min(1).optional(),
        keyFile: z.string().min(1).optional(),
        serverName: z.string().min(1).optional(),
      })
      .optional(),
  })
  .superRefine((s, ctx) => {
    const sasl = s.protocol.startsWith('SASL_');
    if (sasl && !s.sasl)
      ctx.addIssue({
        code: 'custom',
        path: ['sasl'],
        message: `${s.protocol} needs sasl.mechanism, sasl.username and sasl.password.`,
      });
    if (!sasl && s.sasl)
      ctx.addIssue({
        code: 'custom',
        path: ['sasl'],
        message: `sasl has no effect with protocol ${s.protocol}; use SASL_PLAINTEXT or SASL_SSL.`,
      });
    if (s.tls && !s.protocol.endsWith('SSL'))
      ctx.addIssue({
        code: 'custom',
        path: ['tls'],
        message: `tls has no effect with protocol ${s.protocol}; use SSL or SASL_SSL.`,
      });
    if (s.tls && Boolean(s.tls.certFile) !== Boolean(s.tls.keyFile))
      ctx.addIssue({ code: 'custom', path: ['tls'], message: 'certFile and keyFile belong together.' });
  });
export type ClusterSecurity = z.infer<typeof clusterSecurity>;

/** What `landbridge.yaml` and the console's form hold. */
export const clusterConfig = z.strictObject({
  name: objectName,
  bootstrapServers: z.array(bootstrapServer).min(1, 'Name at least one bootstrap server.').max(50),
  security: clusterSecurity.default({ protocol: 'PLAINTEXT' }),
});
export type ClusterConfig = z.infer<typeof clusterConfig>;

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

/** A cluster as pages see it; never holds a secret. */
export const clusterView = z.object({
  name: objectName,
  bootstrapServers: z.array(z.string()),
  security: z.object({
    protocol: securityProtocol,
    saslMechanism: z.string().nullable(),
    saslUsername: z.string().nullable(),
    tls: z
      .object({
        caFile: z.string().nullable(),
        certFile: z.string().nullable(),
        keyFile: z.string().nullable(),
        serverName: z.string().nullable(),
      })
      .nullable(),
  }),
  /** FILE clusters come from landbridge.yaml and are edited there. */
  managedBy: z.enum(['FILE', 'CONSOLE']),
  /** Null until the first probe has finished. */
  probe: clusterProbe.nullable(),
  /** Links that use this cluster, by direction. */
  linksFrom: z.array(z.string()),
  linksTo: z.array(z.string()),
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
