/**
 * Changes the key of a server that is stopped: seals everything anew in one transaction, then puts the new key file in the old
 * one's place. May be killed at any point and run again; the store and one of the two key files always belong together.
 */

import { randomUUID } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { StartError } from '@/server/errors';
import { listAuditKeys } from '@/server/store/audit';
import { listStoredConfigs, replaceStoredConfig } from '@/server/store/clusters';
import { resealChannels } from '@/server/store/health-settings';
import { readStoreKey, type StoreKey, writeStoreKey } from '@/server/store/secret-key';
import type { Executor, Store } from '@/server/store/store';
import { AuditChain } from './audit-chain';
import { chainKeyOf, openChainKeys, resealChainKeys } from './audit-keys';
import { rowOf } from './audit-row';
import { createKeyFile, formerKeyFile, nextKeyFile, readKeyFile } from './key-file';
import { resealConfig } from './sealed-config';
import type { Secret } from './secret';
import { SecretBox } from './secret-box';
import { keyId, nameOf, readSecretKey, type SecretKeyPlace } from './secret-key';

export type Rotated = {
  from: string;
  to: string;
  /** Values that were sealed anew now; null when an earlier run had done that already. */
  resealed: number | null;
  /** Where the former key is now: backups from before need it. Null when it was never in a file. */
  formerKeyFile: string | null;
};

/**
 * @param place where the present key is
 * @param newKey null: a new one is made, in the file beside the present one
 * @throws StartError; nothing was changed then, or the next run goes on from there
 */
export async function rotateKey(
  store: Store,
  place: SecretKeyPlace,
  newKey: Secret | null,
  nowMs: () => number = Date.now,
): Promise<Rotated> {
  const known = await readStoreKey(store.db);
  if (known === null || known.sealedSinceMs === null) {
    throw new StartError(
      'This store has no key yet: nothing in it was ever sealed. Start the server once; it makes one.',
    );
  }
  if (place.value && !newKey) {
    throw new StartError(
      'The present key comes from LANDBRIDGE_SECRET_KEY: give the new one in LANDBRIDGE_NEW_SECRET_KEY (openssl rand -base64 32).',
    );
  }
  const newPlace: SecretKeyPlace = newKey
    ? { ...place, value: newKey }
    : { ...place, file: nextKeyFile(place.file) };
  const next = newKey || existsSync(newPlace.file) ? readSecretKey(newPlace) : createKeyFile(newPlace.file);
  const done = known.keyId === keyId(next);
  const row = {
    keyId: keyId(next),
    place: nameOf(newKey ? newPlace : place),
    sealedSinceMs: known.sealedSinceMs,
  };
  const resealed = done ? null : await reseal(store, readSecretKey(place, known), next, row, nowMs());
  // What was sealed with the former key is not left behind in free pages.
  store.removeTraces();
  const from = done ? formerId(place, next) : known.keyId;
  return {
    from,
    to: row.keyId,
    resealed,
    formerKeyFile: place.value ? null : newKey ? place.file : replaceKeyFile(place.file, next),
  };
}

function reseal(store: Store, oldKey: Buffer, newKey: Buffer, row: StoreKey, atMs: number): Promise<number> {
  const [before, after] = [new SecretBox(oldKey), new SecretBox(newKey)];
  return store.transaction(async (trx) => {
    let count = 0;
    for (const { name, config } of await listStoredConfigs(trx)) {
      const sealed = resealConfig(before, after, name, config);
      await replaceStoredConfig(trx, name, sealed.config, atMs);
      count += sealed.count;
    }
    count += await resealSecondFactors(trx, before, after);
    count += await resealChannels(trx, before, after);
    await resealChainKeys(trx, oldKey, newKey, atMs);
    await writeStoreKey(trx, row);
    await record(trx, newKey, { before: { keyId: before.keyId }, after: { keyId: after.keyId } }, atMs);
    return count;
  });
}

async function resealSecondFactors(trx: Executor, before: SecretBox, after: SecretBox): Promise<number> {
  const rows = await trx
    .selectFrom('person')
    .select(['id', 'totpSecret'])
    .where('totpSecret', 'is not', null)
    .execute();
  for (const { id, totpSecret } of rows) {
    const place = { table: 'person', id, column: 'totpSecret' };
    const sealed = after.seal(before.open(totpSecret ?? '', place), place);
    await trx.updateTable('person').set({ totpSecret: sealed }).where('id', '=', id).execute();
  }
  return rows.length;
}

async function record(
  trx: Executor,
  newKey: Buffer,
  change: { before: object; after: object },
  atMs: number,
): Promise<void> {
  const key = chainKeyOf(newKey);
  const chain = new AuditChain(key, openChainKeys(key, await listAuditKeys(trx)), () => {
    throw new StartError(
      'The audit log was changed by something other than Landbridge. Start the server once: it writes that down and goes on. Then change the key.',
    );
  });
  const operation = {
    actor: { kind: 'system' as const },
    operation: 'change secret key',
    target: { type: 'secretKey' as const, name: key.id, scope: { kind: 'everywhere' as const } },
    ...change,
  };
  const moment = {
    operationId: randomUUID(),
    kind: 'EVENT',
    atMs,
    result: 'OK',
    message: null,
    requestId: null,
  };
  await chain.append(trx, [rowOf(operation, moment)]);
}

/** The former key stays beside the new one: backups of the store from before need it. */
function replaceKeyFile(file: string, next: Buffer): string | null {
  let former: string | null = null;
  if (existsSync(file)) {
    const present = readKeyFile(file);
    if (present.equals(next)) return null;
    former = formerKeyFile(file, keyId(present));
    renameSync(file, former);
  }
  if (existsSync(nextKeyFile(file))) renameSync(nextKeyFile(file), file);
  return former;
}

const formerId = (place: SecretKeyPlace, next: Buffer): string => {
  if (place.value || !existsSync(place.file)) return 'before';
  const present = readKeyFile(place.file);
  return present.equals(next) ? 'before' : keyId(present);
};
