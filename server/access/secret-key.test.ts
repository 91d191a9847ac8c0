import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from './secret';
import { deriveKey, type KnownKey, keyId, readSecretKey, secretKeyPlace } from './secret-key';

let dir: string;
let dataDir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'landbridge-key-'));
  dataDir = join(dir, 'data');
  mkdirSync(dataDir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const some = Buffer.alloc(32, 'landbridge test key ');
const fromEnvironment = (value: string, known: KnownKey | null = null) =>
  readSecretKey(secretKeyPlace({ LANDBRIDGE_SECRET_KEY: value }, dataDir), known);
const fromFile = (file: string, known: KnownKey | null = null) =>
  readSecretKey(secretKeyPlace({ LANDBRIDGE_SECRET_KEY_FILE: file }, dataDir), known);
const known = (key: Buffer): KnownKey => ({ keyId: keyId(key), place: '/old/place.key' });
const inHome = (home = join(dir, 'home'), data = dataDir) => secretKeyPlace({ HOME: home }, data);

describe('the secret key', () => {
  it('is taken from the environment in base64, base64url or hexadecimal', () => {
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      expect(fromEnvironment(` ${some.toString(encoding)}\n`)).toEqual(some);
    }
    expect(existsSync(join(dir, 'home'))).toBe(false);
  });

  it('is refused when it is no 32 random bytes, without repeating it', () => {
    for (const value of ['correct horse battery staple', some.toString('base64').slice(4), '0'.repeat(64)]) {
      expect(() => fromEnvironment(value)).toThrow(
        expect.objectContaining({ message: expect.stringContaining('openssl rand -base64 32') }),
      );
      expect(() => fromEnvironment(value)).not.toThrow(value);
    }
  });

  it('is made once in a file for its owner only, outside the data directory, one for each directory', () => {
    const place = inHome();
    const key = readSecretKey(place);
    expect(readSecretKey(inHome(), known(key))).toEqual(key);
    expect(statSync(place.file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(place.file)).mode & 0o777).toBe(0o700);
    expect(place.file.startsWith(join(dir, 'home/.config/landbridge/'))).toBe(true);
    expect(readdirSync(dirname(place.file))).toHaveLength(1);
    const other = inHome(undefined, join(dir, 'data2'));
    expect(readSecretKey(other)).not.toEqual(key);
    expect(secretKeyPlace({ XDG_CONFIG_HOME: join(dir, 'xdg') }, dataDir).file).toContain(
      join(dir, 'xdg/landbridge'),
    );
  });

  it('is found through a symbolic link to the data directory', () => {
    const key = readSecretKey(inHome());
    symlinkSync(dataDir, join(dir, 'link'));
    expect(readSecretKey(inHome(undefined, join(dir, 'link')))).toEqual(key);
  });

  it('is refused in a file that others can read', () => {
    const file = join(dir, 'a.key');
    const key = fromFile(file);
    chmodSync(file, 0o640);
    expect(() => fromFile(file)).toThrow(`chmod 600 ${file}`);
    chmodSync(file, 0o400);
    expect(fromFile(file)).toEqual(key);
  });

  it('is refused in a file that holds something else, and inside the data directory', () => {
    const file = join(dir, 'a.key');
    writeFileSync(file, 'torn', { mode: 0o600 });
    expect(() => fromFile(file)).toThrow('does not hold a key');
    expect(() => fromFile(join(dataDir, 'a.key'))).toThrow('is inside the data directory');
    symlinkSync(dataDir, join(dir, 'link'));
    expect(() => fromFile(join(dir, 'link', 'a.key'))).toThrow('is inside the data directory');
    expect(existsSync(join(dataDir, 'a.key'))).toBe(false);
  });

  it('is never made anew for a store that holds sealed values', () => {
    const file = join(dir, 'a.key');
    expect(() => fromFile(file, known(some))).toThrow(
      `sealed with key ${keyId(some)}, last read from /old/place.key, and ${file} does not exist`,
    );
    symlinkSync(join(dir, 'gone'), file);
    expect(() => fromFile(file)).toThrow(`${file} cannot be read`);
    expect(existsSync(file)).toBe(false);
  });

  it('of another store is refused, naming both', () => {
    const other = Buffer.from(some).reverse();
    expect(() => fromEnvironment(other.toString('hex'), known(some))).toThrow(
      `sealed with key ${keyId(some)}, but LANDBRIDGE_SECRET_KEY is key ${keyId(other)}`,
    );
  });

  it('is given in one place only', () => {
    expect(() =>
      secretKeyPlace({ LANDBRIDGE_SECRET_KEY: 'x', LANDBRIDGE_SECRET_KEY_FILE: 'y' }, dataDir),
    ).toThrow('Set one.');
  });

  it('gives each purpose a key of its own, the same every time', () => {
    expect(deriveKey(some, 'audit chain')).toEqual(deriveKey(some, 'audit chain'));
    expect(deriveKey(some, 'audit chain')).not.toEqual(deriveKey(some, 'secrets at rest'));
    expect(deriveKey(some, 'audit chain')).toHaveLength(32);
  });
});

describe('a secret', () => {
  it('says "[secret]" wherever it is printed', () => {
    const secret = new Secret('hunter2');
    const texts = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9, showHidden: true }),
    ];
    for (const text of texts) {
      expect(text).toContain('[secret]');
      expect(text).not.toContain('hunter2');
    }
    expect(secret.reveal()).toBe('hunter2');
  });
});
