// The file that holds the server's key: read by its owner only, made whole or not at all. Knows nothing of what the key is for.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StartError } from '@/server/errors';

export const secretKeyBytes = 32;

/** Where `npm run secrets:rotate` keeps the new key until the store is sealed with it. */
export const nextKeyFile = (file: string): string => `${file}.new`;

/** Where it leaves the former one: data directories from before need it. */
export const formerKeyFile = (file: string, id: string): string => `${file}.${id}`;

/** Base64 (also of URLs) or hexadecimal; null when it is not 32 bytes of either. */
export function parseKey(text: string): Buffer | null {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null;
  const key = Buffer.from(trimmed, 'base64');
  return key.length === secretKeyBytes ? key : null;
}

/** Made whole or not at all, and never over another: readers see either no file or 32 bytes. */
export function createKeyFile(file: string, key: Buffer = randomBytes(secretKeyBytes)): Buffer {
  const draft = join(/* turbopackIgnore: true */ dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const handle = openSync(/* turbopackIgnore: true */ draft, 'wx', 0o600);
    try {
      writeSync(handle, `${key.toString('base64')}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    try {
      linkSync(draft, file);
    } finally {
      unlinkSync(draft);
    }
    syncFolder(dirname(file));
  } catch (error) {
    throw new StartError(
      `The key file ${file} cannot be made. Set LANDBRIDGE_SECRET_KEY_FILE to a place outside the data directory that this user can write, ` +
        'or give the key itself in LANDBRIDGE_SECRET_KEY (openssl rand -base64 32).',
      { cause: error },
    );
  }
  return key;
}

/** @throws StartError when it is not a key, or others than its owner may read it */
export function readKeyFile(file: string): Buffer {
  const { mode, uid } = unlessUnreadable(file, () => statSync(file));
  if ((mode & 0o077) !== 0) {
    throw new StartError(
      `The key file ${file} can be read by others (mode ${(mode & 0o777).toString(8)}). Run: chmod 600 ${file}. If others have had the time to read it, change the key afterwards: npm run secrets:rotate.`,
    );
  }
  const own = process.getuid?.();
  if (own !== undefined && uid !== own) {
    throw new StartError(
      `The key file ${file} belongs to user ${uid}, and this server runs as user ${own}. Run: chown ${own} ${file}.`,
    );
  }
  const key = parseKey(unlessUnreadable(file, () => readFileSync(file, 'utf8')));
  if (key) return key;
  throw new StartError(
    `The key file ${file} does not hold a key: 32 bytes in base64 or hexadecimal, on one line. Put it back from its backup.`,
  );
}

function unlessUnreadable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StartError(
      `The key file ${file} cannot be read. It must belong to the user that runs the server.`,
      {
        cause: error,
      },
    );
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
