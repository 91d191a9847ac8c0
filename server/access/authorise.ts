// Decides whether an actor may. Every route asks for a role somewhere, every operation for a role on its target.
import type { Grant, Role } from '@/lib/contracts/access';
import { holds, holdsSomewhere, type Target, targetName } from '@/lib/grants';
import { LandbridgeError } from '@/server/errors';
import { type Access, type Actor, actorName } from './actor';

/** @throws LandbridgeError UNAUTHENTICATED, or FORBIDDEN when the role is held nowhere at all */
export function authoriseSomewhere(actor: Actor, access: Access): void {
  if (access === 'anonymous') return;
  if (access === 'signedIn') {
    if (actor.kind === 'anonymous') throw signInFirst();
    if (actor.kind === 'hubSender') throw missing(actor, 'viewer', null);
    return;
  }
  if (access === 'hubSender') {
    if (actor.kind === 'anonymous') throw signInFirst();
    if (actor.kind === 'hubSender') return;
    throw new LandbridgeError('FORBIDDEN', 'Health reports are taken with the key of a console only.');
  }
  if (holdsSomewhere(grantsOf(actor, access), access)) return;
  throw missing(actor, access, null);
}

/** @throws LandbridgeError UNAUTHENTICATED, or FORBIDDEN naming the role and the target */
export function authorise(actor: Actor, role: Role, target: Target): void {
  if (holds(grantsOf(actor, role), role, target)) return;
  throw missing(actor, role, target);
}

/** For lists, streams and snapshots: what this is false for is left out, and answered 404 when asked for by name. */
export function maySee(actor: Actor, target: Target): boolean {
  if (actor.kind === 'anonymous') return false;
  return holds(grantsOf(actor, 'viewer'), 'viewer', target);
}

/** The engine and the server itself act by what the store says, which somebody with the right has put there. */
function grantsOf(actor: Actor, asked: Role): readonly Grant[] {
  switch (actor.kind) {
    case 'anonymous':
      throw signInFirst();
    case 'engine':
    case 'system':
      return [{ role: asked, scope: { kind: 'everywhere' } }];
    case 'hubSender':
      return [];
    default:
      return actor.grants;
  }
}

const signInFirst = () => new LandbridgeError('UNAUTHENTICATED', 'Sign in first.');

function missing(actor: Actor, role: Role, target: Target | null): LandbridgeError {
  const where = target ? ` on ${targetName(target)}` : '';
  return new LandbridgeError(
    'FORBIDDEN',
    `${actorName(actor)} does not hold the role ${role}${where}. Ask an administrator.`,
  );
}
