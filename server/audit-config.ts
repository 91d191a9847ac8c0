// The part of landbridge.yaml that is about the audit log: how long it is kept, and where its anchors go.
import { z } from 'zod';
import { objectName, topicName } from '@/lib/contracts/common';

export const auditFile = z.strictObject({
  /** Older rows are removed once an hour, up to a sealed cut; without this nothing is ever removed. */
  keepDays: z.int().min(1).max(36_500).nullable().default(null),
  /** A topic on a cluster that an intruder of this machine cannot rewrite. */
  anchor: z.strictObject({ cluster: objectName, topic: topicName }).nullable().default(null),
});
export type AuditConfig = z.infer<typeof auditFile>;

export const defaultAudit: AuditConfig = { keepDays: null, anchor: null };
