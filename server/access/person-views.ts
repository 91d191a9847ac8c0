// A stored person as administrators see it, and as the audit log keeps it. Pure; no hash and no secret passes here.
import type { Grant, PersonView } from '@/lib/contracts/access';
import { holds } from '@/lib/grants';
import type { StoredPerson } from '@/server/store/people';

/** An invitation that nobody has taken up administers nothing. */
export const canAdminister = (person: StoredPerson): boolean =>
  !person.disabled &&
  (person.passwordHash !== null || person.issuer !== null) &&
  holds(person.grants, 'administrator', { kind: 'everywhere' });

type Changeable = { displayName: string; grants: readonly Grant[]; disabled: boolean };
/** What a change may change, for before and after. */
export const changeable = ({ displayName, grants, disabled }: Changeable) => ({
  displayName,
  grants,
  disabled,
});

/** @param unvouched null: what the person confirms counts */
export function personView(
  person: StoredPerson,
  sessions: number,
  unvouched: PersonView['unvouched'],
): PersonView {
  return {
    id: person.id,
    userName: person.userName,
    displayName: person.displayName,
    kind: person.issuer === null ? 'LOCAL' : 'OIDC',
    issuer: person.issuer,
    grants: person.grants,
    grantsFrom: person.grantsFrom,
    disabled: person.disabled,
    secondFactor: person.totpSecret !== null,
    createdAt: person.createdAtMs,
    lastSignInAt: person.lastSignInAtMs,
    sessions,
    unvouched,
  };
}
