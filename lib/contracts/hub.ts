// What a hub shows of the consoles that report to it, and the keys with which they do. Null is not known, never 0.
import { z } from 'zod';
import { timestampMs } from './common';
import { consoleName } from './console-name';
import { linkState } from './link';
import { severity } from './monitoring/rules';

export const hubSenderView = z.object({
  /** The public half. */
  id: z.string(),
  console: consoleName,
  createdAt: timestampMs,
  createdBy: z.string(),
  revokedAt: timestampMs.nullable(),
  lastUsedAt: timestampMs.nullable(),
  lastUsedFrom: z.string().nullable(),
});
export type HubSenderView = z.infer<typeof hubSenderView>;
export const hubSenderList = z.object({ senders: z.array(hubSenderView) });
/** Another key for a console that has one already is its next: both work until the first is revoked. */
export const createHubSenderRequest = z.strictObject({ console: consoleName });
/** Shown once: `token` is what LANDBRIDGE_HEALTH_TOKEN of that console is set to, `endpoint` its LANDBRIDGE_HEALTH_ENDPOINT. */
export const hubSenderCreated = z.object({ sender: hubSenderView, token: z.string(), endpoint: z.string() });

/** What became of a report. DUPLICATE: it was taken before; LATE: kept in the history, but too old to be judged by rules. */
export const reportTaken = z.object({ taken: z.enum(['NEW', 'LATE', 'DUPLICATE']) });
export type ReportTaken = z.infer<typeof reportTaken>;

/** SILENT: no report for three intervals. NEVER: it has a key, and has not reported yet. REVOKED: it has no key any more. */
export const consoleState = z.enum(['REPORTING', 'SILENT', 'NEVER', 'REVOKED']);
export type ConsoleState = z.infer<typeof consoleState>;

const counts = z.record(severity, z.int());

export const hubConsole = z.object({
  name: consoleName,
  state: consoleState,
  /** As it calls itself; null before its first report, and so are the others. */
  reportedName: z.string().nullable(),
  version: z.string().nullable(),
  mode: z.string().nullable(),
  heardAt: timestampMs.nullable(),
  /** When the numbers of the newest report were seen, by this hub's clock. */
  seenAt: timestampMs.nullable(),
  intervalMs: z.int().nullable(),
  /** Its clock − ours, in seconds; told beyond 30 s, and reports are moved by it. */
  clockSkewSeconds: z.number().nullable(),
  series: z.int().nullable(),
  /** Series of metrics that this hub doesn't know: the console is newer. */
  unknownSeries: z.int().nullable(),
  dropped: z.int().nullable(),
  refused: z.int().nullable(),
  /** When a report of it was put off, as it had sent more than its budget; null: not in the last ten minutes. */
  overBudgetAt: timestampMs.nullable(),
  clusters: z.int().nullable(),
  clustersUnreachable: z.int().nullable(),
  links: z.int().nullable(),
  linksNotActive: z.int().nullable(),
  worstLagSeconds: z.number().nullable(),
  /** Open alerts. */
  alerts: counts,
});
export type HubConsole = z.infer<typeof hubConsole>;

/** What is older than three intervals is shown with its age, and dimmed. */
export const hubCluster = z.object({
  console: consoleName,
  name: z.string(),
  seenAt: timestampMs,
  stale: z.boolean(),
  reachable: z.boolean().nullable(),
  brokers: z.number().nullable(),
  brokersMissing: z.number().nullable(),
  topics: z.number().nullable(),
  partitions: z.number().nullable(),
  offlinePartitions: z.number().nullable(),
  underMinIsrPartitions: z.number().nullable(),
  underReplicatedPartitions: z.number().nullable(),
  groups: z.number().nullable(),
  bytesInPerSecond: z.number().nullable(),
});
export type HubCluster = z.infer<typeof hubCluster>;

export const hubLink = z.object({
  console: consoleName,
  name: z.string(),
  source: z.string(),
  destination: z.string(),
  seenAt: timestampMs,
  stale: z.boolean(),
  state: linkState.nullable(),
  mirrors: z.number().nullable(),
  mirrorsFailed: z.number().nullable(),
  lagMessages: z.number().nullable(),
  maxLagSeconds: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
});
export type HubLink = z.infer<typeof hubLink>;

/** Worst first: silent ones, then by the gravest alert. */
export const hubConsoles = z.object({ now: timestampMs, consoles: z.array(hubConsole) });
export const hubClusters = z.object({ now: timestampMs, clusters: z.array(hubCluster) });
export type HubConsoles = z.infer<typeof hubConsoles>;
export type HubClusters = z.infer<typeof hubClusters>;
export const hubConsoleDetail = z.object({
  now: timestampMs,
  console: hubConsole,
  clusters: z.array(hubCluster),
  links: z.array(hubLink),
});
export type HubConsoleDetail = z.infer<typeof hubConsoleDetail>;
