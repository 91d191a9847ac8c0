/**
 * Opens a store with its key at the start: reads the key, refuses the wrong one, and seals what an older version left plain.
 * Without this nothing that is sealed can be read or written.
 */
import type { Log } from '@/server/log';
import { listStoredConfigs, replaceStoredConfig } from '@/server/store/clusters';
import { readStoreKey, writeStoreKey } from '@/server/store/secret-key';
import type { Store } from '@/server/store/store';
import { inlineFiles } from './inline-files';
import { sealPlainSecrets } from './sealed-config';
import { Secret } from './secret';
import { SecretBox } from './secret-box';
import { keyId, nameOf, readSecretKey, type SecretKeyPlace } from './secret-key';

export type Unlocked = {
  /** For `deriveKey`. */
  secretKey: Secret<Buffer>;
  box: SecretBox;
};

/** @throws StartError when the key is missing, wrong or readable by others */
export async function unlockStore(store: Store, place: SecretKeyPlace, log: Log): Promise<Unlocked> {
  const known = await readStoreKey(store.db);
  const key = readSecretKey(place, known);
  const box = new SecretBox(key);
  const row = { keyId: keyId(key), place: nameOf(place), sealedSinceMs: known?.sealedSinceMs ?? null };
  if (known?.place !== row.place) await writeStoreKey(store.db, row);
  // Set only after the file was rewritten: a crash in between has it rewritten at the next start.
  if (row.sealedSinceMs === null) {
    const sealed = await sealPlainRows(store, box, log);
    store.removeTraces();
    await writeStoreKey(store.db, { ...row, sealedSinceMs: Date.now() });
    if (sealed > 0) {
      log(
        'warn',
        `Secrets of ${sealed} ${sealed === 1 ? 'cluster' : 'clusters'} stood in the store as plain text and are sealed now with the key in ${row.place}. ` +
          'Copies of the data directory that were made before still hold them: delete those copies, or change the passwords.',
      );
    }
  }
  return { secretKey: new Secret(key), box };
}

function sealPlainRows(store: Store, box: SecretBox, log: Log): Promise<number> {
  return store.transaction(async (trx) => {
    let count = 0;
    for (const { name, config } of await listStoredConfigs(trx)) {
      const inlined = inlineFiles(config);
      if (inlined && inlined.lost.length > 0) {
        log(
          'warn',
          `Cluster "${name}" named ${inlined.lost.join(', ')}, which cannot be read as PEM text. Edit the cluster and paste it; only landbridge.yaml may name files.`,
        );
      }
      const sealed = sealPlainSecrets(box, name, inlined?.config ?? config);
      const changed = sealed ?? inlined?.config;
      if (!changed) continue;
      await replaceStoredConfig(trx, name, changed, Date.now());
      if (sealed) count++;
    }
    return count;
  });
}
