/**
 * Seals what must be unreadable at rest: AES-256-GCM, bound to the place where it stands, so that a sealed value moved to
 * another row, column or context cannot be opened. Knows no table; repositories say which place they mean.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey, keyId } from './secret-key';

export type SealPlace = {
  table: string;
  /** Primary key of the row. */
  id: string;
  /** With the path inside, when the column holds JSON. */
  column: string;
  /** What else must be unchanged for the value to open, such as where it is sent to. */
  context?: string;
};

const algorithm = 'aes-256-gcm';
const version = 'lb1';
const nonceBytes = 12;
const tagBytes = 16;

export class SecretBox {
  /** Stands in every envelope. */
  readonly keyId: string;
  readonly #key: Buffer;

  /** @param secretKey the server's key; a key for this purpose is derived from it */
  constructor(secretKey: Buffer) {
    this.keyId = keyId(secretKey);
    this.#key = deriveKey(secretKey, 'secrets at rest');
  }

  /**
   * @returns `lb1.<key id>.<nonce>.<ciphertext and tag>`, base64url. Nonces are random: NIST SP 800-38D allows 2³² under
   *   one key, far above what people type.
   */
  seal(plain: string, place: SealPlace): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(this.#associated(place));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [version, this.keyId, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** @throws SealError when it was sealed with another key, for another place, or was changed */
  open(envelope: string, place: SealPlace): string {
    const [found, id, nonceText, sealedText, ...rest] = envelope.split('.');
    const where = `${place.table} "${place.id}", ${place.column}`;
    if (found !== version || !nonceText || !sealedText || rest.length > 0) {
      throw new SealError(`${where}: this is not a sealed value of this version.`);
    }
    if (id !== this.keyId) {
      throw new SealError(`${where}: sealed with key ${id}, and this server has key ${this.keyId}.`);
    }
    const [nonce, sealed] = [Buffer.from(nonceText, 'base64url'), Buffer.from(sealedText, 'base64url')];
    try {
      const cipher = createDecipheriv(algorithm, this.#key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(this.#associated(place));
      cipher.setAuthTag(sealed.subarray(-tagBytes));
      return Buffer.concat([cipher.update(sealed.subarray(0, -tagBytes)), cipher.final()]).toString('utf8');
    } catch (cause) {
      throw new SealError(
        `${where}: the sealed value does not belong here. The store was changed by something other than Landbridge.`,
        { cause },
      );
    }
  }

  #associated({ table, id, column, context = '' }: SealPlace): Buffer {
    return Buffer.from(JSON.stringify([version, this.keyId, table, id, column, context]));
  }
}

export class SealError extends Error {
  override readonly name = 'SealError';
}
