/**
 * What people do with requests for a second person's word: see, confirm, reject, withdraw, or go ahead alone. They are made
 * and used by operations, through approval-guard.ts.
 */
import type { ApprovalDetail, ApprovalView } from '@/lib/contracts/access';
import { holds } from '@/lib/grants';
import { LandbridgeError } from '@/server/errors';
import { approvalsShown, approvalUseMs } from '@/server/intervals';
import { approvalById, listApprovals, moveApproval, type StoredApproval } from '@/server/store/approvals';
import { listPeople, personById } from '@/server/store/people';
import type { Executor, Store } from '@/server/store/store';
import type { Actor, PersonActor } from './actor';
import { type Judge, refusalOf, type Step } from './approval-steps';
import {
  approvalDetail,
  approvalHash,
  approvalOperation,
  approvalView,
  type FactsOf,
  readApproval,
} from './approval-views';
import type { AuditPort } from './audit';
import { maySee } from './authorise';
import { dependenceOf, sameHand, settleUnvouched } from './vouching';

export class Approvals {
  readonly #store: Store;
  readonly #audit: AuditPort;
  readonly #factsOf: FactsOf;
  readonly #nowMs: () => number;

  constructor(options: { store: Store; audit: AuditPort; factsOf: FactsOf; nowMs?: () => number }) {
    this.#store = options.store;
    this.#audit = options.audit;
    this.#factsOf = options.factsOf;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  async list(actor: Actor): Promise<ApprovalView[]> {
    const rows = await listApprovals(this.#store.db, approvalsShown);
    const judge = await this.#judge(actor);
    return rows
      .filter((row) => maySee(actor, readApproval(row).target))
      .map((row) => approvalView(row, judge));
  }

  async get(actor: Actor, id: string): Promise<ApprovalDetail> {
    return approvalDetail(await this.#visible(actor, id), await this.#judge(actor));
  }

  async confirm(actor: Actor, id: string): Promise<ApprovalDetail> {
    const { row, person } = await this.#allowed(actor, id, 'confirm');
    const operation = approvalOperation(actor, 'confirm', row);
    const stale = await this.#audit.within(operation, async (trx, entry) => {
      await this.#requireStillApprover(trx, person, row);
      await this.#requireIndependent(trx, person, row);
      if (this.#hashNow(row) !== row.hash) {
        await moveApproval(trx, id, 'PENDING', { state: 'STALE' });
        entry.note({ message: 'Not confirmed: the facts have changed since it was asked for.' });
        return true;
      }
      await this.#decide(trx, row, person, {
        state: 'CONFIRMED',
        expiresAtMs: this.#nowMs() + approvalUseMs,
      });
      return false;
    });
    if (stale) throw closed('What was asked for looks different now. It must be asked for again.');
    return this.get(actor, id);
  }

  async reject(actor: Actor, id: string, reason: string): Promise<ApprovalDetail> {
    const { row, person } = await this.#allowed(actor, id, 'reject');
    await this.#audit.within({ ...approvalOperation(actor, 'reject', row), reason }, (trx) =>
      this.#decide(trx, row, person, { state: 'REJECTED', reason }),
    );
    return this.get(actor, id);
  }

  async withdraw(actor: Actor, id: string): Promise<ApprovalDetail> {
    const { row } = await this.#allowed(actor, id, 'withdraw');
    await this.#audit.within(approvalOperation(actor, 'withdraw', row), async (trx) => {
      if (!(await moveApproval(trx, id, row.state, { state: 'WITHDRAWN' }))) throw closed(changedMeanwhile);
    });
    return this.get(actor, id);
  }

  /** For one person at three in the morning: goes ahead alone, and everybody will read why. */
  async breakGlass(actor: Actor, id: string, reason: string): Promise<ApprovalDetail> {
    const { row, person } = await this.#allowed(actor, id, 'breakGlass');
    const operation = { ...approvalOperation(actor, 'break the glass for', row), reason };
    await this.#audit.within({ ...operation, severity: 'CRITICAL' }, async (trx) => {
      await this.#requireStillApprover(trx, person, row);
      const to = { state: 'BROKEN_GLASS' as const, reason, expiresAtMs: this.#nowMs() + approvalUseMs };
      await this.#decide(trx, row, person, to);
    });
    return this.get(actor, id);
  }

  /** Read in the transaction: the session may be a moment behind. */
  async #requireStillApprover(trx: Executor, actor: PersonActor, row: StoredApproval): Promise<void> {
    const person = await personById(trx, actor.id);
    if (person && !person.disabled && holds(person.grants, 'approver', readApproval(row).target)) return;
    throw new LandbridgeError('FORBIDDEN', `${actor.name} does not hold the role approver any more.`);
  }

  async #requireIndependent(trx: Executor, { id }: PersonActor, row: StoredApproval): Promise<void> {
    const alone =
      (await dependenceOf(trx, id, this.#nowMs())) ?? sameHand(await personById(trx, row.requestedBy), id);
    if (alone) throw new LandbridgeError(alone.code, alone.why);
  }

  async #judge(actor: Actor): Promise<Judge> {
    const nowMs = this.#nowMs();
    if (actor.kind !== 'person') return { actor, dependent: null, sameHandAs: () => null, nowMs };
    const { db } = this.#store;
    await settleUnvouched(db, nowMs);
    const dependent = await dependenceOf(db, actor.id, nowMs);
    const people = new Map((await listPeople(db)).map((person) => [person.id, person]));
    const sameHandAs = (askerId: string) => sameHand(people.get(askerId) ?? null, actor.id);
    return { actor, dependent, sameHandAs, nowMs };
  }

  async #decide(
    trx: Executor,
    row: StoredApproval,
    person: PersonActor,
    to: Partial<StoredApproval> & Pick<StoredApproval, 'state'>,
  ): Promise<void> {
    const decided = { decidedBy: person.id, decidedByName: person.name, decidedAtMs: this.#nowMs() };
    if (!(await moveApproval(trx, row.id, 'PENDING', { ...decided, ...to }))) throw closed(changedMeanwhile);
  }

  async #visible(actor: Actor, id: string): Promise<StoredApproval> {
    const row = await approvalById(this.#store.db, id);
    if (row && maySee(actor, readApproval(row).target)) return row;
    throw new LandbridgeError('APPROVAL_NOT_FOUND', `There is no request "${id}" for an approval.`);
  }

  async #allowed(
    actor: Actor,
    id: string,
    step: Step,
  ): Promise<{ row: StoredApproval; person: PersonActor }> {
    const row = await this.#visible(actor, id);
    const refusal = refusalOf(step, row, readApproval(row).target, await this.#judge(actor));
    if (refusal) throw new LandbridgeError(refusal.code, refusal.why);
    if (actor.kind !== 'person') throw new Error(`A step of an approval was allowed to ${actor.kind}`);
    return { row, person: actor };
  }

  #hashNow(row: StoredApproval): string | null {
    const { request } = readApproval(row);
    const facts = this.#factsOf(request);
    return facts && approvalHash(request, facts);
  }
}

const changedMeanwhile = 'Somebody else has decided, used or withdrawn it in this moment.';
const closed = (message: string) => new LandbridgeError('APPROVAL_CLOSED', message);
