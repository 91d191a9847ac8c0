// Who asks, and what they may. Until sign-in exists there are two actors: the operator on this machine, and the API key.
import { LandbridgeError } from '@/server/errors';

/** Each role may all that the ones before it may. */
export const roles = ['viewer', 'operator', 'approver', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** What a route or an operation asks of its actor. */
export type Access = 'anonymous' | Role;

export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'local'; role: Role }
  | { kind: 'apiKey'; key: string; role: Role };

/** The server listens on loopback only, so whoever reaches it works on this machine. */
export const localOperator: Actor = { kind: 'local', role: 'administrator' };

/** As it stands in timelines and in the audit log. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'apiKey') return `API key ${actor.key}`;
  return actor.kind === 'local' ? 'local operator' : 'anonymous';
}

/** @throws LandbridgeError FORBIDDEN, naming the role that is missing. */
export function authorise(actor: Actor, access: Access): void {
  if (access === 'anonymous') return;
  if (actor.kind === 'anonymous') throw new LandbridgeError('UNAUTHENTICATED', 'Sign in first.');
  if (roles.indexOf(actor.role) >= roles.indexOf(access)) return;
  throw new LandbridgeError(
    'FORBIDDEN',
    `${actorName(actor)} has the role ${actor.role}; this needs ${access}. Ask an administrator.`,
  );
}
