/**
 * The one key of this server, from the environment or from a file outside the data directory. Everything else that needs
 * a key derives it from here. It never makes a new key for a store that was sealed with another one.
 */
import { createHash, hkdfSync } from 'node:crypto';
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { StartError } from '@/server/errors';
import { createKeyFile, formerKeyFile, nextKeyFile, parseKey, readKeyFile, secretKeyBytes } from './key-file';
import { Secret } from './secret';

/** Each purpose has a key of its own: what one of them gives away says nothing about the others. */
export type KeyPurpose = 'key id' | 'secrets at rest' | 'audit chain' | 'session tokens' | 'reported names';

/** Where the key is. `value` is set when the environment holds it; `file` is the file that holds it otherwise. */
export type SecretKeyPlace = { value: Secret | null; file: string; dataDir: string };

type Environment = Record<string, string | undefined>;

/** @throws StartError when both are set, or no place for the file is known */
export function secretKeyPlace(environment: Environment, dataDir: string): SecretKeyPlace {
  const value = environment.LANDBRIDGE_SECRET_KEY?.trim();
  const file = environment.LANDBRIDGE_SECRET_KEY_FILE?.trim();
  if (value && file) {
    throw new StartError('LANDBRIDGE_SECRET_KEY and LANDBRIDGE_SECRET_KEY_FILE are both set. Set one.');
  }
  return {
    value: value ? new Secret(value) : null,
    file: value ? '' : file ? resolve(/* turbopackIgnore: true */ file) : defaultFile(environment, dataDir),
    dataDir,
  };
}

/** What the store knows of its key. */
export type KnownKey = { keyId: string; place: string };

/**
 * @param known the key that the store was sealed with; null for a store that has never had one: only then may a file be made
 * @returns 32 bytes, the same at every start
 * @throws StartError saying which key is missing, wrong or readable by others, and what to do
 */
export function readSecretKey(place: SecretKeyPlace, known: KnownKey | null = null): Buffer {
  refuseInterrupted(place, known);
  const key = place.value ? keyFromEnvironment(place.value) : keyFromFile(place, known);
  if (known === null || keyId(key) === known.keyId) return key;
  throw new StartError(
    `The secrets in the data directory ${place.dataDir} are sealed with key ${known.keyId}, but ${nameOf(place)} is key ${keyId(key)}. ` +
      `Start with key ${known.keyId}, ${formerPlace(place, known)}. To change the key, run "npm run secrets:rotate" (docs/secrets.md).`,
  );
}

/** Tells keys apart without saying anything about them: stands in envelopes, in the store and in messages. */
export function keyId(key: Buffer): string {
  return deriveKey(key, 'key id').subarray(0, 6).toString('hex');
}

/** HKDF-SHA-256 (RFC 5869) with the purpose as info; 32 bytes. */
export function deriveKey(key: Buffer, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', key, 'landbridge', purpose, secretKeyBytes));
}

/** A data directory put back from before a change of the key needs the key of that time, which the change has kept. */
function formerPlace({ file }: SecretKeyPlace, { keyId: id, place }: KnownKey): string {
  const former = formerKeyFile(file, id);
  return file !== '' && isThere(former)
    ? `which is in ${former} (LANDBRIDGE_SECRET_KEY_FILE)`
    : `last read from ${place}`;
}

export function nameOf(place: SecretKeyPlace): string {
  return place.value ? 'LANDBRIDGE_SECRET_KEY' : place.file;
}

function keyFromEnvironment(value: Secret): Buffer {
  const key = parseKey(value.reveal());
  if (key && !key.every((byte) => byte === key[0])) return key;
  throw new StartError(
    'LANDBRIDGE_SECRET_KEY is not a key: it must be 32 random bytes in base64 or hexadecimal. Make one with: openssl rand -base64 32',
  );
}

function keyFromFile(place: SecretKeyPlace, known: KnownKey | null): Buffer {
  refuseInside(place);
  if (isThere(place.file)) return readKeyFile(place.file);
  if (known === null) return createKeyFile(place.file);
  throw new StartError(
    `The secrets in the data directory ${place.dataDir} are sealed with key ${known.keyId}, last read from ${known.place}, and ${place.file} does not exist. ` +
      'Put the key file back from its backup, name it with LANDBRIDGE_SECRET_KEY_FILE, or give the key in LANDBRIDGE_SECRET_KEY. ' +
      'A new key could not read them, so none is made. If the key is lost, docs/secrets.md says what then.',
  );
}

function refuseInterrupted({ value, file }: SecretKeyPlace, known: KnownKey | null): void {
  if (value || known === null || !isThere(nextKeyFile(file))) return;
  if (keyId(readKeyFile(nextKeyFile(file))) !== known.keyId) return;
  throw new StartError(
    `The change of the key was interrupted: the store is sealed with the key in ${nextKeyFile(file)} already. Run "npm run secrets:rotate" again; it goes on from there.`,
  );
}

/** Whoever copies the data directory must not have the key with it. */
function refuseInside({ file, dataDir }: SecretKeyPlace): void {
  const way = relative(realPath(dataDir), join(realPath(dirname(file)), basename(file)));
  if (way.startsWith('..') || isAbsolute(way)) return;
  throw new StartError(
    `The key file ${file} is inside the data directory ${dataDir}: a copy of the one would be a copy of the other. Set LANDBRIDGE_SECRET_KEY_FILE to a place outside.`,
  );
}

function defaultFile(environment: Environment, dataDir: string): string {
  const configHome = environment.XDG_CONFIG_HOME?.trim();
  const folder =
    configHome && isAbsolute(configHome)
      ? configHome
      : join(environment.HOME?.trim() || homeFolder(), '.config');
  const name = createHash('sha256').update(realPath(dataDir)).digest('hex').slice(0, 16);
  return join(/* turbopackIgnore: true */ folder, 'landbridge', `${name}.key`);
}

function homeFolder(): string {
  try {
    return homedir();
  } catch (error) {
    throw new StartError(
      'This user has no home directory for the key file. Set LANDBRIDGE_SECRET_KEY_FILE or LANDBRIDGE_SECRET_KEY.',
      { cause: error },
    );
  }
}

/** Of what does not exist yet: the real path of the nearest folder that does, and the rest as it is. */
function realPath(path: string): string {
  if (existsSync(/* turbopackIgnore: true */ path)) return realpathSync(/* turbopackIgnore: true */ path);
  const parent = dirname(path);
  return parent === path ? path : join(realPath(parent), basename(path));
}

/** A dangling symbolic link is there: it must not be taken for a first start. */
function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
