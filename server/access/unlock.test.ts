import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { insertCluster, listClusters } from '@/server/store/clusters';
import { openStore, type Store } from '@/server/store/store';
import { type Unlocked, unlockStore } from './unlock';

let dir: string;
let dataDir: string;
let logged: string[];
let store: Store | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'landbridge-unlock-'));
  dataDir = join(dir, 'data');
  logged = [];
});
afterEach(async () => {
  await store?.close();
  store = null;
  rmSync(dir, { recursive: true, force: true });
});

const keyFile = () => join(dir, 'secret.key');
async function unlock(): Promise<Unlocked & { store: Store }> {
  await store?.close();
  store = openStore(dataDir);
  const place = { value: null, file: keyFile(), dataDir };
  const unlocked = await unlockStore(store, place, (level, message) => logged.push(`${level} ${message}`));
  return { ...unlocked, store };
}

const security = {
  protocol: 'SASL_PLAINTEXT' as const,
  sasl: { mechanism: 'PLAIN' as const, username: 'lb', password: 's3cret-of-an-old-store' },
};
const west = { name: 'west', bootstrapServers: ['w:1'], security };
const inFiles = (text: string) =>
  readdirSync(dataDir).filter((file) => readFileSync(join(dataDir, file)).includes(text));

/** A store as the version before wrote it: plain passwords, no key; with rows that were deleted since. */
async function writeOldStore(): Promise<void> {
  store = openStore(dataDir);
  const { db } = store;
  const { name, ...config } = west;
  const row = { config: JSON.stringify(config), createdAtMs: 1, updatedAtMs: 1 };
  await db
    .insertInto('cluster')
    .values({ name, ...row })
    .execute();
  await db
    .insertInto('cluster')
    .values({ name: 'gone', ...row })
    .execute();
  await db.deleteFrom('cluster').where('name', '=', 'gone').execute();
  await db
    .insertInto('cluster')
    .values({
      ...row,
      name: 'open',
      config: JSON.stringify({ bootstrapServers: ['o:1'], security: { protocol: 'PLAINTEXT' } }),
    })
    .execute();
}

describe('a store at its start', () => {
  it('has its plain secrets sealed, and none is left in its files', async () => {
    await writeOldStore();
    expect(inFiles('s3cret-of-an-old-store')).not.toEqual([]);
    const { store: open, box } = await unlock();
    expect(inFiles('s3cret-of-an-old-store')).toEqual([]);
    const clusters = await listClusters(open.db, box);
    expect(clusters.map((cluster) => cluster.name)).toEqual(['open', 'west']);
    expect(clusters[1]).toEqual(west);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain(
      `warn Secrets of 1 cluster stood in the store as plain text and are sealed now with the key in ${keyFile()}`,
    );
    await unlock();
    expect(logged).toHaveLength(1);
  });

  it('has the certificate files that it named taken in, and names none afterwards', async () => {
    store = openStore(dataDir);
    const pem = (what: string, text: string) => `-----BEGIN ${what}-----\n${text}\n-----END ${what}-----`;
    const [cert, key, other] = ['cert.pem', 'key.pem', 'other'].map((name) => join(dir, name));
    writeFileSync(cert!, `# ours\n${pem('CERTIFICATE', 'AAAA')}\n`);
    writeFileSync(key!, pem('PRIVATE KEY', 's3cret-key'));
    writeFileSync(other!, 'root:x:0:0');
    const add = (name: string, tls: object) =>
      store!.db
        .insertInto('cluster')
        .values({
          name,
          config: JSON.stringify({ bootstrapServers: ['w:1'], security: { protocol: 'SSL', tls } }),
          createdAtMs: 1,
          updatedAtMs: 1,
        })
        .execute();
    await add('a', { certFile: cert, keyFile: key, serverName: 'w' });
    await add('b', { caFile: other });
    const { store: open, box } = await unlock();
    const [a, b] = await listClusters(open.db, box);
    expect(a?.security.tls).toEqual({
      cert: pem('CERTIFICATE', 'AAAA'),
      key: pem('PRIVATE KEY', 's3cret-key'),
      serverName: 'w',
    });
    expect(b?.security.tls).toEqual({});
    expect(logged.join()).toContain(`Cluster "b" named ${other}, which cannot be read as PEM text`);
    expect(inFiles('s3cret-key')).toEqual([]);
  });

  it('that was interrupted before its file was rewritten has that done at the next start', async () => {
    await writeOldStore();
    await store!.close();
    store = openStore(dataDir);
    store.removeTraces = () => {
      throw new Error('the power is gone');
    };
    const place = { value: null, file: keyFile(), dataDir };
    await expect(unlockStore(store, place, () => undefined)).rejects.toThrow('the power is gone');
    const { store: open, box } = await unlock();
    expect(inFiles('s3cret-of-an-old-store')).toEqual([]);
    expect((await listClusters(open.db, box))[1]).toEqual(west);
  });

  it('refuses when its key is gone or another, and goes on when it is back', async () => {
    const first = await unlock();
    await insertCluster(first.store.db, first.box, west, 1);
    renameSync(keyFile(), `${keyFile()}.away`);
    await expect(unlock()).rejects.toThrow(
      `are sealed with key ${first.box.keyId}, last read from ${keyFile()}, and ${keyFile()} does not exist`,
    );
    expect(existsSync(keyFile())).toBe(false);
    renameSync(`${keyFile()}.away`, keyFile());
    const again = await unlock();
    expect(await listClusters(again.store.db, again.box)).toEqual([west]);
  });

  it('leaves nothing of a removed cluster to the next of that name', async () => {
    const { store: open, box } = await unlock();
    await insertCluster(open.db, box, west, 1);
    const sealed = await open.db.selectFrom('cluster').select('config').executeTakeFirstOrThrow();
    await open.db.deleteFrom('cluster').execute();
    await insertCluster(
      open.db,
      box,
      { ...west, bootstrapServers: ['other:1'], security: { protocol: 'PLAINTEXT' } },
      2,
    );
    const { config } = await open.db.selectFrom('cluster').select('config').executeTakeFirstOrThrow();
    expect(config).not.toContain('sealed');
    // Even the old envelope, put back by hand, opens only for the servers that it was typed for.
    const tampered = { ...JSON.parse(sealed.config), bootstrapServers: ['other:1'] };
    await open.db
      .updateTable('cluster')
      .set({ config: JSON.stringify(tampered) })
      .execute();
    await expect(listClusters(open.db, box)).rejects.toThrow('does not belong here');
  });
});
