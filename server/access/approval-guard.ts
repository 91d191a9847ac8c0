/**
 * The rule of two persons, as operations meet it: what a link has put under it is done only after another human being, who
 * could do it too, has confirmed exactly this. An approval is bound to a hash of operation, target and the dry run's facts,
 * is used once and expires. Knows no operation itself: the facts are handed in, and each operation uses its approval in
 * its own transaction. What people do with the requests is in approvals.ts.
 */
import { randomUUID } from 'node:crypto';
import { holds } from '@/lib/grants';
import { LandbridgeError } from '@/server/errors';
import { approvalWaitMs } from '@/server/intervals';
import { insertApproval, moveApproval, openApprovals, type StoredApproval } from '@/server/store/approvals';
import { personById } from '@/server/store/people';
import type { Executor, Store } from '@/server/store/store';
import type { Actor, PersonActor } from './actor';
import {
  approvalHash,
  approvalOperation,
  type Facts,
  type FactsOf,
  type GuardedRequest,
  readApproval,
  targetKey,
  writtenRequest,
} from './approval-views';
import type { AuditPort } from './audit';
import { sameHand } from './vouching';

/** Told in the audit entry of the operation that used it. */
export type UsedApproval = { approval: string; confirmedBy: string | null; brokenGlass: string | null };

export class ApprovalGuard {
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

  /** One open request per person, operation and target: the same facts are asked for once, other facts replace it. */
  #ask(actor: PersonActor, request: GuardedRequest, facts: Facts): Promise<string> {
    const id = randomUUID();
    const nowMs = this.#nowMs();
    const row: StoredApproval = {
      id,
      operation: request.operation,
      target: targetKey(facts.link, request.topic),
      request: writtenRequest(request, facts),
      hash: approvalHash(request, facts),
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
    return this.#audit.within(approvalOperation(actor, 'ask for', row), async (trx) => {
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
    const hash = approvalHash(request, facts);
    const target = targetKey(facts.link, request.topic);
    const open = await openApprovals(db, { requestedBy: actor.id, operation: request.operation, target });
    for (const row of open) {
      if (row.state === 'PENDING' || row.hash !== hash || row.expiresAtMs <= this.#nowMs()) continue;
      if (row.state === 'BROKEN_GLASS' || (await this.#deciderCounts(db, row))) return row;
    }
    return null;
  }

  /** Who was disabled, has lost the role, or whose account got into other hands since then has confirmed nothing. */
  async #deciderCounts(db: Executor, row: StoredApproval): Promise<boolean> {
    if (row.decidedBy === null || row.decidedBy === row.requestedBy) return false;
    const decider = await personById(db, row.decidedBy);
    const asker = await personById(db, row.requestedBy);
    return (
      decider !== null &&
      sameHand(asker, decider.id) === null &&
      !decider.disabled &&
      decider.sponsors.length === 0 &&
      holds(decider.grants, 'approver', readApproval(row).target)
    );
  }

  #facts(request: GuardedRequest): Facts {
    const facts = this.#factsOf(request);
    if (facts) return facts;
    const { destination, name } = request.link;
    throw new LandbridgeError('LINK_NOT_FOUND', `Link "${name}" to "${destination}" is not there any more.`);
  }
}

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
