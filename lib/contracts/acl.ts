// Access control as Kafka's authorizers keep it: one binding says who may (or may not) do what with which resources, from where.
import { z } from 'zod';

export const aclResourceType = z.enum([
  'TOPIC',
  'GROUP',
  'CLUSTER',
  'TRANSACTIONAL_ID',
  'DELEGATION_TOKEN',
  'USER',
]);
export type AclResourceType = z.infer<typeof aclResourceType>;

export const aclPattern = z.enum(['LITERAL', 'PREFIXED']);
export type AclPattern = z.infer<typeof aclPattern>;

export const bindingOperation = z.enum([
  'ALL',
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
  'CREATE_TOKENS',
  'DESCRIBE_TOKENS',
  'TWO_PHASE_COMMIT',
]);
export type BindingOperation = z.infer<typeof bindingOperation>;

export const aclPermission = z.enum(['ALLOW', 'DENY']);

export const aclBinding = z.object({
  resourceType: aclResourceType,
  /** "*" LITERAL is every resource of the type. */
  resourceName: z.string(),
  patternType: aclPattern,
  /** "User:orders"; "User:*" is everybody. */
  principal: z.string(),
  /** "*" is every host. */
  host: z.string(),
  operation: bindingOperation,
  permission: aclPermission,
});
export type AclBinding = z.infer<typeof aclBinding>;

/** Two bindings with the same key are one to a cluster. */
export function bindingKey(b: AclBinding): string {
  return [b.resourceType, b.patternType, b.resourceName, b.principal, b.host, b.operation, b.permission].join(
    '\u0000',
  );
}

/** In words, as in messages and in the audit log. */
export function bindingText(b: AclBinding): string {
  const resource = b.resourceType.toLowerCase().replace('_', ' ');
  const name = b.resourceType === 'CLUSTER' ? '' : ` ${b.resourceName}`;
  const pattern = b.patternType === 'PREFIXED' ? ' (prefix)' : '';
  return `${b.permission} ${b.operation} on ${resource}${name}${pattern} for ${b.principal}${b.host === '*' ? '' : ` from ${b.host}`}`;
}

/**
 * What bindings that a link has added are for. LOCK: nobody but the link writes to its mirrors. FENCE: nobody writes to a source topic
 * any more. SYNC: brought over from the source.
 */
export const aclPurpose = z.enum(['LOCK', 'FENCE', 'SYNC']);
export type AclPurpose = z.infer<typeof aclPurpose>;

/**
 * Bindings that a link has added to one of its clusters, or was about to add: never one that stood there before. Only these does it ever
 * remove.
 */
export const heldAcls = z.object({
  purpose: aclPurpose,
  /** The topic that is locked or fenced; of SYNC, the resource as `TOPIC LITERAL orders`. */
  name: z.string(),
  bindings: z.array(aclBinding),
});
export type HeldAcls = z.infer<typeof heldAcls>;
