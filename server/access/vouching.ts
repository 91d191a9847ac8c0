/**
 * Whether an account stands for a human being of its own. An administrator who makes one, gives it roles or opens it by a
 * link for its password could be both of two persons: until another administrator, who had no hand in it, has vouched for
 * the account, it confirms nothing. Rules only; people.ts writes them down, approvals ask.
 */
import type { Grant, PersonView } from '@/lib/contracts/access';
import { holdsSomewhere } from '@/lib/grants';
import { LandbridgeError } from '@/server/errors';
import { unvouchedWaitMs } from '@/server/intervals';
import { listApiKeys } from '@/server/store/api-keys';
import {
  listPeople,
  personById,
  personByUserName,
  type Sponsor,
  type StoredPerson,
  updatePerson,
} from '@/server/store/people';
import type { Executor } from '@/server/store/store';
import { type Actor, actorName, keyName } from './actor';
import { type Refusal, staleness } from './approval-steps';
import { canAdminister } from './person-views';

/**
 * After `actor` has had the account in hand. Whoever has had the actor's own account in hand is behind it as well: else an
 * administrator makes another one, and vouches for what that one makes. What the server itself does at its start makes
 * nobody dependent.
 */
export async function sponsorsAfter(
  db: Executor,
  actor: Actor,
  before: readonly Sponsor[],
  nowMs: number,
): Promise<Sponsor[]> {
  if (actor.kind !== 'person' && actor.kind !== 'apiKey') return [...before];
  const behind = actor.kind === 'person' ? await behindPerson(db, actor.id) : await behindKey(db, actor.id);
  const own = { id: actor.id, name: actorName(actor) };
  const hands = [...behind, own].filter(({ id }, n, all) => all.findIndex((other) => other.id === id) === n);
  return [
    ...before.filter(({ id }) => hands.every((hand) => hand.id !== id)),
    ...hands.map(({ id, name }) => ({ id, name, atMs: nowMs })),
  ];
}

type Hand = Pick<Sponsor, 'id' | 'name'>;

const behindPerson = async (db: Executor, id: string): Promise<Hand[]> =>
  (await personById(db, id))?.sponsors ?? [];

/** Whoever has made the key, and who is behind that one. Keys know the name of their maker only, and keys may be called alike: each counts. */
async function behindKey(db: Executor, id: string): Promise<Hand[]> {
  const keys = await listApiKeys(db);
  const chain = keys.filter((key) => key.id === id);
  for (const { createdBy } of chain)
    for (const key of keys) if (keyName(key) === createdBy && !chain.includes(key)) chain.push(key);
  const hands: Hand[] = chain
    .filter((key) => key.id !== id)
    .map((key) => ({ id: key.id, name: keyName(key) }));
  for (const { createdBy } of chain) {
    const maker = await personByUserName(db, createdBy);
    if (maker) hands.push(...maker.sponsors, { id: maker.id, name: maker.userName });
  }
  return hands;
}

/** Administrators who had no hand in the account, and are vouched for themselves. */
export const vouchersFor = (person: StoredPerson, people: readonly StoredPerson[]): StoredPerson[] =>
  people.filter(
    (other) =>
      canAdminister(other) &&
      other.sponsors.length === 0 &&
      other.id !== person.id &&
      person.sponsors.every(({ id }) => id !== other.id),
  );

/** From when on it counts without a voucher; null while there is somebody who could vouch. */
export function countsByItselfAt(person: StoredPerson, people: readonly StoredPerson[]): number | null {
  if (vouchersFor(person, people).length > 0) return null;
  return Math.max(...person.sponsors.map(({ atMs }) => atMs)) + unvouchedWaitMs;
}

/**
 * Carries out what may take the last one away who could vouch for an account. Its wait begins with that: before, somebody was
 * there to ask, and that time is no time in which nobody has objected.
 */
export async function restartingWaits<T>(trx: Executor, nowMs: number, work: () => Promise<T>): Promise<T> {
  const before = await listPeople(trx);
  const result = await work();
  const after = await listPeople(trx);
  for (const person of after) {
    const was = before.find(({ id }) => id === person.id);
    if (!was || person.sponsors.length === 0) continue;
    if (vouchersFor(was, before).length === 0 || vouchersFor(person, after).length > 0) continue;
    const sponsors = person.sponsors.map((sponsor) => ({ ...sponsor, atMs: nowMs }));
    await updatePerson(trx, person.id, { sponsors });
  }
  return result;
}

/** Null: who decides had no hand in the account of the one who asks, or somebody else has vouched for it: they are two. */
export function sameHand(
  asker: Pick<StoredPerson, 'userName' | 'sponsors'> | null,
  deciderId: string,
): Refusal | null {
  if (!asker?.sponsors.some(({ id }) => id === deciderId)) return null;
  return forbidden(
    `You had a hand in the account of "${asker.userName}", who asks: the two of you do not count as two persons. Somebody else must confirm, or another administrator vouch for that account under People.`,
  );
}

/** Null: the person counts as the second of two. */
export async function dependenceOf(db: Executor, personId: string, nowMs: number): Promise<Refusal | null> {
  const dependent = async () => {
    const people = await listPeople(db);
    const person = people.find(({ id }) => id === personId);
    return person ? dependence(person, people) : null;
  };
  if ((await dependent()) === null) return null;
  await settleUnvouched(db, nowMs);
  return dependent();
}

function dependence(person: StoredPerson, people: readonly StoredPerson[]): Refusal | null {
  if (person.sponsors.length === 0) return null;
  const at = countsByItselfAt(person, people);
  const names = person.sponsors.map(({ name }) => name).join(' and ');
  const until =
    at === null
      ? 'another administrator vouches for it under People'
      : `${new Date(at).toISOString().slice(0, 16)}Z, since no other administrator could vouch for it`;
  return {
    code: 'FORBIDDEN',
    why: `Your account, its roles or a link to its password come from ${names}. It does not count as a second person until ${until}.`,
  };
}

/** Null: the actor may say that this account is a human being of its own. */
export function vouchRefusal(
  actor: Actor,
  person: StoredPerson,
  people: readonly StoredPerson[],
  nowMs: number,
): Refusal | null {
  if (actor.kind !== 'person') return forbidden('API keys are not persons and vouch for nobody.');
  if (person.sponsors.length === 0) return forbidden(`"${person.userName}" is vouched for already.`);
  if (actor.id === person.id) return forbidden('Nobody vouches for their own account.');
  if (person.sponsors.some(({ id }) => id === actor.id)) {
    return forbidden(
      `You had a hand in the account of "${person.userName}": another administrator must vouch.`,
    );
  }
  if (!vouchersFor(person, people).some(({ id }) => id === actor.id)) {
    return forbidden('Your own account must be vouched for first.');
  }
  if (person.passwordHash === null && person.issuer === null) {
    return forbidden(`Nobody has taken up the invitation of "${person.userName}" yet.`);
  }
  return staleness(actor, nowMs);
}

/** Two accounts made with a key would be two persons in one hand, and no person would stand behind them. */
export function requirePersonFor(actor: Actor, grants: readonly Grant[]): void {
  if (actor.kind !== 'apiKey' || !holdsSomewhere(grants, 'approver')) return;
  throw new LandbridgeError(
    'FORBIDDEN',
    'Approvers and administrators confirm for others. API keys neither make them nor link to their passwords: sign in as an administrator.',
  );
}

/** As administrators see it. */
export function unvouchedView(
  actor: Actor,
  person: StoredPerson,
  people: readonly StoredPerson[],
  nowMs: number,
): PersonView['unvouched'] {
  if (person.sponsors.length === 0 || !holdsSomewhere(person.grants, 'approver')) return null;
  const refusal = vouchRefusal(actor, person, people, nowMs);
  return {
    by: person.sponsors.map(({ name }) => name),
    countsAt: countsByItselfAt(person, people),
    whyNot: refusal?.why ?? null,
    signInAgain: refusal?.code === 'FRESH_SIGN_IN_NEEDED',
  };
}

/** Accounts for which nobody could have vouched count after a while. Called before it matters who counts. */
export async function settleUnvouched(db: Executor, nowMs: number): Promise<void> {
  const people = await listPeople(db);
  for (const person of people) {
    if (person.sponsors.length === 0) continue;
    const at = countsByItselfAt(person, people);
    if (at !== null && at <= nowMs) await updatePerson(db, person.id, { sponsors: [] });
  }
}

const forbidden = (why: string): Refusal => ({ code: 'FORBIDDEN', why });
