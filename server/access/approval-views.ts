// A request for an approval as it is stored and as people see it. Pure; who may do what with it is in approval-steps.ts.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type ApprovalDetail,
  type ApprovalState,
  type ApprovalView,
  approvalOperation as operationName,
} from '@/lib/contracts/access';
import { objectName } from '@/lib/contracts/common';
import type { Target } from '@/lib/grants';
import type { StoredApproval } from '@/server/store/approvals';
import type { Actor } from './actor';
import { type Judge, refusalOf, type Step } from './approval-steps';

const linkNames = z.object({ source: objectName, destination: objectName, name: objectName });

const guardedRequest = z.object({
  operation: operationName,
  link: linkNames.pick({ destination: true, name: true }),
  /** Null: the whole link. */
  topic: z.string().nullable(),
  /** What is asked for beyond that, such as the settings of a change. */
  input: z.record(z.string(), z.json()),
});
export type GuardedRequest = z.infer<typeof guardedRequest>;

const factsSchema = z.object({
  link: linkNames,
  /** What will happen, in a sentence. */
  summary: z.string(),
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
});
/** What a dry run found. */
export type Facts = z.infer<typeof factsSchema>;
/** A dry run of the request as things are now; null when its target is gone. */
export type FactsOf = (request: GuardedRequest) => Facts | null;

const stored = z.object({ request: guardedRequest, facts: factsSchema });

export const writtenRequest = (request: GuardedRequest, facts: Facts): string =>
  JSON.stringify(stored.parse({ request, facts }));

/** The order of keys is that of the schema, so equal facts are equal text. */
export const approvalHash = (request: GuardedRequest, facts: Facts): string =>
  createHash('sha256').update(writtenRequest(request, facts)).digest('hex');

export const targetKey = (link: Facts['link'], topic: string | null): string =>
  JSON.stringify([link.destination, link.name, topic]);

export function readApproval(row: StoredApproval): { request: GuardedRequest; facts: Facts; target: Target } {
  const { request, facts } = stored.parse(JSON.parse(row.request));
  return { request, facts, target: { kind: 'link', ...facts.link } };
}

export function approvalView(row: StoredApproval, judge: Judge): ApprovalView {
  const { request, facts, target } = readApproval(row);
  const step = (name: Step) => {
    const refusal = refusalOf(name, row, target, judge);
    return {
      allowed: refusal === null,
      why: refusal?.why ?? null,
      signInAgain: refusal?.code === 'FRESH_SIGN_IN_NEEDED',
    };
  };
  return {
    id: row.id,
    operation: request.operation,
    link: facts.link,
    topic: request.topic,
    summary: facts.summary,
    state: stateOf(row, judge.nowMs),
    requestedBy: row.requestedByName,
    requestedAt: row.requestedAtMs,
    expiresAt: row.expiresAtMs,
    decidedBy: row.decidedByName,
    decidedAt: row.decidedAtMs,
    usedAt: row.usedAtMs,
    reason: row.reason,
    confirm: step('confirm'),
    reject: step('reject'),
    withdraw: step('withdraw'),
    breakGlass: step('breakGlass'),
  };
}

export function approvalDetail(row: StoredApproval, judge: Judge): ApprovalDetail {
  return { ...approvalView(row, judge), facts: readApproval(row).facts.facts };
}

function stateOf(row: StoredApproval, nowMs: number): ApprovalState {
  const open = row.state === 'PENDING' || row.state === 'CONFIRMED' || row.state === 'BROKEN_GLASS';
  return open && row.expiresAtMs <= nowMs ? 'EXPIRED' : row.state;
}

/** For the audit log; seen by whoever sees the link. */
export function approvalOperation(actor: Actor, verb: string, row: StoredApproval) {
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
