// Stores how far the engine is with promotes and failovers, and what became of them: the operation, its mirror, the timeline and the audit log in one transaction.
import type { FromEngine } from '@/lib/contracts/engine';
import type { OperationKind, StoppedMirror } from '@/lib/contracts/operation';
import { isRemake } from '@/lib/contracts/remake';
import type { AuditLog, Operation } from '@/server/access/audit';
import { insertLinkEvents } from '@/server/store/link-events';
import { deleteMirror, setMirrorRemade, setMirrorStopped } from '@/server/store/mirrors';
import { recordProgress, type StoredOperation } from '@/server/store/operations';
import type { Executor } from '@/server/store/store';
import type { Catalog } from './catalog';
import { mirrorTargetOf } from './link-operations';

export type OperationMessage = Extract<FromEngine, { type: 'operation' }>;

export const operationVerb = {
  PROMOTE: 'promote',
  FAILOVER: 'failover',
  REVERSE: 'reverse',
  RESEED: 're-seed',
  FAILBACK: 'failback',
} as const;

/** @returns what to tell the engine: null when it is stored */
export async function storeProgress(
  trx: Executor,
  parts: { catalog: Catalog; audit: AuditLog },
  message: OperationMessage,
): Promise<string | null> {
  const operation = await recordProgress(trx, message);
  if (operation === null) return 'The operation is not open any more.';
  if (message.facts) await setMirrorRemade(trx, operation.linkId, operation.topic, message.facts);
  if (operation.outcome === null) return null;
  const { linkId, topic, kind } = operation;
  // Nothing was deleted: the mirror that was put on the link for it was none, and is none.
  if (kind === 'FAILBACK' && operation.outcome !== 'DONE' && operation.fencingAtMs === null)
    await deleteMirror(trx, linkId, topic);
  if (!isRemake(kind) && operation.outcome === 'DONE')
    await setMirrorStopped(trx, linkId, topic, stoppedBy(operation, kind, message));
  const entry = endOf(parts.catalog, operation);
  const ending = {
    result: operation.outcome === 'DONE' ? ('OK' as const) : ('FAILED' as const),
    ...(operation.message === null ? {} : { message: operation.message }),
  };
  const operationId = entry && (await parts.audit.record(entry, ending, trx));
  await insertLinkEvents(trx, [
    {
      linkId: operation.linkId,
      at: message.at,
      topic: operation.topic,
      partition: null,
      from: null,
      to: `${operation.kind}_${operation.outcome}`,
      message: operation.message,
      actor: 'engine',
      operationId,
    },
  ]);
  return null;
}

function stoppedBy(
  { id }: StoredOperation,
  how: OperationKind,
  { statement, at }: OperationMessage,
): StoppedMirror {
  return {
    ...{ at: Math.trunc(at), how, operationId: id },
    partitions: statement?.partitions.length ?? 0,
    missing: statement?.missing ?? null,
  };
}

/** For the audit log; null when the link is gone. */
function endOf(catalog: Catalog, operation: StoredOperation): Operation | null {
  const link = catalog.linkById(operation.linkId);
  if (!link) return null;
  const { topic, kind, outcome, statement, remake } = operation;
  const mirror = link.mirrors.get(topic);
  return {
    actor: { kind: 'engine' },
    operation: `end ${operationVerb[kind]} of mirror`,
    target: mirrorTargetOf(link, topic),
    reason: operation.reason,
    details: {
      operation: operation.id,
      askedBy: operation.actor,
      askedIn: operation.auditOperationId,
      ...(statement === null ? {} : { missing: statement.missing, notes: statement.notes }),
      ...(remake === null ? {} : { work: remake.work }),
    },
    before: { mirrorOf: `${link.source}/${mirror?.sourceTopic ?? topic}` },
    after:
      outcome === 'DONE' && !isRemake(kind)
        ? { state: 'STOPPED', configs: statement?.configs ?? {} }
        : { mirrorOf: `${link.source}/${mirror?.sourceTopic ?? topic}` },
  };
}
