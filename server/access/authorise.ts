// Decides whether an actor's grants reach. Pure; every route asks for a role somewhere, every operation for a role on its target.
import { type Grant, type Role, roles } from '@/lib/contracts/access';
import { LandbridgeError } from '@/server/errors';
import { type Access, type Actor, actorName } from './actor';

/** What is acted on. A link names both its clusters, because a role on both counts as a role on it. */
export type Target =
  | { kind: 'everywhere' }
  | { kind: 'cluster'; cluster: string }
  | { kind: 'link'; source: string; destination: string; name: string };

/** @throws LandbridgeError UNAUTHENTICATED, or FORBIDDEN when the role is held nowhere at all */
export function authoriseSomewhere(actor: Actor, access: Access): void {
  if (access === 'anonymous') return;
  const held = grantsOf(actor, access);
  if (held.some((grant) => reaches(grant.role, access))) return;
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

export function holds(grants: readonly Grant[], role: Role, target: Target): boolean {
  const enough = grants.filter((grant) => reaches(grant.role, role));
  if (enough.some(({ scope }) => scope.kind === 'everywhere')) return true;
  const onCluster = (cluster: string) =>
    enough.some(({ scope }) => scope.kind === 'cluster' && scope.cluster === cluster);
  switch (target.kind) {
    case 'everywhere':
      return false;
    case 'cluster':
      return onCluster(target.cluster);
    case 'link':
      return (
        (onCluster(target.source) && onCluster(target.destination)) ||
        enough.some(
          ({ scope }) =>
            scope.kind === 'link' && scope.destination === target.destination && scope.name === target.name,
        )
      );
  }
}

const reaches = (held: Role, asked: Role): boolean => roles.indexOf(held) >= roles.indexOf(asked);

/** The engine and the server itself act by what the store says, which somebody with the right has put there. */
function grantsOf(actor: Actor, asked: Role): readonly Grant[] {
  switch (actor.kind) {
    case 'anonymous':
      throw new LandbridgeError('UNAUTHENTICATED', 'Sign in first.');
    case 'engine':
    case 'system':
      return [{ role: asked, scope: { kind: 'everywhere' } }];
    default:
      return actor.grants;
  }
}

function missing(actor: Actor, role: Role, target: Target | null): LandbridgeError {
  const where = target ? ` on ${targetName(target)}` : '';
  return new LandbridgeError(
    'FORBIDDEN',
    `${actorName(actor)} does not hold the role ${role}${where}. Ask an administrator.`,
  );
}

export function targetName(target: Target): string {
  switch (target.kind) {
    case 'everywhere':
      return 'all of Landbridge';
    case 'cluster':
      return `cluster "${target.cluster}"`;
    case 'link':
      return `link "${target.name}" to "${target.destination}"`;
  }
}
