// The one row that says with which key this store's secrets are sealed. Never the key.
import type { Executor } from './store';

export type StoreKey = {
  keyId: string;
  /** Where the key was when it was last used: for messages when it is missing. */
  place: string;
  /** Null until no plain secret is left in the file. */
  sealedSinceMs: number | null;
};

export async function readStoreKey(db: Executor): Promise<StoreKey | null> {
  const row = await db
    .selectFrom('secretKey')
    .select(['keyId', 'place', 'sealedSinceMs'])
    .where('id', '=', 1)
    .executeTakeFirst();
  return row ?? null;
}

export async function writeStoreKey(db: Executor, key: StoreKey): Promise<void> {
  await db
    .insertInto('secretKey')
    .values({ id: 1, ...key })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(key))
    .execute();
}
