// The tables as kysely sees them. Instants are milliseconds, booleans 0 or 1, structured values JSON text checked by zod on read.
import type { Generated } from 'kysely';

export type ClusterTable = {
  name: string;
  /** JSON of a clusterConfig without its name; may hold a password, so it never leaves the store unfiltered. */
  config: string;
  createdAtMs: number;
  updatedAtMs: number;
};

export type LinkTable = {
  id: string;
  name: string;
  source: string;
  destination: string;
  sourceClusterId: string;
  destinationClusterId: string;
  /** JSON of the settings that differ from their default. */
  settings: string;
  /** Producer epoch at the last clean stop; null while an engine works the link, and after it died. */
  cleanStopEpoch: number | null;
  createdAtMs: number;
};

export type MirrorTable = {
  linkId: string;
  topic: string;
  sourceTopic: string;
  options: string;
  paused: number;
  sourceTopicId: string | null;
  /** JSON, partition → offset. */
  starts: string | null;
  created: number;
  /** Milliseconds; when the mirror last held all that the source had. */
  consistentAt: number | null;
  createdAtMs: number;
};

export type LinkEventTable = {
  id: Generated<number>;
  linkId: string;
  atMs: number;
  topic: string | null;
  partition: number | null;
  fromState: string | null;
  toState: string;
  message: string | null;
  actor: string;
};

export type AuditTable = {
  id: Generated<number>;
  /** Shared by the intent and the outcome of one operation. */
  operationId: string;
  kind: string;
  atMs: number;
  actor: string;
  operation: string;
  target: string;
  /** JSON; never holds a secret. */
  details: string | null;
  result: string | null;
  message: string | null;
};

export type Schema = {
  cluster: ClusterTable;
  link: LinkTable;
  mirror: MirrorTable;
  linkEvent: LinkEventTable;
  audit: AuditTable;
};
