// Words of the audit log as people read them.
import type { AuditActorKind, AuditObjectType } from '@/lib/contracts/audit';

const objects: Record<AuditObjectType, string> = {
  cluster: 'cluster',
  link: 'link',
  mirror: 'mirror',
  topic: 'topic',
  person: 'person',
  apiKey: 'API key',
  hubSender: 'key of a console',
  console: 'console',
  session: 'session',
  approval: 'approval',
  secretKey: 'secret key',
  auditLog: 'audit log',
  healthRule: 'health rule',
  silence: 'silence',
  alertChannel: 'alert channel',
  alert: 'alert',
  server: 'server',
  other: '',
};
export const objectTypeWord = (type: AuditObjectType): string => objects[type];

const actors: Record<AuditActorKind, string> = {
  person: 'a person',
  apiKey: 'an API key',
  hubSender: 'a console',
  anonymous: 'not signed in',
  engine: 'the link engine, by itself',
  system: 'the server itself',
};
export const actorKindWord = (kind: AuditActorKind): string => actors[kind];

/** Operations are recorded as "create link". */
export const sentence = (operation: string): string => operation.charAt(0).toUpperCase() + operation.slice(1);
