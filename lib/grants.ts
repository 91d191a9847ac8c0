// Whether grants reach a target: asked by the server before it acts, and by pages that show what is not allowed. Pure.
import { type Grant, type Role, roles } from './contracts/access';

/** What is acted on. A link names both its clusters, because a role on both counts as a role on it. */
export type Target =
  | { kind: 'everywhere' }
  | { kind: 'cluster'; cluster: string }
  | { kind: 'link'; source: string; destination: string; name: string }
  | { kind: 'console'; console: string };

export const reaches = (held: Role, asked: Role): boolean => roles.indexOf(held) >= roles.indexOf(asked);

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
    case 'console':
      return enough.some(({ scope }) => scope.kind === 'console' && scope.console === target.console);
  }
}

/** For what acts on nothing in particular yet, such as opening a form. */
export const holdsSomewhere = (grants: readonly Grant[], role: Role): boolean =>
  grants.some((grant) => reaches(grant.role, role));

export function targetName(target: Target): string {
  switch (target.kind) {
    case 'everywhere':
      return 'all of Landbridge';
    case 'cluster':
      return `cluster "${target.cluster}"`;
    case 'link':
      return `link "${target.name}" to "${target.destination}"`;
    case 'console':
      return `console "${target.console}"`;
  }
}
