// The command as people run it: what it compares, and its exit codes. What is found in a chain is tested with the verifier.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anchorText } from '@/server/access/audit-anchor';
import { openAudit } from '@/server/access/audit-start';
import { unlockStore } from '@/server/access/unlock';
import { openStore } from '@/server/store/store';

const script = fileURLToPath(new URL('./audit-verify.ts', import.meta.url));
let root: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-verify-command-'));
  const dataDir = join(root, 'data');
  const store = openStore(dataDir);
  const log = () => undefined;
  const { secretKey } = await unlockStore(store, { value: null, file: join(root, 'key'), dataDir }, log);
  await openAudit({ store, secretKey: secretKey.reveal(), version: '0', log, observe: () => null });
  await store.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function verify(anchors: string, ...more: string[]) {
  const file = join(root, 'server.log');
  writeFileSync(file, anchors);
  const { LANDBRIDGE_SECRET_KEY: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', script, '--data-dir', join(root, 'data'), '--anchors', file, ...more],
    { encoding: 'utf8', env: { ...env, LANDBRIDGE_SECRET_KEY_FILE: join(root, 'key') } },
  );
  return { status, said: stdout + stderr };
}

it('does not say that a log is whole when the anchors it was given are of another log', () => {
  const other = { log: 'former', seq: 7, mac: '0'.repeat(64), keyId: 'k', at: '2026-11-23T14:00:00Z' };
  const replaced = verify(anchorText(other));
  expect(replaced.status).toBe(1);
  expect(replaced.said).toContain('REPLACED  1 anchors are of the log former, which had 7 rows');
  const allowed = verify(anchorText(other), '--other-logs');
  expect(allowed.status).toBe(0);
  expect(allowed.said).toContain('0 anchors compared, 1 of other logs not');
});

it('refuses a file in which no anchor stands', () => {
  const refused = verify('2026-11-23T14:00:00Z INFO something else\n');
  expect(refused.status).toBe(2);
  expect(refused.said).toContain('no anchor stands in it');
});
