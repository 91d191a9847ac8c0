// SCRAM users, ACLs and quotas of a harness cluster, through Kafka's own admin client. Each call returns when a broker shows the
// change; others may follow some milliseconds later.
import { z } from 'zod';
import { callJava } from './java-service';

const done = z.object({});
type Place = { bootstrap: string };

export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

/** Adds a user or changes the password; clients that are signed in stay until they have to sign in again. */
export async function setScramUser(
  options: Place & { user: string; password: string; mechanisms?: ScramMechanism[]; iterations?: number },
): Promise<void> {
  const mechanisms = options.mechanisms ?? ['SCRAM-SHA-256', 'SCRAM-SHA-512'];
  await callJava('setScramUser', { ...options, mechanisms }, done);
}

export async function deleteScramUser(options: Place & { user: string }): Promise<void> {
  await callJava('deleteScramUser', options, done);
}

/** What the brokers allow each of them to a client id, as kafka-configs names it; null takes a limit away. Holds within moments. */
export async function setClientQuota(
  options: Place & {
    clientId: string;
    limits: Partial<
      Record<'producer_byte_rate' | 'consumer_byte_rate' | 'request_percentage', number | null>
    >;
  },
): Promise<void> {
  await callJava('setClientQuota', options, done);
}

const acl = z.object({
  /** "User:alice". */
  principal: z.string(),
  resourceType: z.enum(['TOPIC', 'GROUP', 'CLUSTER', 'TRANSACTIONAL_ID', 'DELEGATION_TOKEN', 'USER']),
  /** "kafka-cluster" of the cluster itself, "*" of all. */
  resourceName: z.string(),
  patternType: z.enum(['LITERAL', 'PREFIXED']),
  operation: z.enum([
    ...(['ALL', 'READ', 'WRITE', 'CREATE', 'DELETE', 'ALTER', 'DESCRIBE', 'CLUSTER_ACTION'] as const),
    ...([
      'DESCRIBE_CONFIGS',
      'ALTER_CONFIGS',
      'IDEMPOTENT_WRITE',
      'CREATE_TOKENS',
      'DESCRIBE_TOKENS',
    ] as const),
  ]),
  permission: z.enum(['ALLOW', 'DENY']),
  host: z.string(),
});
export type Acl = z.infer<typeof acl>;
/** Literal, ALLOW and from any host where not said otherwise. */
export type AclInput = Omit<Acl, 'patternType' | 'permission' | 'host'> & Partial<Acl>;

export async function addAcls(options: Place & { acls: AclInput[] }): Promise<void> {
  await callJava('addAcls', options, done);
}

/** Removes exactly these, and no others. */
export async function removeAcls(options: Place & { acls: AclInput[] }): Promise<void> {
  await callJava('removeAcls', options, done);
}

export function listAcls(place: Place): Promise<Acl[]> {
  return callJava('listAcls', place, z.array(acl));
}
