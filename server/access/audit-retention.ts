/**
 * Lets old rows of the audit log go without breaking its chain: a sealed cut says where the log begins now, and a row says
 * who cut it. Nothing is removed unless landbridge.yaml asks for it (audit.keepDays).
 */
import { cutAudit, lastRowBefore } from '@/server/store/audit';
import type { Store } from '@/server/store/store';
import type { Actor } from './actor';
import type { AuditLog } from './audit';
import { type ChainKey, sealOf } from './audit-chain';

export async function cutOldRows(options: {
  store: Store;
  audit: AuditLog;
  key: ChainKey;
  actor: Actor;
  olderThanMs: number;
  nowMs: number;
}): Promise<number> {
  const { store, audit, key, actor, olderThanMs, nowMs } = options;
  const last = await lastRowBefore(store.db, olderThanMs);
  if (!last) return 0;
  const point = { seq: last.seq, mac: last.mac };
  return store.transaction(async (trx) => {
    const removed = await cutAudit(trx, {
      ...point,
      cutAtMs: nowMs,
      keyId: key.id,
      seal: sealOf(key, 'cut', point),
    });
    const target = { type: 'auditLog', name: 'audit log', scope: { kind: 'everywhere' } } as const;
    const details = {
      throughRow: last.seq,
      mac: last.mac,
      removed,
      olderThan: new Date(olderThanMs).toISOString(),
    };
    await audit.record({ actor, operation: 'cut audit log', target, details }, { result: 'OK' }, trx);
    return removed;
  });
}
