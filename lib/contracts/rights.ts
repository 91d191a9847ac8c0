// The rights that a link needs on its two clusters, and which of them its principals hold.
import { z } from 'zod';

export const rightSide = z.enum(['SOURCE', 'DESTINATION']);
export type RightSide = z.infer<typeof rightSide>;

/** Kafka's own names (AclOperation). */
export const aclOperation = z.enum([
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
]);
export type AclOperation = z.infer<typeof aclOperation>;

export const aclResource = z.enum(['TOPIC', 'GROUP', 'CLUSTER', 'TRANSACTIONAL_ID']);
export type AclResource = z.infer<typeof aclResource>;

export const rightRow = z.object({
  side: rightSide,
  resource: aclResource,
  operation: aclOperation,
  /** NOT_NEEDED: nothing that this link does wants it. NOT_RUN: it could not be found out. */
  status: z.enum(['HELD', 'MISSING', 'NOT_NEEDED', 'NOT_RUN']),
  /** What the link does with it; where it isn't held, what that means and why nothing was seen. */
  message: z.string(),
  /** Topics for which it is missing; empty where it is about the whole cluster, or held. */
  topics: z.array(z.string()),
  /** The `kafka-acls` call that grants it. Null where it is held or not needed. */
  command: z.string().nullable(),
});
export type RightRow = z.infer<typeof rightRow>;

/** How gaps are filled on the destination, and how fast that was on the scratch topic. */
export const fillCheck = z.object({
  way: z.enum(['MARKERS', 'TRANSACTIONS']),
  /** Gaps that one partition can have filled one after the other, in a second. */
  gapsPerSecond: z.number(),
  /** Offsets that can be filled in a second when many wait. */
  offsetsPerSecond: z.number(),
});
export type FillCheck = z.infer<typeof fillCheck>;
