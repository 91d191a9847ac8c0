import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { bundleEngine } from '@/harness/engine-bundle';

const dir = mkdtempSync(join(process.cwd(), '.cache/native-calls-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const bundled = (name: string) =>
  bundleEngine(`server/threads/testing/${name}.ts`, join(dir, `${name}.cjs`), ['libsql']);

it('lets a thread be ended in the midst of its work with a database, without the process being aborted', async () => {
  const [ends, program] = [bundled('end-busy-databases'), bundled('busy-database.worker')];
  const run = (...args: string[]) => promisify(execFile)(process.execPath, [ends, program, ...args]);
  await expect(run('watched')).resolves.toMatchObject({ stderr: '' });
}, 60_000);
