/**
 * User names that a reader takes for one another: Cyrillic а and Latin a, digit 1 and small l. Approvals and the audit log
 * name people by their user name only, so no two may look alike. By the skeletons of Unicode's UTS 39, whose table comes
 * with unhomoglyph. Who signs in as whom is not decided here: there names are compared exactly (store/people.ts).
 */
import unhomoglyph from 'unhomoglyph';
import { LandbridgeError } from '@/server/errors';
import { listPeople, personByUserName, type StoredPerson } from '@/server/store/people';
import type { Executor } from '@/server/store/store';

export async function personLookingLike(db: Executor, userName: string): Promise<StoredPerson | null> {
  return (await listPeople(db)).find((person) => lookAlike(person.userName, userName)) ?? null;
}

/** How timelines and the audit log call those who are no persons. */
const notPersons = ['engine', 'system', 'anonymous'];

/** What a person of this name did would read as if nobody had done it. */
export const isReserved = (userName: string): boolean => notPersons.some((name) => lookAlike(name, userName));

/** @throws LandbridgeError PERSON_EXISTS */
export async function requireFreeName(trx: Executor, userName: string): Promise<void> {
  if (await personByUserName(trx, userName)) {
    throw new LandbridgeError('PERSON_EXISTS', `There is a person "${userName}" already.`, {
      fields: { userName: 'This name is taken.' },
    });
  }
  if (isReserved(userName)) {
    throw new LandbridgeError(
      'PERSON_EXISTS',
      `"${userName}" is, or looks like, what the audit log calls the server's own doings. Choose another name.`,
      { fields: { userName: 'This name is kept for the server itself.' } },
    );
  }
  const other = await personLookingLike(trx, userName);
  if (!other) return;
  throw new LandbridgeError(
    'PERSON_EXISTS',
    `"${userName}" looks like "${other.userName}", who is there already: one would be taken for the other. Choose a name that reads differently.`,
    { fields: { userName: `This name looks like "${other.userName}".` } },
  );
}

/** Alike as they are written, or when case is not looked at: "ALlCE" reads as ALICE, which is alice. */
export function lookAlike(a: string, b: string): boolean {
  const others = skeletons(b);
  return skeletons(a).some((skeleton) => others.includes(skeleton));
}

function skeletons(name: string): string[] {
  const plain = name.normalize('NFKC');
  return [plain, plain.toLowerCase(), plain.toUpperCase()].map((text) =>
    // Unicode's table takes the small palochka for an i without its dot; most fonts draw it as an l.
    unhomoglyph(text.replaceAll('ӏ', 'l').normalize('NFD')).normalize('NFD'),
  );
}
