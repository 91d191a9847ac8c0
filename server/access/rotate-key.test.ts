import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { insertCluster, listClusters } from '@/server/store/clusters';
import { openStore, type Store } from '@/server/store/store';
import { openAudit } from './audit-start';
import { readKeyFile } from './key-file';
import { rotateKey } from './rotate-key';
import { Secret } from './secret';
import { keyId, type SecretKeyPlace } from './secret-key';
import { unlockStore } from './unlock';

let dir: string;
let dataDir: string;
let file: string;
let place: SecretKeyPlace;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'landbridge-rotate-'));
  dataDir = join(dir, 'data');
  file = join(dir, 'secret.key');
  place = { value: null, file, dataDir };
  store = openStore(dataDir);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const reopen = async () => {
  await store.close();
  store = openStore(dataDir);
};
const quiet = () => undefined;
const open = (at = place) => unlockStore(store, at, quiet);
const west = {
  name: 'west',
  bootstrapServers: ['w:1'],
  security: {
    protocol: 'SASL_PLAINTEXT' as const,
    sasl: { mechanism: 'PLAIN' as const, username: 'lb', password: 's3cret' },
  },
};

/** A store as a server leaves it: a cluster, a person's second factor, an audit log. */
async function fill(at = place): Promise<void> {
  const { box, secretKey } = await open(at);
  const { audit } = await openTheAudit(secretKey.reveal());
  await insertCluster(store.db, box, west, 1);
  const person = { id: 'p1', userName: 'ann', userNameFolded: 'ann', displayName: 'Ann', grants: '[]' };
  const totpSecret = box.seal('totp-s3cret', { table: 'person', id: 'p1', column: 'totpSecret' });
  await store.db
    .insertInto('person')
    .values({
      ...person,
      issuer: null,
      subject: null,
      passwordHash: null,
      grantsFrom: 'CONSOLE',
      disabled: 0,
      totpSecret,
      createdAtMs: 1,
      updatedAtMs: 1,
      lastSignInAtMs: null,
    })
    .execute();
  await audit.record({ actor: { kind: 'system' }, operation: 'before', target: 'x' });
}

const openTheAudit = (secretKey: Buffer) =>
  openAudit({ store, secretKey, version: '0', log: quiet, observe: () => null });

async function expectWhole(at = place): Promise<void> {
  await reopen();
  const { box, secretKey } = await open(at);
  expect(await listClusters(store.db, box)).toEqual([west]);
  const { id, totpSecret } = await store.db
    .selectFrom('person')
    .select(['id', 'totpSecret'])
    .executeTakeFirstOrThrow();
  expect(box.open(totpSecret!, { table: 'person', id, column: 'totpSecret' })).toBe('totp-s3cret');
  // The log goes on under the new key, and nothing of it is taken for a change from outside.
  await openTheAudit(secretKey.reveal());
  const operations = (await store.db.selectFrom('audit').select('operation').orderBy('seq').execute()).map(
    (row) => row.operation,
  );
  expect(operations).toEqual(['start server', 'before', 'change secret key', 'start server']);
}

describe('changing the key', () => {
  it('seals everything anew, keeps the former file, and says it in the audit log', async () => {
    await fill();
    const former = readKeyFile(file);
    const done = await rotateKey(store, place, null);
    expect(done).toEqual({
      from: keyId(former),
      to: keyId(readKeyFile(file)),
      resealed: 2,
      formerKeyFile: `${file}.${keyId(former)}`,
    });
    expect(done.to).not.toBe(done.from);
    expect(readKeyFile(`${file}.${keyId(former)}`)).toEqual(former);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const name of readdirSync(dataDir)) {
      expect(readFileSync(join(dataDir, name)).includes(`lb1.${done.from}.`)).toBe(false);
    }
    await expectWhole();
  });

  it('takes the new key from the environment, and then the old one is refused', async () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const inEnvironment = (key: Buffer) => ({ ...place, value: new Secret(key.toString('base64')) });
    await fill(inEnvironment(first));
    await expect(rotateKey(store, inEnvironment(first), null)).rejects.toThrow('LANDBRIDGE_NEW_SECRET_KEY');
    const done = await rotateKey(store, inEnvironment(first), new Secret(second.toString('hex')));
    expect(done).toMatchObject({ from: keyId(first), to: keyId(second), resealed: 2, formerKeyFile: null });
    await expect(open(inEnvironment(first))).rejects.toThrow(`sealed with key ${keyId(second)}`);
    await expectWhole(inEnvironment(second));
    expect(existsSync(file)).toBe(false);
  });

  it('that fails in the middle leaves everything under the old key', async () => {
    await fill();
    const former = readKeyFile(file);
    await store.db.updateTable('person').set({ totpSecret: 'lb1.damaged.x.y' }).execute();
    await expect(rotateKey(store, place, null)).rejects.toThrow('person "p1", totpSecret');
    await reopen();
    const { box } = await open();
    expect(box.keyId).toBe(keyId(former));
    expect(await listClusters(store.db, box)).toEqual([west]);
  });

  it('does not hide that the audit log was emptied: nothing is changed before a start has recorded that', async () => {
    await fill();
    const former = readKeyFile(file);
    const triggers = ['auditNeverRemoved', 'auditCutNeverRemoved'];
    for (const trigger of triggers) await sql`drop trigger ${sql.ref(trigger)}`.execute(store.db);
    for (const table of ['audit', 'auditHead'] as const) await store.db.deleteFrom(table).execute();
    await expect(rotateKey(store, place, null)).rejects.toThrow('Start the server once: it writes that down');
    expect((await open()).box.keyId).toBe(keyId(former));
  });

  it.each(['before the commit', 'after the commit', 'between the two files'])(
    'that was killed %s is finished by the next run; the server does not start in between with a wrong key',
    async (moment) => {
      await fill();
      const former = readKeyFile(file);
      if (moment === 'before the commit') {
        const { transaction } = store;
        store.transaction = () => Promise.reject(new Error('killed'));
        await expect(rotateKey(store, place, null)).rejects.toThrow('killed');
        store.transaction = transaction;
        await reopen();
        expect((await open()).box.keyId).toBe(keyId(former));
      } else {
        store.removeTraces = () => {
          throw new Error('killed');
        };
        await expect(rotateKey(store, place, null)).rejects.toThrow('killed');
        if (moment === 'between the two files') renameSync(file, `${file}.${keyId(former)}`);
        await reopen();
        await expect(open()).rejects.toThrow('Run "npm run secrets:rotate" again');
      }
      const next = readKeyFile(`${file}.new`);
      const done = await rotateKey(store, place, null);
      expect(done.to).toBe(keyId(next));
      expect(done.resealed).toBe(moment === 'before the commit' ? 2 : null);
      expect(readKeyFile(file)).toEqual(next);
      expect(existsSync(`${file}.new`)).toBe(false);
      expect(readKeyFile(`${file}.${keyId(former)}`)).toEqual(former);
      await expectWhole();
    },
  );

  it('leaves a way back: a data directory from before starts with the key of that time', async () => {
    await fill();
    await store.close();
    cpSync(dataDir, join(dir, 'backup'), { recursive: true });
    store = openStore(dataDir);
    const { from } = await rotateKey(store, place, null);
    await store.close();
    rmSync(dataDir, { recursive: true });
    renameSync(join(dir, 'backup'), dataDir);
    store = openStore(dataDir);
    const former = `${file}.${from}`;
    await expect(open()).rejects.toThrow(`Start with key ${from}, which is in ${former}`);
    const { box } = await open({ ...place, file: former });
    expect(await listClusters(store.db, box)).toEqual([west]);
  });

  it('needs a store that was started once', async () => {
    await expect(rotateKey(store, place, null)).rejects.toThrow('Start the server once');
    expect(existsSync(`${file}.new`)).toBe(false);
  });
});
