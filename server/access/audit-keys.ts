/**
 * The keys of the audit chain. Each is derived from a key of the server; those of earlier keys are kept, sealed with the
 * present one, because a row stays chained with the key it was written with.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type AuditKeyRow, listAuditKeys, putAuditKey } from '@/server/store/audit';
import type { Executor } from '@/server/store/store';
import type { ChainKey } from './audit-chain';
import { deriveKey, keyId } from './secret-key';

const nonceBytes = 12;
const tagBytes = 16;

export function chainKeyOf(secretKey: Buffer): ChainKey {
  return { id: keyId(secretKey), key: deriveKey(secretKey, 'audit chain') };
}

/** Every key that rows may be chained with, by id. A key that the present one does not open is left out. */
export function openChainKeys(present: ChainKey, rows: readonly AuditKeyRow[]): Map<string, ChainKey> {
  const keys = new Map<string, ChainKey>();
  for (const row of rows) {
    const key = unseal(present, row);
    if (key) keys.set(row.keyId, { id: row.keyId, key });
  }
  return keys.set(present.id, present);
}

/** Puts the present key where a later one will find it. */
export async function keepChainKey(trx: Executor, present: ChainKey, nowMs: number): Promise<void> {
  const known = await listAuditKeys(trx);
  if (known.some((row) => row.keyId === present.id && unseal(present, row))) return;
  await putAuditKey(trx, { keyId: present.id, sealed: seal(present, present), createdAtMs: nowMs });
}

/**
 * For the command that changes the server's key: seals all keys of the chain anew. Call it in the rotation's transaction.
 *
 * @throws Error naming a key that the old one does not open: rows chained with it could never be verified again
 */
export async function resealChainKeys(
  trx: Executor,
  oldSecret: Buffer,
  newSecret: Buffer,
  nowMs: number = Date.now(),
): Promise<void> {
  const [before, after] = [chainKeyOf(oldSecret), chainKeyOf(newSecret)];
  for (const row of await listAuditKeys(trx)) {
    const key = row.keyId === before.id ? before.key : unseal(before, row);
    if (!key) throw new Error(`The audit key ${row.keyId} cannot be opened with key ${before.id}.`);
    await putAuditKey(trx, { ...row, sealed: seal(after, { id: row.keyId, key }) });
  }
  await keepChainKey(trx, after, nowMs);
}

function seal(present: ChainKey, { id, key }: ChainKey): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(present), nonce).setAAD(Buffer.from(id));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function unseal(present: ChainKey, { keyId: id, sealed }: AuditKeyRow): Buffer | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length <= nonceBytes + tagBytes) return null;
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey(present), bytes.subarray(0, nonceBytes))
    .setAAD(Buffer.from(id))
    .setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    // Sealed with another key: told by its absence.
    return null;
  }
}

/** Not the chain's own key: one key, one use. */
function wrappingKey({ key }: ChainKey): Buffer {
  return Buffer.from(hkdfSync('sha256', key, 'landbridge', 'audit keys at rest', 32));
}
