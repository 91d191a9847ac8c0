// Grants in words, and how a form holds them while they are edited. Pure.
import type { Grant, GrantScope, Me, Role } from '@/lib/contracts/access';
import { holds, holdsSomewhere, type Target, targetName } from '@/lib/grants';

export const roleMeaning: Record<Role, string> = {
  viewer: 'sees',
  operator: 'sees, creates and runs links',
  approver: 'also promotes, fails over, reverses and deletes',
  administrator: 'also clusters, people, keys and settings',
};

export function scopeText(scope: GrantScope): string {
  switch (scope.kind) {
    case 'everywhere':
      return 'everywhere';
    case 'cluster':
      return `on cluster ${scope.cluster}`;
    case 'link':
      return `on link ${scope.name} to ${scope.destination}`;
    case 'console':
      return `on console ${scope.console}`;
  }
}

export const grantText = ({ role, scope }: Grant): string => `${role} ${scopeText(scope)}`;

/** Why `me` may not do what needs `role` on `target`; null when it is allowed. Undefined `me`: not known yet, nothing is claimed. */
export function whyNot(me: Me | undefined, role: Role, target: Target | 'somewhere'): string | null {
  if (!me) return null;
  if (target === 'somewhere') {
    return holdsSomewhere(me.grants, role) ? null : `This needs the role ${role}. Ask an administrator.`;
  }
  if (holds(me.grants, role, target)) return null;
  const where = target.kind === 'everywhere' ? 'everywhere' : `on ${targetName(target)}`;
  return `This needs the role ${role} ${where}. Ask an administrator.`;
}

/** A row of the editor: a scope that is not filled in yet has empty names. */
export type GrantDraft = {
  id: number;
  role: Role;
  kind: GrantScope['kind'];
  cluster: string;
  /** `destination/name` of a link. */
  link: string;
  /** On a hub. */
  console: string;
};

export function draftOf(grant: Grant, id: number): GrantDraft {
  const { role, scope } = grant;
  return {
    id,
    role,
    kind: scope.kind,
    cluster: scope.kind === 'cluster' ? scope.cluster : '',
    link: scope.kind === 'link' ? `${scope.destination}/${scope.name}` : '',
    console: scope.kind === 'console' ? scope.console : '',
  };
}

/** What the server checks; names may still be empty, which it refuses at their field. */
export function grantOf(draft: GrantDraft): Grant {
  const [destination = '', name = ''] = draft.link.split('/');
  switch (draft.kind) {
    case 'everywhere':
      return { role: draft.role, scope: { kind: 'everywhere' } };
    case 'cluster':
      return { role: draft.role, scope: { kind: 'cluster', cluster: draft.cluster } };
    case 'link':
      return { role: draft.role, scope: { kind: 'link', destination, name } };
    case 'console':
      return { role: draft.role, scope: { kind: 'console', console: draft.console } };
  }
}

/** What is missing in a row, in words; null when it is whole. */
export function draftProblem(draft: GrantDraft): string | null {
  if (draft.kind === 'cluster' && draft.cluster === '') return 'Choose a cluster.';
  if (draft.kind === 'link' && draft.link === '') return 'Choose a link.';
  if (draft.kind === 'console' && draft.console === '') return 'Choose a console.';
  if (draft.role === 'administrator' && draft.kind !== 'everywhere')
    return 'An administrator is one everywhere; give approver on single clusters or links.';
  return null;
}
