// Which rights a link needs on topics, for what, and how they are granted. Pure; docs/permissions.md says the same to operators.
import { X509Certificate } from 'node:crypto';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { AclOperation, AclResource, RightSide } from '@/lib/contracts/rights';

export type TopicRight = {
  operation: AclOperation;
  /** What the link does with it. */
  use: string;
  /** Without it nothing is mirrored; otherwise the mirror goes on, but for what `use` says. */
  vital: boolean;
};

/** CREATE is asked by a creation that is only validated: it may be held on the cluster, and ends with the creation. */
export const TOPIC_RIGHTS: Record<RightSide, readonly TopicRight[]> = {
  SOURCE: [
    { operation: 'READ', use: 'reads the records, and sees partitions and offsets', vital: true },
    {
      operation: 'DESCRIBE_CONFIGS',
      use: 'reads the configs that the mirror must share, whenever it is set up: at its creation, at a start, when the topic grows',
      vital: false,
    },
  ],
  DESTINATION: [
    { operation: 'WRITE', use: 'appends the records', vital: true },
    {
      operation: 'READ',
      use: 'reads at every start and after every error how far the mirror is',
      vital: true,
    },
    {
      operation: 'DELETE',
      use: 'deletes records in front of the log start of the source (and the topic only where an approver asks for that)',
      vital: false,
    },
    { operation: 'ALTER', use: 'adds partitions when the source has more', vital: false },
    {
      operation: 'ALTER_CONFIGS',
      use: 'reads and sets what mirroring needs on a topic that exists, and follows what changes at the source',
      vital: false,
    },
  ],
};

/** AclOperation's codes: the bits of authorised operations in Metadata (KIP-430). */
const BITS: Record<AclOperation, number> = {
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
};

export function allows(operations: number, operation: AclOperation): boolean {
  return (operations & (1 << BITS[operation])) !== 0;
}

/** @param operations as Metadata tells them; null for a topic that may not be seen: what includes DESCRIBE is missing then, of configs nothing is known */
export function missingTopicRights(side: RightSide, operations: number | null): readonly TopicRight[] {
  const needed = TOPIC_RIGHTS[side];
  if (operations === null) return needed.filter(({ operation }) => !operation.endsWith('_CONFIGS'));
  return needed.filter(({ operation }) => !allows(operations, operation));
}

/** The principal as authorizers name it by default; null where only the cluster knows (OAuth, mapping rules). */
export function principalOf({ security }: ClusterConfig): string | null {
  const { protocol, sasl, tls } = security;
  if (sasl) return 'username' in sasl ? `User:${sasl.username}` : null;
  if (protocol === 'PLAINTEXT' || (protocol === 'SSL' && !tls?.cert))
    return tls?.certFile ? null : 'User:ANONYMOUS';
  return tls?.cert ? subjectOf(tls.cert) : null;
}

function subjectOf(pem: string): string | null {
  try {
    // Most specific part first, as Java writes it.
    const parts = new X509Certificate(pem).subject.split('\n').reverse();
    return `User:${parts.join(',')}`;
  } catch {
    return null;
  }
}

const RESOURCE_OPTIONS: Record<AclResource, string> = {
  TOPIC: '--topic',
  GROUP: '--group',
  CLUSTER: '--cluster',
  TRANSACTIONAL_ID: '--transactional-id',
};

/** READ → Read, ALTER_CONFIGS → AlterConfigs. */
const spoken = (operation: AclOperation) =>
  operation
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');

/** The `kafka-acls` call that grants operations to the cluster's principal; one for all names. */
export function grantCommand(
  cluster: ClusterConfig,
  resource: AclResource,
  operations: readonly AclOperation[],
  names: readonly string[],
  prefixed = false,
): string {
  const option = RESOURCE_OPTIONS[resource];
  const resources = resource === 'CLUSTER' ? option : names.map((name) => `${option} '${name}'`).join(' ');
  return [
    `kafka-acls.sh --bootstrap-server ${cluster.bootstrapServers.join(',')} --command-config admin.properties`,
    `--add --allow-principal '${principalOf(cluster) ?? 'User:<principal>'}'`,
    operations.map((operation) => `--operation ${spoken(operation)}`).join(' '),
    resources,
    ...(prefixed ? ['--resource-pattern-type prefixed'] : []),
  ].join(' ');
}

/** What a mirror says of rights that its link misses. Null when none is. */
export function missingMessage(
  side: RightSide,
  cluster: ClusterConfig,
  topic: string,
  missing: readonly TopicRight[],
): string | null {
  if (missing.length === 0) return null;
  const names = missing.map(({ operation }) => operation).join(', ');
  const uses = missing.map(({ operation, use }) => `${use} (${operation})`).join('; ');
  const command = grantCommand(
    cluster,
    'TOPIC',
    missing.map(({ operation }) => operation),
    [topic],
  );
  return (
    `The link's principal ${principalOf(cluster) ?? ''} lacks ${names} on topic ${topic} of ${cluster.name} (${side.toLowerCase()}), with which it ${uses}. ` +
    `Grant it: ${command}. It is noticed by itself.`
  ).replace('principal  lacks', 'principal lacks');
}
