/**
 * What leaves the house: the body of a health report, as JSON, and how its sending goes. Numbers and names of things that Kafka
 * lists; never a record's key, value or headers. Columns, so that it is small; states are words. docs/reduced-mode.md is its manual.
 */
import { z } from 'zod';
import { timestampMs } from '../common';
import { monitoringMode } from './mode';

/** The same text in every row, or one a row. */
const labelColumn = z.union([z.string(), z.array(z.string())]);

export const reportSeries = z.object({
  metric: z.string().max(200),
  labels: z.record(z.string(), labelColumn),
  /** One a row. Of states: words, such as "ACTIVE". */
  values: z.array(z.union([z.number(), z.string()])),
});
export type ReportSeries = z.infer<typeof reportSeries>;

export const reportFormatVersion = 1;

/** What is not named here is not an error: a newer console may tell more. */
export const healthReport = z.object({
  version: z.literal(reportFormatVersion),
  /** Of this report: the same when it is sent again, so that it counts once. */
  id: z.uuid(),
  console: z.object({
    id: z.uuid(),
    name: z.string().max(200),
    version: z.string().max(50),
    mode: monitoringMode,
  }),
  /** When the numbers were seen. */
  at: timestampMs,
  intervalMs: z.int().min(1_000).max(86_400_000),
  /** Reports since this console was set up that were never sent, as the buffer was full, and that the endpoint refused. */
  dropped: z.int().min(0),
  refused: z.int().min(0),
  /** Seen whole: what is about them and not listed is gone. About others it is unknown. */
  whole: z.array(z.string().max(600)),
  /** By which ids clusters are known to Kafka, as far as the console knows: another one under the same name begins anew. */
  clusterIds: z.record(z.string().max(600), z.string().max(200)).optional(),
  series: z.array(reportSeries),
});
export type HealthReport = z.infer<typeof healthReport>;

/** plain: as they are. hashed: the same name is the same hash, which nobody without this console's key can look up. omitted: nothing about single topics. */
export const topicNames = z.enum(['plain', 'hashed', 'omitted']);
export type TopicNames = z.infer<typeof topicNames>;
export const reportFormat = z.enum(['json', 'otlp']);
export type ReportFormat = z.infer<typeof reportFormat>;

/** How an endpoint took the last report. Only REACHABLE is good; each other has its own next step. */
export const endpointState = z.enum([
  'UNTRIED',
  'REACHABLE',
  /** No connection, no TLS, or no answer in time. */
  'UNREACHABLE',
  /** 401: the token or certificate is missing or wrong. */
  'UNAUTHENTICATED',
  /** 403: it is known, and may not report here. */
  'FORBIDDEN',
  /** 3xx, 404, 405, 415: nobody takes reports at that address. */
  'WRONG_ADDRESS',
  /** 409: another console reports with the same key. */
  'CONFLICT',
  /** 400, 413, 422: it does not take this report; the next is tried. */
  'REFUSING',
  /** 429. */
  'BUSY',
  /** 5xx. */
  'FAILING',
]);
export type EndpointState = z.infer<typeof endpointState>;

export const endpointStatus = z.object({
  /** Without query, which may hold a key. */
  address: z.string(),
  state: endpointState,
  /** Of what is wrong now; null while all is well. */
  why: z.string().nullable(),
  since: timestampMs,
  lastAcceptedAt: timestampMs.nullable(),
  nextTryAt: timestampMs.nullable(),
  waiting: z.int(),
  waitingBytes: z.int(),
  /** When the oldest report that waits was made. */
  oldestAt: timestampMs.nullable(),
  dropped: z.int(),
  refused: z.int(),
});
export type EndpointStatus = z.infer<typeof endpointStatus>;

/** How sending metrics over OTLP goes. */
export const otlpStatus = z.object({
  endpoint: endpointStatus,
  intervalMs: z.int(),
  /** The newest export, whether or not it was taken; null before the first. */
  last: z
    .object({
      at: timestampMs,
      points: z.int(),
      requests: z.int(),
      bytes: z.int(),
      gzipBytes: z.int(),
    })
    .nullable(),
});
export type OtlpStatus = z.infer<typeof otlpStatus>;

export const nextReport = z.object({
  mode: monitoringMode,
  /** False: no endpoint is set, nothing leaves the house. */
  reporting: z.boolean(),
  format: reportFormat,
  intervalMs: z.int(),
  topicNames,
  metrics: z.array(z.string()),
  endpoints: z.array(endpointStatus),
  dashboardUrl: z.string().nullable(),
  /** WAITING: the oldest report that has not been taken yet. NEXT: what would be sent now. NONE: nothing was seen yet. */
  of: z.enum(['WAITING', 'NEXT', 'NONE']),
  /** The body as it leaves the house, before gzip; of OTLP, the same message in its JSON form. */
  body: z.string().nullable(),
  bytes: z.int().nullable(),
  gzipBytes: z.int().nullable(),
});
export type NextReport = z.infer<typeof nextReport>;

/** `otlp`: null where metrics are not sent over OTLP. */
export const reportPreview = nextReport.extend({ otlp: otlpStatus.nullable() });
export type ReportPreview = z.infer<typeof reportPreview>;
