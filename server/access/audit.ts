// The audit port: what cannot be written here does not happen. Operations call it; nobody writes audit rows elsewhere.
import { randomUUID } from 'node:crypto';
import { insertIntent, insertOutcome } from '@/server/store/audit';
import type { Executor, Store } from '@/server/store/store';
import { type Actor, actorName } from './actor';

export type Operation = {
  actor: Actor;
  /** Verb and noun, such as "create link". */
  operation: string;
  /** What it acts on, such as "link orders on east". */
  target: string;
  details?: Record<string, unknown>;
};

export type AuditPort = {
  /**
   * A change that talks to brokers first: the intent is committed before `work` starts, the outcome after it, whether it
   * succeeded or not. A crash in between leaves an intent without outcome.
   */
  around<T>(operation: Operation, work: () => Promise<T>): Promise<T>;
  /** A change to the store alone: both rows commit with it, or nothing does. */
  within<T>(operation: Operation, change: (trx: Executor) => Promise<T>): Promise<T>;
};

export function createAudit(store: Store, nowMs: () => number = Date.now): AuditPort {
  const base = (operation: Operation) => ({
    operationId: randomUUID(),
    actor: actorName(operation.actor),
    operation: operation.operation,
    target: operation.target,
  });
  return {
    async around(operation, work) {
      const row = base(operation);
      await insertIntent(store.db, { ...row, atMs: nowMs(), details: operation.details ?? null });
      try {
        const value = await work();
        await insertOutcome(store.db, { ...row, atMs: nowMs(), result: 'OK', message: null });
        return value;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        await insertOutcome(store.db, { ...row, atMs: nowMs(), result: 'FAILED', message });
        throw error;
      }
    },
    within(operation, change) {
      const row = base(operation);
      return store.transaction(async (trx) => {
        await insertIntent(trx, { ...row, atMs: nowMs(), details: operation.details ?? null });
        const value = await change(trx);
        await insertOutcome(trx, { ...row, atMs: nowMs(), result: 'OK', message: null });
        return value;
      });
    },
  };
}
