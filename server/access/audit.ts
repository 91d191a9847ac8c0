// The audit port: what cannot be written here does not happen. Operations call it; nobody writes audit rows elsewhere.
import { randomUUID } from 'node:crypto';
import type { AuditObjectType, AuditResult, AuditSeverity } from '@/lib/contracts/audit';
import type { Target } from '@/lib/grants';
import { isLandbridgeError, LandbridgeError, repeatsOthers } from '@/server/errors';
import type { Log } from '@/server/log';
import type { Executor, Store } from '@/server/store/store';
import type { Actor } from './actor';
import type { AuditChain, NewAuditRow } from './audit-chain';
import { currentRequest } from './audit-context';
import { type Refusal, RefusalCounter } from './audit-refusals';
import { rowOf } from './audit-row';
import { scrub } from './scrub';

export type AuditTarget = {
  type: AuditObjectType;
  /** As people know it, such as "orders (west → east)". */
  name: string;
  /** Who may see the entry: whoever may see this. `everywhere` is for administrators only. */
  scope: Target;
};

export type Operation = {
  actor: Actor;
  /** Verb and noun, such as "create link". */
  operation: string;
  /** What it acts on. A bare text is seen by administrators only. */
  target: string | AuditTarget;
  /** What was asked for. Nothing here is ever secret: see audit-masking.ts. */
  details?: object;
  before?: object | null;
  after?: object | null;
  severity?: AuditSeverity;
  /** Why, as typed by the person. */
  reason?: string | null;
};

/** What only the work itself finds out: stands with the outcome. */
export type Finding = Pick<Operation, 'before' | 'after' | 'details'> & { message?: string };

export type OpenEntry = {
  /** Of both rows; for timelines that point at the entry. */
  readonly operationId: string;
  note(finding: Finding): void;
};

export type AuditPort = {
  /**
   * A change that talks to brokers first: the intent is committed before `work` starts, the outcome after it, whether it
   * succeeded or not. A crash in between leaves an intent without outcome, to which the next start adds what it observes.
   *
   * @throws LandbridgeError AUDIT_UNAVAILABLE when the intent cannot be written: `work` has not been called then
   */
  around<T>(operation: Operation, work: (entry: OpenEntry) => Promise<T>): Promise<T>;
  /** A change to the store alone: both rows commit with it, or nothing does. One that fails is recorded by itself. */
  within<T>(operation: Operation, change: (trx: Executor, entry: OpenEntry) => Promise<T>): Promise<T>;
  /** What has happened already, or happens with `trx`: one row. @returns its operation id */
  record(operation: Operation, ending?: Ending, trx?: Executor): Promise<string>;
  /** Somebody was turned away: counted, and written as one row a minute. */
  refused(refusal: Refusal): void;
  /** For work that ends elsewhere, such as a download. */
  begin(operation: Operation): Promise<{ operationId: string; end(ending: Ending): Promise<void> }>;
};

export type Ending = Finding & { result: AuditResult };

/** Outcomes that the store did not take are tried again; more than this are left to the next start. */
const unwrittenKept = 1_000;

export class AuditLog implements AuditPort {
  readonly #store: Store;
  readonly #chain: AuditChain;
  readonly #log: Log;
  readonly #nowMs: () => number;
  /** Intents of this process whose work goes on. */
  readonly #open = new Set<string>();
  #refusals: RefusalCounter;
  #unwritten: NewAuditRow[] = [];

  constructor(options: { store: Store; chain: AuditChain; log: Log; nowMs?: () => number }) {
    this.#store = options.store;
    this.#chain = options.chain;
    this.#log = options.log;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#refusals = new RefusalCounter(this.#nowMs());
  }

  /** Told from those that nobody works on any more. */
  isOpen(operationId: string): boolean {
    return this.#open.has(operationId);
  }

  async around<T>(operation: Operation, work: (entry: OpenEntry) => Promise<T>): Promise<T> {
    const { operationId, end } = await this.begin(operation);
    const found: Finding = {};
    const note = (finding: Finding) => void Object.assign(found, finding);
    let value: T;
    try {
      value = await work({ operationId, note });
    } catch (error) {
      await end({ ...found, result: 'FAILED', message: messageOf(error) });
      throw error;
    }
    await end({ ...found, result: 'OK' });
    return value;
  }

  async within<T>(operation: Operation, change: (trx: Executor, entry: OpenEntry) => Promise<T>): Promise<T> {
    const operationId = randomUUID();
    const found: Finding = {};
    const note = (finding: Finding) => void Object.assign(found, finding);
    const intent = this.#row(operationId, 'INTENT', operation);
    let asked = false;
    try {
      return await this.#store.transaction(async (trx) => {
        await this.#append(trx, [intent]);
        asked = true;
        const value = await change(trx, { operationId, note });
        await this.#append(trx, [this.#outcome(operationId, operation, { ...found, result: 'OK' })]);
        return value;
      });
    } catch (error) {
      // Where not even the intent could be written, a second try would say no more.
      if (asked)
        await this.#write([
          intent,
          this.#outcome(operationId, operation, { result: 'FAILED', message: messageOf(error) }),
        ]);
      throw error;
    }
  }

  async record(operation: Operation, ending: Ending = { result: 'OK' }, trx?: Executor): Promise<string> {
    const operationId = randomUUID();
    const { result, message, ...found } = ending;
    const row = this.#row(operationId, 'EVENT', { ...operation, ...found }, { result, message });
    if (trx) await this.#append(trx, [row]);
    else await this.#store.transaction((own) => this.#append(own, [row]));
    return operationId;
  }

  async begin(operation: Operation) {
    const operationId = randomUUID();
    const intent = this.#row(operationId, 'INTENT', operation);
    await this.#store.transaction((trx) => this.#append(trx, [intent]));
    this.#open.add(operationId);
    const end = async (ending: Ending): Promise<void> => {
      await this.#write([this.#outcome(operationId, operation, ending)]);
      this.#open.delete(operationId);
    };
    return { operationId, end };
  }

  refused(refusal: Refusal): void {
    this.#refusals.count(refusal);
  }

  /** One row for all that were turned away since the last; none when nobody was. */
  async recordRefusals(): Promise<void> {
    const nowMs = this.#nowMs();
    const counted = this.#refusals;
    const summary = counted.summary(nowMs);
    if (!summary) return;
    // Whoever is refused while this is written stands in the next row.
    this.#refusals = new RefusalCounter(nowMs);
    try {
      await this.record(summary, { result: 'REFUSED' });
    } catch (error) {
      counted.take(this.#refusals);
      this.#refusals = counted;
      throw error;
    }
  }

  /** Rows that stand for themselves, such as those of the reconciler; all or none. */
  async append(rows: readonly NewAuditRow[]): Promise<void> {
    await this.#store.transaction((trx) => this.#append(trx, rows));
  }

  /** Writes outcomes that could not be written when they were due. */
  async retryUnwritten(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    const rows = this.#unwritten;
    this.#unwritten = [];
    await this.#write(rows);
  }

  /** The work is done and cannot be taken back: the rows are kept and tried again, and nobody is told a lie. */
  async #write(rows: readonly NewAuditRow[]): Promise<void> {
    try {
      await this.append(rows);
    } catch (error) {
      this.#unwritten.push(...rows);
      const lost = this.#unwritten.splice(unwrittenKept).length;
      const rest = lost === 0 ? '' : ` ${lost} more are left to the next start.`;
      this.#log(
        'error',
        `The outcome of "${rows[0]?.operation}" cannot be written to the audit log; tried again.${rest}`,
        error,
      );
    }
  }

  async #append(trx: Executor, rows: readonly NewAuditRow[]): Promise<void> {
    try {
      await this.#chain.append(trx, rows);
    } catch (cause) {
      throw new LandbridgeError(
        'AUDIT_UNAVAILABLE',
        'The audit log cannot be written, so nothing was done. Look at the server’s log and at the disk of its data directory.',
        { cause },
      );
    }
  }

  #outcome(operationId: string, operation: Operation, { result, message, ...found }: Ending): NewAuditRow {
    // What was asked for stands with the intent.
    const { details: _, before: __, after: ___, reason: ____, ...rest } = operation;
    return this.#row(operationId, 'OUTCOME', { ...rest, ...found }, { result, message });
  }

  #row(
    operationId: string,
    kind: 'INTENT' | 'OUTCOME' | 'EVENT',
    operation: Operation,
    ending: { result?: AuditResult; message?: string | undefined } = {},
  ): NewAuditRow {
    return rowOf(operation, {
      operationId,
      kind,
      atMs: this.#nowMs(),
      result: ending.result ?? null,
      message: ending.message ?? null,
      requestId: currentRequest()?.requestId ?? null,
    });
  }
}

/** Words of our own may repeat what somebody has typed: see `repeatsOthers`. */
function messageOf(error: unknown): string {
  if (isLandbridgeError(error) && !repeatsOthers(error.code)) return error.message;
  return scrub(error instanceof Error ? error.message : String(error));
}
