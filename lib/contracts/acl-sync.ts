// What a link does, or would do, about ACLs: shown before it is done.
import { z } from 'zod';
import { aclBinding, heldAcls } from './acl';
import { aclFiltersText, principalMapText } from './acl-filters';

/**
 * PRESENT: stands already. ADD: comes over. WITHHELD: comes when the mirror is promoted. REMOVE: was brought over and is gone at the source.
 * SKIPPED: never comes.
 */
export const aclAction = z.enum(['PRESENT', 'ADD', 'WITHHELD', 'REMOVE', 'SKIPPED']);
export type AclAction = z.infer<typeof aclAction>;

export const aclPlanRow = z.object({
  action: aclAction,
  /** As on the source; null where it is gone there. */
  from: aclBinding.nullable(),
  /** As on the destination. */
  binding: aclBinding,
  reason: z.string().nullable(),
});
export type AclPlanRow = z.infer<typeof aclPlanRow>;

export const aclPreview = z.object({
  /** How many ACLs each side shows; null where it could not be asked. */
  source: z.number().int().nullable(),
  destination: z.number().int().nullable(),
  /** Why a side could not be asked, and what to do. */
  problems: z.array(z.string()),
  counts: z.record(aclAction, z.number().int()),
  /** At most 1000, what changes first. */
  rows: z.array(aclPlanRow),
  /** Locks and fences that stand, and what was brought over. */
  held: z.array(heldAcls),
});
export type AclPreview = z.infer<typeof aclPreview>;

/** Settings to try; absent ones are the link's. */
export const aclPreviewQuery = z.object({
  filters: aclFiltersText.optional(),
  principals: principalMapText.optional(),
});

/** `lifted` is false when only validated. */
export const fenceLifted = z.object({ topic: z.string(), lifted: z.boolean(), message: z.string() });
