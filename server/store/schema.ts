// The tables as kysely sees them. Instants are milliseconds, booleans 0 or 1, structured values JSON text checked by zod on read.
import type { Generated } from 'kysely';

export type ClusterTable = {
  name: string;
  /** JSON of a clusterConfig without its name, secrets sealed one by one (server/access/sealed-config.ts). */
  config: string;
  createdAtMs: number;
  updatedAtMs: number;
};

export type HealthSettingTable = {
  kind: string;
  id: string;
  /** JSON by kind; of a channel sealed. */
  value: string;
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
  /** Of the topic that was created or adopted. */
  destinationTopicId: string | null;
  /** Milliseconds; when the mirror last held all that the source had. */
  consistentAt: number | null;
  createdAtMs: number;
  /** JSON of `sourceAdvice`. */
  advice: string | null;
  /** JSON of `stoppedMirror`; null while it mirrors. */
  stopped: string | null;
  /** What the engine said it has verified, in its own words. */
  verified: string | null;
  /** JSON of the last sweep. */
  sweep: string | null;
  /** JSON of a list of `acceptedLoss`; null: none. */
  acceptedLosses: string | null;
  /** JSON of `turnedMirror`. */
  turn: string | null;
};

export type MirrorDifferenceTable = {
  linkId: string;
  topic: string;
  partition: number;
  foundAtMs: number;
  /** JSON of a `differenceReport`. */
  report: string;
};

export type RemovedMirrorTable = {
  linkId: string;
  sourceTopic: string;
  topic: string;
  atMs: number;
  /** Who took it off. */
  actor: string;
};

export type TopicDeletionTable = {
  clusterId: string;
  topic: string;
  topicId: string;
  /** Name of the registered cluster. */
  cluster: string;
  /** Of the link that had mirrored it; it may be gone. */
  linkId: string;
  link: string;
  /** Who asked. */
  actor: string;
  /** The audit entry of the request; topics that were asked for together share it. */
  auditOperationId: string;
  askedAtMs: number;
};

export type OperationTable = {
  id: string;
  linkId: string;
  topic: string;
  kind: string;
  /** JSON of `operationOptions`. */
  options: string;
  reason: string | null;
  actor: string;
  /** The audit entry of the request; mirrors that were asked for together share it. */
  auditOperationId: string;
  startedAtMs: number;
  cancelAskedAtMs: number | null;
  /** Since then there may be a fence: there is no way back. */
  fencingAtMs: number | null;
  endedAtMs: number | null;
  outcome: string | null;
  message: string | null;
  /** JSON, in order. */
  steps: string;
  /** JSON of `operationStatement`. */
  statement: string | null;
  /** JSON of `storedRemake`; null of operations that make no topic anew. */
  remake: string | null;
};

export type HeldAclsTable = {
  linkId: string;
  purpose: string;
  name: string;
  /** JSON of `aclBinding`s. */
  bindings: string;
};

export type GroupMemoryTable = {
  linkId: string;
  groupName: string;
  /** JSON that only the engine reads (server/link/groups/group-memory.ts). */
  memory: string;
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
  /** The audit entry that this belongs to. */
  operationId: string | null;
};

/** A row as it is authenticated: every column but the mac, in the table's order. */
export type AuditTable = {
  /** Counts up by one; a gap is a removed row. */
  seq: number;
  /** Shared by the intent and the outcome of one operation. */
  operationId: string;
  kind: string;
  atMs: number;
  actorKind: string;
  actorId: string | null;
  actorName: string;
  sessionId: string | null;
  address: string | null;
  operation: string;
  objectType: string;
  objectName: string;
  /** The cluster, or the source of the link, that the row concerns. */
  cluster: string | null;
  destination: string | null;
  link: string | null;
  severity: string;
  reason: string | null;
  /** JSON; never holds a secret, nor do `before` and `after`. */
  details: string | null;
  before: string | null;
  after: string | null;
  result: string | null;
  message: string | null;
  requestId: string | null;
  keyId: string;
  /** HMAC-SHA-256 over the mac of the row before and this row, in hexadecimal. */
  mac: string;
};

export type AuditHeadTable = {
  id: number;
  /** Names this log for ever, also when its first rows are gone. */
  log: string;
  seq: number;
  mac: string;
  keyId: string;
  seal: string;
};

export type AuditKeyTable = { keyId: string; sealed: string; createdAtMs: number };

export type AuditCutTable = { seq: number; mac: string; cutAtMs: number; keyId: string; seal: string };

/** Rows from before the chain (migration 1); empty after the first start with it. */
export type AuditUnchainedTable = {
  id: Generated<number>;
  operationId: string;
  kind: string;
  atMs: number;
  actor: string;
  operation: string;
  target: string;
  details: string | null;
  result: string | null;
  message: string | null;
};

export type PersonTable = {
  id: string;
  userName: string;
  /** As compared: NFKC, lower case. */
  userNameFolded: string;
  displayName: string;
  /** Both set for people of an OIDC provider, both null for local accounts. */
  issuer: string | null;
  subject: string | null;
  /** argon2id in PHC form; null for people of a provider and until an invitation is taken up. */
  passwordHash: string | null;
  /** JSON of `grants`. */
  grants: string;
  grantsFrom: string;
  disabled: number;
  /** Sealed by the secret box. */
  totpSecret: string | null;
  createdAtMs: number;
  updatedAtMs: number;
  lastSignInAtMs: number | null;
  /** JSON of `sponsors`; null: nobody. */
  sponsors: string | null;
};

export type SessionTable = {
  /** SHA-256 of the id that the browser holds. */
  id: string;
  personId: string;
  signedInAtMs: number;
  lastSeenAtMs: number;
  expiresAtMs: number;
  endedAtMs: number | null;
  endedWhy: string | null;
  address: string | null;
  userAgent: string | null;
  /** When a password was typed, here or at the provider; null: the provider has not said. */
  authenticatedAtMs: number | null;
};

export type SignInFailureTable = { subject: string; failures: number; lastAtMs: number };

export type OneTimeLinkTable = {
  /** SHA-256 of the token in the link. */
  id: string;
  purpose: string;
  personId: string | null;
  createdAtMs: number;
  expiresAtMs: number;
  usedAtMs: number | null;
};

export type ApiKeyTable = {
  id: string;
  name: string;
  secretHash: string;
  /** JSON of one `grant`. */
  grant: string;
  createdAtMs: number;
  createdBy: string;
  expiresAtMs: number | null;
  revokedAtMs: number | null;
  lastUsedAtMs: number | null;
  lastUsedFrom: string | null;
};

export type HubSenderTable = {
  id: string;
  /** Name of the console on this hub; several keys may be of one console. */
  console: string;
  secretHash: string;
  createdAtMs: number;
  createdBy: string;
  revokedAtMs: number | null;
  lastUsedAtMs: number | null;
  lastUsedFrom: string | null;
};

export type ApprovalTable = {
  id: string;
  operation: string;
  target: string;
  /** JSON of what was asked for, with the dry run's facts, as shown to the second person. */
  request: string;
  /** SHA-256 over operation, targets and dry-run facts: the approval holds for exactly these. */
  hash: string;
  reason: string | null;
  requestedBy: string;
  requestedByName: string;
  requestedAtMs: number;
  expiresAtMs: number;
  state: string;
  decidedBy: string | null;
  decidedByName: string | null;
  decidedAtMs: number | null;
  usedAtMs: number | null;
};

export type SecretKeyTable = {
  /** Always 1: there is one row. */
  id: number;
  keyId: string;
  /** Where the key was when it was last used. */
  place: string;
  /** Null until no plain secret is left in the file. */
  sealedSinceMs: number | null;
};

export type Schema = {
  secretKey: SecretKeyTable;
  person: PersonTable;
  session: SessionTable;
  signInFailure: SignInFailureTable;
  oneTimeLink: OneTimeLinkTable;
  apiKey: ApiKeyTable;
  hubSender: HubSenderTable;
  healthSetting: HealthSettingTable;
  approval: ApprovalTable;
  cluster: ClusterTable;
  link: LinkTable;
  mirror: MirrorTable;
  removedMirror: RemovedMirrorTable;
  topicDeletion: TopicDeletionTable;
  operation: OperationTable;
  mirrorDifference: MirrorDifferenceTable;
  heldAcls: HeldAclsTable;
  groupMemory: GroupMemoryTable;
  linkEvent: LinkEventTable;
  audit: AuditTable;
  auditHead: AuditHeadTable;
  auditKey: AuditKeyTable;
  auditCut: AuditCutTable;
  auditUnchained: AuditUnchainedTable;
};
