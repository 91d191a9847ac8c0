// Operations as pages and programs read them, and the statement as a file. Pure.
import type { OperationDetail, OperationRow, OperationStatement } from '@/lib/contracts/operation';
import { csvCell } from '@/server/access/audit-export';
import type { StoredOperation } from '@/server/store/operations';
import type { CatalogLink } from './catalog';

/** An open one is as the engine last said, which the store need not have. */
export function newest(link: CatalogLink, stored: StoredOperation): StoredOperation {
  const open = link.mirrors.get(stored.topic)?.operation;
  return stored.outcome === null && open?.id === stored.id ? open : stored;
}

export function operationView(operation: StoredOperation): OperationRow {
  const { id, auditOperationId, topic, kind, options, reason, actor, outcome, message, steps } = operation;
  const open = outcome === null;
  return {
    ...{ id, auditOperationId, topic, kind, options, reason, actor, outcome, message, steps },
    startedAt: operation.startedAtMs,
    endedAt: operation.endedAtMs,
    missing: open ? null : (operation.statement?.missing ?? null),
    cancelAsked: operation.cancelAskedAtMs !== null,
    cancellable: open && operation.fencingAtMs === null,
  };
}

export const detailView = (operation: StoredOperation): OperationDetail => ({
  ...operationView(operation),
  // What is kept of an open one is a draft.
  statement: operation.outcome === null ? null : operation.statement,
  remake: operation.remake,
});

const columns = [
  'topic',
  'partition',
  'mirror_end',
  'fence',
  'fence_epoch',
  'source_last_stable',
  'source_end',
  'source_seen_at',
  'missing',
  'left',
  'note',
] as const;

/** One line for each partition; the same facts as in the JSON. */
export function statementCsv({ topic, partitions }: OperationStatement): string {
  const lines = partitions.map((one) =>
    [
      topic,
      one.partition,
      one.mirrorEnd,
      one.fence,
      one.epoch,
      one.sourceLastStable,
      one.sourceEnd,
      one.sourceSeenAt === null ? null : new Date(one.sourceSeenAt).toISOString(),
      one.missing ?? 'unknown',
      one.left
        .map(({ from, to, producerId }) => `${from}-${BigInt(to) - 1n} (producer ${producerId ?? '?'})`)
        .join(' '),
      one.note,
    ]
      .map(csvCell)
      .join(','),
  );
  return [columns.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}
