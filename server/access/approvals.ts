/**
 * The rule of two persons: what a link has put under it is done only after another human being, who could do it too, has
 * confirmed exactly this. The approval is bound to a hash of operation, target and the dry run's facts, is used once and
 * expires. Knows no operation itself: the facts are handed in, and the operation uses the approval in its own transaction.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { ApprovalDetail, ApprovalView } from '@/lib/contracts/access';
import { holds } from '@/lib/grants';
import { LandbridgeError } from '@/server/errors';
import { approvalsShown, approvalUseMs, approvalWaitMs } from '@/server/intervals';
import {
  approvalById,
  insertApproval,
  listApprovals,
  moveApproval,
  openApprovals,
  type StoredApproval,
} from '@/server/store/approvals';
import { personById } from '@/server/store/people';
import type { Executor, Store } from '@/server/store/store';
import type { Actor, PersonActor } from './actor';
import { refusalOf, type Step } from './approval-steps';
import {
  approvalDetail,
  approvalView,
  type Facts,
  type GuardedRequest,
  readApproval,
  targetKey,
  writtenRequest,
} from './approval-views';
import type { AuditPort } from './audit';
import { maySee } from './authorise';

/** Told in the audit entry of the operation that used it. */
export type UsedApproval = { approval: string; confirmedBy: string | null; brokenGlass: string | null };

export class Approvals {
  readonly #store: Store;
  readonly #audit: AuditPort;
  readonly #factsOf: (request: GuardedRequest) => Facts | null;
  readonly #nowMs: () => number;

  /** @param options.factsOf what a dry run of the request finds now; null when its target is gone */
  constructor(options: {
    store: Store;
    audit: AuditPort;
    factsOf: (request: GuardedRequest) => Facts | null;
    nowMs?: () => number;
  }) {
    this.#store = options.store;
    this.#audit = options.audit;
    this.#factsOf = options.factsOf;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /**
   * Before a guarded operation. Returns when a second person has confirmed it; otherwise asks for that.
   *
   * @throws LandbridgeError APPROVAL_NEEDED, with the request's id in `fields.approval`
   */
  async require(actor: Actor, request: GuardedRequest): Promise<UsedApproval> {
    if (actor.kind !== 'person') throw keysCannot(request);
    const facts = this.#facts(request);
    const found = await this.#usable(this.#store.db, actor, request, facts);
    if (found) return told(found);
    const waiting = await this.#ask(actor, request, facts);
    throw new LandbridgeError(
      'APPROVAL_NEEDED',
      `${facts.summary} This link wants a second person for it: another approver must confirm request ${waiting} under Approvals within ${approvalWaitMs / 60_000} minutes. Then do it again.`,
      { fields: { approval: waiting } },
    );
  }

  /**
   * In the transaction of the operation: takes the approval, so that it holds once.
   *
   * @throws LandbridgeError APPROVAL_NEEDED when it was used, or the facts have changed, since `require`
   */
  async use(trx: Executor, actor: Actor, request: GuardedRequest): Promise<void> {
    if (actor.kind !== 'person') throw keysCannot(request);
    const found = await this.#usable(trx, actor, request, this.#facts(request));
    const used =
      found && (await moveApproval(trx, found.id, found.state, { state: 'USED', usedAtMs: this.#nowMs() }));
    if (used) return;
    throw new LandbridgeError(
      'APPROVAL_NEEDED',
      'What was confirmed has been used or looks different now. Ask for it again.',
    );
  }

  async list(actor: Actor): Promise<ApprovalView[]> {
    const rows = await listApprovals(this.#store.db, approvalsShown);
    const nowMs = this.#nowMs();
    return rows
      .filter((row) => maySee(actor, readApproval(row).target))
      .map((row) => approvalView(row, actor, nowMs));
  }

  async get(actor: Actor, id: string): Promise<ApprovalDetail> {
    return approvalDetail(await this.#visible(actor, id), actor, this.#nowMs());
  }

  async confirm(actor: Actor, id: string): Promise<ApprovalDetail> {
    const { row, person } = await this.#allowed(actor, id, 'confirm');
    const operation = this.#operation(actor, 'confirm', row);
    const stale = await this.#audit.within(operation, async (trx, entry) => {
      await this.#requireStillApprover(trx, person, row);
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
    await this.#audit.within({ ...this.#operation(actor, 'reject', row), reason }, (trx) =>
      this.#decide(trx, row, person, { state: 'REJECTED', reason }),
    );
    return this.get(actor, id);
  }

  async withdraw(actor: Actor, id: string): Promise<ApprovalDetail> {
    const { row } = await this.#allowed(actor, id, 'withdraw');
    await this.#audit.within(this.#operation(actor, 'withdraw', row), async (trx) => {
      if (!(await moveApproval(trx, id, row.state, { state: 'WITHDRAWN' }))) throw closed(changedMeanwhile);
    });
    return this.get(actor, id);
  }

  /** For one person at three in the morning: goes ahead alone, and everybody will read why. */
  async breakGlass(actor: Actor, id: string, reason: string): Promise<ApprovalDetail> {
    const { row, person } = await this.#allowed(actor, id, 'breakGlass');
    const operation = { ...this.#operation(actor, 'break the glass for', row), reason };
    await this.#audit.within({ ...operation, severity: 'CRITICAL' }, async (trx) => {
      await this.#requireStillApprover(trx, person, row);
      const to = { state: 'BROKEN_GLASS' as const, reason, expiresAtMs: this.#nowMs() + approvalUseMs };
      await this.#decide(trx, row, person, to);
    });
    return this.get(actor, id);
  }

  /** One open request per person, operation and target: the same facts are asked for once, other facts replace it. */
  #ask(actor: PersonActor, request: GuardedRequest, facts: Facts): Promise<string> {
    const id = randomUUID();
    const nowMs = this.#nowMs();
    const row: StoredApproval = {
      id,
      operation: request.operation,
      target: targetKey(facts.link, request.topic),
      request: writtenRequest(request, facts),
      hash: hashOf(request, facts),
      reason: null,
      requestedBy: actor.id,
      requestedByName: actor.name,
      requestedAtMs: nowMs,
      expiresAtMs: nowMs + approvalWaitMs,
      state: 'PENDING',
      decidedBy: null,
      decidedByName: null,
      decidedAtMs: null,
      usedAtMs: null,
    };
    return this.#audit.within(this.#operation(actor, 'ask for', row), async (trx) => {
      for (const open of await openApprovals(trx, row)) {
        if (open.state === 'PENDING' && open.hash === row.hash && open.expiresAtMs > nowMs) return open.id;
        await moveApproval(trx, open.id, open.state, { state: 'STALE' });
      }
      await insertApproval(trx, row);
      return id;
    });
  }

  async #usable(
    db: Executor,
    actor: PersonActor,
    request: GuardedRequest,
    facts: Facts,
  ): Promise<StoredApproval | null> {
    const hash = hashOf(request, facts);
    const target = targetKey(facts.link, request.topic);
    const open = await openApprovals(db, { requestedBy: actor.id, operation: request.operation, target });
    for (const row of open) {
      if (row.state === 'PENDING' || row.hash !== hash || row.expiresAtMs <= this.#nowMs()) continue;
      if (row.state === 'BROKEN_GLASS' || (await this.#deciderCounts(db, row))) return row;
    }
    return null;
  }

  /** Who was disabled or has lost the role since then has confirmed nothing. */
  async #deciderCounts(db: Executor, row: StoredApproval): Promise<boolean> {
    if (row.decidedBy === null || row.decidedBy === row.requestedBy) return false;
    const decider = await personById(db, row.decidedBy);
    return (
      decider !== null && !decider.disabled && holds(decider.grants, 'approver', readApproval(row).target)
    );
  }

  /** Read in the transaction: the session may be a moment behind. */
  async #requireStillApprover(trx: Executor, actor: PersonActor, row: StoredApproval): Promise<void> {
    const person = await personById(trx, actor.id);
    if (person && !person.disabled && holds(person.grants, 'approver', readApproval(row).target)) return;
    throw new LandbridgeError('FORBIDDEN', `${actor.name} does not hold the role approver any more.`);
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
    const refusal = refusalOf(step, row, readApproval(row).target, actor, this.#nowMs());
    if (refusal) throw new LandbridgeError(refusal.code, refusal.why);
    if (actor.kind !== 'person') throw new Error(`A step of an approval was allowed to ${actor.kind}`);
    return { row, person: actor };
  }

  #operation(actor: Actor, verb: string, row: StoredApproval) {
    const { request, facts, target } = readApproval(row);
    const { source, destination, name } = facts.link;
    const what = `${request.operation} ${request.topic ?? name} (${source} → ${destination})`;
    return {
      actor,
      operation: `${verb} approval`,
      target: { type: 'approval' as const, name: what, scope: target },
      details: { approval: row.id, summary: facts.summary, facts: facts.facts, hash: row.hash },
    };
  }

  #facts(request: GuardedRequest): Facts {
    const facts = this.#factsOf(request);
    if (facts) return facts;
    const { destination, name } = request.link;
    throw new LandbridgeError('LINK_NOT_FOUND', `Link "${name}" to "${destination}" is not there any more.`);
  }

  #hashNow(row: StoredApproval): string | null {
    const { request } = readApproval(row);
    const facts = this.#factsOf(request);
    return facts && hashOf(request, facts);
  }
}

const changedMeanwhile = 'Somebody else has decided, used or withdrawn it in this moment.';
const closed = (message: string) => new LandbridgeError('APPROVAL_CLOSED', message);

const keysCannot = ({ link, operation }: GuardedRequest) =>
  new LandbridgeError(
    'APPROVAL_NEEDED',
    `Link "${link.name}" to "${link.destination}" wants two persons for this (${operation}). API keys are not persons: do it in the console.`,
  );

const told = (row: StoredApproval): UsedApproval => ({
  approval: row.id,
  confirmedBy: row.state === 'CONFIRMED' ? row.decidedByName : null,
  brokenGlass: row.state === 'BROKEN_GLASS' ? row.reason : null,
});

/** The order of keys is that of the code that makes them, so equal facts are equal text. */
const hashOf = (request: GuardedRequest, facts: Facts): string =>
  createHash('sha256').update(writtenRequest(request, facts)).digest('hex');
