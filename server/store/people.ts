// People: local accounts and those of a provider. Grants are JSON checked on read; the password's hash never leaves the server.
import { z } from 'zod';
import { type Grant, grant } from '@/lib/contracts/access';
import type { PersonTable } from './schema';
import type { Executor } from './store';

/** Somebody who has made the account, given it roles, or made a link to set its password. */
export type Sponsor = { id: string; name: string; atMs: number };

export type StoredPerson = Omit<PersonTable, 'grants' | 'grantsFrom' | 'disabled' | 'sponsors'> & {
  grants: Grant[];
  /** Since somebody else has vouched for the account; empty: it counts as a person of its own. */
  sponsors: Sponsor[];
  grantsFrom: 'CONSOLE' | 'CLAIM';
  disabled: boolean;
};

/** What may be changed of a person; names and issuer stay. */
export type PersonPatch = Partial<
  Pick<
    StoredPerson,
    | 'displayName'
    | 'grants'
    | 'sponsors'
    | 'disabled'
    | 'passwordHash'
    | 'totpSecret'
    | 'updatedAtMs'
    | 'lastSignInAtMs'
  >
>;

const storedGrants = z.array(grant);
const storedSponsors = z.array(z.object({ id: z.string(), name: z.string(), atMs: z.number() }));

/** User names are compared like this, so that no two look the same and differ in case only. */
export const foldUserName = (userName: string): string => userName.normalize('NFKC').toLowerCase();

export async function listPeople(db: Executor): Promise<StoredPerson[]> {
  const rows = await db.selectFrom('person').selectAll().orderBy('userNameFolded').execute();
  return rows.map(fromRow);
}

export async function personById(db: Executor, id: string): Promise<StoredPerson | null> {
  const [row] = await db.selectFrom('person').selectAll().where('id', '=', id).execute();
  return row ? fromRow(row) : null;
}

export async function personByUserName(db: Executor, userName: string): Promise<StoredPerson | null> {
  const folded = foldUserName(userName);
  const [row] = await db.selectFrom('person').selectAll().where('userNameFolded', '=', folded).execute();
  return row ? fromRow(row) : null;
}

export async function personBySubject(
  db: Executor,
  issuer: string,
  subject: string,
): Promise<StoredPerson | null> {
  const [row] = await db
    .selectFrom('person')
    .selectAll()
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .execute();
  return row ? fromRow(row) : null;
}

export async function insertPerson(
  db: Executor,
  person: Omit<StoredPerson, 'userNameFolded' | 'sponsors'> & { sponsors?: Sponsor[] },
): Promise<void> {
  await db
    .insertInto('person')
    .values({
      ...person,
      userNameFolded: foldUserName(person.userName),
      grants: JSON.stringify(person.grants),
      sponsors: JSON.stringify(person.sponsors ?? []),
      disabled: person.disabled ? 1 : 0,
    })
    .execute();
}

export async function updatePerson(db: Executor, id: string, patch: PersonPatch): Promise<void> {
  const { grants, sponsors, disabled, ...rest } = patch;
  await db
    .updateTable('person')
    .set({
      ...rest,
      ...(grants === undefined ? {} : { grants: JSON.stringify(grants) }),
      ...(sponsors === undefined ? {} : { sponsors: JSON.stringify(sponsors) }),
      ...(disabled === undefined ? {} : { disabled: disabled ? 1 : 0 }),
    })
    .where('id', '=', id)
    .execute();
}

/** Sessions and one-time links of the person go with it. */
export async function deletePerson(db: Executor, id: string): Promise<void> {
  await db.deleteFrom('person').where('id', '=', id).execute();
}

/** Open sessions per person, without those that nobody has used since `seenAfterMs`. */
export async function countSessions(
  db: Executor,
  nowMs: number,
  seenAfterMs: number,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('session')
    .select(['personId', (eb) => eb.fn.countAll<number>().as('open')])
    .where('endedAtMs', 'is', null)
    .where('expiresAtMs', '>', nowMs)
    .where('lastSeenAtMs', '>', seenAfterMs)
    .groupBy('personId')
    .execute();
  return new Map(rows.map((row) => [row.personId, row.open]));
}

function fromRow({ grants, grantsFrom, disabled, sponsors, ...row }: PersonTable): StoredPerson {
  return {
    ...row,
    grants: storedGrants.parse(JSON.parse(grants)),
    grantsFrom: grantsFrom === 'CLAIM' ? 'CLAIM' : 'CONSOLE',
    disabled: disabled !== 0,
    sponsors: storedSponsors.parse(JSON.parse(sponsors ?? '[]')),
  };
}
