// Turns an operation into a row of the audit log: who, from where, what, on which object, seen by whom. Pure.

import type { Target } from '@/lib/grants';
import { type Actor, actorName } from './actor';
import type { AuditTarget, Operation } from './audit';
import type { NewAuditRow } from './audit-chain';
import { scrub, scrubAll } from './scrub';

type Moment = Pick<NewAuditRow, 'operationId' | 'kind' | 'atMs' | 'result' | 'message' | 'requestId'>;

const messageMaxCharacters = 4_000;

export function rowOf(operation: Operation, moment: Moment): NewAuditRow {
  const target = asTarget(operation.target);
  const { kind } = operation.actor;
  // What somebody has asked for stands there as it is. Searched for secrets, it would tell which guesses are right; and with a
  // cluster whose password is "administrator" nobody could read any more who was made one.
  const asked = kind === 'person' || kind === 'apiKey';
  const json = (value: object | null | undefined) => jsonOf(asked ? value : scrubAll(value));
  return {
    ...moment,
    ...actorColumns(operation.actor),
    operation: operation.operation,
    objectType: target.type,
    objectName: target.name,
    ...scopeColumns(target.scope),
    severity: operation.severity ?? 'INFO',
    reason: operation.reason ?? null,
    details: json(operation.details),
    before: json(operation.before),
    after: json(operation.after),
    message: moment.message === null ? null : cut(asked ? moment.message : scrub(moment.message)),
  };
}

function asTarget(target: string | AuditTarget): AuditTarget {
  return typeof target === 'string' ? { type: 'other', name: target, scope: { kind: 'everywhere' } } : target;
}

function actorColumns(actor: Actor) {
  const columns = { actorKind: actor.kind, actorName: actorName(actor) };
  switch (actor.kind) {
    case 'person':
      return { ...columns, actorId: actor.id, sessionId: actor.sessionId, address: actor.address };
    case 'apiKey':
      return { ...columns, actorId: actor.id, sessionId: null, address: actor.address };
    case 'anonymous':
      return { ...columns, actorId: null, sessionId: null, address: actor.address };
    default:
      return { ...columns, actorId: null, sessionId: null, address: null };
  }
}

function scopeColumns(scope: Target) {
  switch (scope.kind) {
    case 'everywhere':
      return { cluster: null, destination: null, link: null };
    case 'cluster':
      return { cluster: scope.cluster, destination: null, link: null };
    case 'link':
      return { cluster: scope.source, destination: scope.destination, link: scope.name };
    case 'console':
      return { cluster: null, destination: null, link: null };
  }
}

/** bigint as a decimal string, as everywhere in /api. */
const jsonOf = (value: object | null | undefined): string | null =>
  value == null
    ? null
    : JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item));

const cut = (text: string): string =>
  text.length <= messageMaxCharacters ? text : `${text.slice(0, messageMaxCharacters - 1)}…`;
