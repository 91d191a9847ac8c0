// Requests and answers of /api that are not a resource of their own. Reads are in cluster.ts and link.ts.
import { z } from 'zod';
import { bootstrapServer, consoleClusterConfig } from './cluster';
import { consoleClusterSecurityUpdate } from './cluster-security';
import { objectName, timestampMs, topicName } from './common';
import { linkCheck, mirrorVerdict } from './engine';
import { linkRow, linkSettings, mirrorOptions, mirrorWish, settingRow, snapshotMeta } from './link';
import { monitoringMode } from './monitoring/mode';

/** `?validate_only=true`: everything is checked, nothing is changed. */
export const validateOnlyQuery = z.object({
  validate_only: z
    .enum(['true', 'false'], 'Write validate_only=true or validate_only=false.')
    .default('false')
    .transform((value) => value === 'true'),
});

export const createClusterRequest = consoleClusterConfig;

/**
 * A cluster as edited. A secret that is left out is kept as stored, which is only allowed while servers, protocol, user, token
 * endpoint and TLS stay as they are: a stored secret is never sent to a server it was not typed for.
 */
export const updateClusterRequest = z.strictObject({
  bootstrapServers: z.array(bootstrapServer).min(1, 'Name at least one bootstrap server.').max(50),
  security: consoleClusterSecurityUpdate.default({ protocol: 'PLAINTEXT' }),
});
export type UpdateClusterRequest = z.infer<typeof updateClusterRequest>;

/** A configuration to try. Secrets that are left out come from the registered cluster of this name, by the rule of an edit. */
export const testClusterRequest = updateClusterRequest.extend({ name: objectName });
export type TestClusterRequest = z.infer<typeof testClusterRequest>;

/**
 * New credentials for the same servers, tried before they take the place of the old ones; links go on. What is left out stays:
 * a new certificate comes with its key.
 */
export const clusterCredentials = z
  .strictObject({
    username: z.string().min(1),
    password: z.string().min(1),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    cert: z.string().min(1),
    key: z.string().min(1),
    keyPassword: z.string().min(1),
  })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'Give at least one new credential.');
export type ClusterCredentials = z.infer<typeof clusterCredentials>;

export const clusterDeleted = z.object({ name: objectName, message: z.string() });

export const linkCheckRequest = z.strictObject({
  name: objectName,
  source: objectName,
  destination: objectName,
  /** True also runs append, marker and delete on a scratch topic of the destination. */
  scratch: z.boolean().default(false),
});
export type LinkCheckRequest = z.infer<typeof linkCheckRequest>;

export const linkPreviewRequest = z.strictObject({
  /** Of the link that is being made: its transactional ids may be the only ones that the principal may use. */
  name: objectName.optional(),
  source: objectName,
  destination: objectName,
  topics: z.array(mirrorWish).min(1, 'Name at least one topic.').max(10_000),
  settings: linkSettings.partial().optional(),
  mirrorOptions: mirrorOptions.default({ replicationFactor: null, configs: {} }),
});
export type LinkPreviewRequest = z.infer<typeof linkPreviewRequest>;

export const linkPreview = z.object({ verdicts: z.array(mirrorVerdict) });

/** `link` is null when only validated. */
export const linkCreated = z.object({
  check: linkCheck.nullable(),
  verdicts: z.array(mirrorVerdict),
  link: linkRow.nullable(),
});

export const mirrorsAdded = z.object({ verdicts: z.array(mirrorVerdict), added: z.number().int() });

export const mirrorPaused = z.object({ topic: z.string(), paused: z.boolean(), message: z.string() });

export const pauseMirrorsRequest = z
  .strictObject({
    /** False: they are to go on. */
    paused: z.boolean(),
    topics: z.array(topicName).min(1, 'Name at least one mirror topic.').max(10_000).optional(),
    /** RE2 syntax; the whole name must match. */
    pattern: z.string().min(1).max(249, 'The pattern has at most 249 characters.').optional(),
  })
  .refine(({ topics, pattern }) => (topics === undefined) !== (pattern === undefined), {
    path: ['topics'],
    message: 'Give topics or a pattern.',
  });
export const mirrorsPaused = z.object({
  /** How many were changed: 0 when only validated. */
  changed: z.int(),
  mirrors: z.array(
    z.object({
      topic: z.string(),
      /** False: it cannot be done with this one, and `message` says why. It keeps the others from nothing. */
      ok: z.boolean(),
      /** An error code of /api where it cannot be done. */
      code: z.string().nullable(),
      /** False: it is so already. */
      changes: z.boolean(),
      message: z.string(),
    }),
  ),
});

// In Zod 4 `partial()` still fills in defaults, so a patch names each key without its default. Null is "back to the default".
const setting = linkSettings.shape;
export const linkSettingsPatch = z.strictObject({
  'cluster.link.paused': setting['cluster.link.paused'].unwrap().nullish(),
  'mirror.start.offset.spec': setting['mirror.start.offset.spec'].unwrap().nullish(),
  'auto.create.mirror.topics.enable': setting['auto.create.mirror.topics.enable'].unwrap().nullish(),
  'auto.create.mirror.topics.filters': setting['auto.create.mirror.topics.filters'].unwrap().nullish(),
  'availability.check.ms': setting['availability.check.ms'].unwrap().nullish(),
  'availability.check.consecutive.failure.threshold': setting[
    'availability.check.consecutive.failure.threshold'
  ]
    .unwrap()
    .nullish(),
  'metadata.max.age.ms': setting['metadata.max.age.ms'].unwrap().nullish(),
  'topic.config.sync.ms': setting['topic.config.sync.ms'].unwrap().nullish(),
  'topic.config.sync.include': setting['topic.config.sync.include'].unwrap().nullish(),
  'consumer.offset.sync.enable': setting['consumer.offset.sync.enable'].unwrap().nullish(),
  'consumer.offset.sync.ms': setting['consumer.offset.sync.ms'].unwrap().nullish(),
  'consumer.offset.group.filters': setting['consumer.offset.group.filters'].unwrap().nullish(),
  'client.rack': setting['client.rack'].unwrap().nullish(),
  'source.range.lost': setting['source.range.lost'].unwrap().nullish(),
  'compacted.gap.fill': setting['compacted.gap.fill'].unwrap().nullish(),
  'link.throttle.bytes.per.second': setting['link.throttle.bytes.per.second'].unwrap().nullish(),
  'link.memory.bytes': setting['link.memory.bytes'].unwrap().nullish(),
  'mirror.lock': setting['mirror.lock'].unwrap().nullish(),
  'mirror.lock.principal': setting['mirror.lock.principal'].unwrap().nullish(),
  'acl.sync.enable': setting['acl.sync.enable'].unwrap().nullish(),
  'acl.sync.ms': setting['acl.sync.ms'].unwrap().nullish(),
  'acl.filters': setting['acl.filters'].unwrap().nullish(),
  'acl.principal.map': setting['acl.principal.map'].unwrap().nullish(),
  'acl.sync.delete': setting['acl.sync.delete'].unwrap().nullish(),
  'two.person.operations': setting['two.person.operations'].unwrap().nullish(),
  'verify.budget.percent': setting['verify.budget.percent'].unwrap().nullish(),
  'verify.floor.bytes.per.second': setting['verify.floor.bytes.per.second'].unwrap().nullish(),
  'verify.interval.ms': setting['verify.interval.ms'].unwrap().nullish(),
  'verify.sweep.bytes.per.second': setting['verify.sweep.bytes.per.second'].unwrap().nullish(),
});
export type LinkSettingsPatch = z.infer<typeof linkSettingsPatch>;

/** As they are given when a link is created: some are never changed afterwards. */
export const newLinkSettings = linkSettingsPatch.extend({
  'cluster.link.prefix': setting['cluster.link.prefix'].unwrap().nullish(),
  'consumer.group.prefix.enable': setting['consumer.group.prefix.enable'].unwrap().nullish(),
  'link.mode': setting['link.mode'].unwrap().nullish(),
});
export type NewLinkSettings = z.infer<typeof newLinkSettings>;

export const settingsList = z.object({ settings: z.array(settingRow) });

export const meta = snapshotMeta.extend({
  version: z.string(),
  startedAt: timestampMs,
  mode: monitoringMode,
  /** In reduced mode, where charts and alerts are. */
  dashboardUrl: z.string().nullable(),
});

/** `status` is NOT_READY with the reason while the store is closed or the engine has not reported yet. */
export const health = z.object({
  status: z.enum(['OK', 'NOT_READY']),
  reason: z.string().nullable(),
});
