// The DEMO as a newcomer starts it: real clusters, real traffic, a link, and nothing left behind however it ends.
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { compareTopics, TopicsDiffer } from '@/harness/compare';
import { freePorts } from '@/harness/ports';
import { waitFor } from '@/harness/wait-for';
import { marked, newMark, start, whenGone } from '@/scripts/lib/processes.mjs';

test.describe.configure({ mode: 'serial', timeout: 600_000 });

const script = fileURLToPath(new URL('../scripts/demo.mjs', import.meta.url));
const READY_LIMIT_MS = 300_000;
const GONE_LIMIT_MS = 60_000;

let dir = '';
let port = 0;
let mark = '';
let demo: ChildProcess;
let output = '';

test.beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'landbridge-demo-'));
  port = (await freePorts(1))[0] as number;
});

test.afterAll(async () => {
  if (demo?.exitCode === null && demo.signalCode === null) demo.kill('SIGKILL');
  await whenGone(mark, GONE_LIMIT_MS);
  await rm(dir, { recursive: true, force: true });
});

async function startDemo(): Promise<string> {
  mark = newMark();
  output = '';
  demo = start(process.execPath, [script], {
    mark,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LANDBRIDGE_DEMO_DIR: dir, PORT: String(port) },
  });
  for (const stream of [demo.stdout, demo.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const address = () => /The demo is ready: (http:\S+)/.exec(output)?.[1];
  await waitFor(
    'the demo',
    () => {
      if (demo.exitCode !== null) throw new Error(`The demo ended with code ${demo.exitCode}:\n${output}`);
      return address() !== undefined;
    },
    { limitMs: READY_LIMIT_MS },
  );
  return address() as string;
}

/** Opens the link that the demo prints, as its reader does. @returns the console's own address */
async function signIn(page: Page, link: string): Promise<string> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const { origin } = new URL(link);
  await expect(page).toHaveURL(`${origin}/`);
  return origin;
}

async function bootstrapOf(cluster: string): Promise<string> {
  const saved = JSON.parse(await readFile(join(dir, cluster, 'cluster.json'), 'utf8')) as { ports: number[] };
  return saved.ports.map((p) => `127.0.0.1:${p}`).join(',');
}

/** The traffic goes on while both sides are read: a look that falls between two reads is taken again. */
async function expectEqual(topic: string, compacted = false): Promise<void> {
  const [source, mirror] = [await bootstrapOf('dc1'), await bootstrapOf('cloud')];
  const compare = () =>
    compareTopics({
      source: { bootstrap: source, topic },
      mirror: { bootstrap: mirror, topic },
      expectMirrorEnd: 'any',
      ...(compacted ? { compacted, allow: { cleanedAtSource: true, expiredTombstones: true } } : {}),
    });
  let records = 0;
  await waitFor(`a quiet look at ${topic}`, async () => {
    try {
      records = (await compare()).records;
      return true;
    } catch (error) {
      const between = ['OPEN_TRANSACTION', 'UNSTABLE'];
      if (error instanceof TopicsDiffer && between.includes(error.difference.kind)) return false;
      throw error;
    }
  });
  expect(records).toBeGreaterThan(0);
}

test('the first start shows five topics of a shop mirrored to the other cluster, each equal to its source', async ({
  page,
}) => {
  const address = await signIn(page, await startDemo());
  await page.goto(`${address}/links/cloud/dc1-to-cloud`);
  const mirrors = page.getByRole('table', { name: 'Mirrors of dc1-to-cloud' });
  for (const topic of ['orders', 'payments', 'customers', 'clicks', 'shipments'])
    await expect(mirrors.getByRole('row').filter({ hasText: topic })).toContainText('Active');
  for (const topic of ['orders', 'payments', 'shipments']) await expectEqual(topic);
  await expectEqual('customers', true);
});

test('a demo that is killed leaves nothing running', async () => {
  expect(marked(mark).length).toBeGreaterThan(3);
  demo.kill('SIGKILL');
  expect(await whenGone(mark, GONE_LIMIT_MS)).toEqual([]);
});

test('the next start goes on with the same link and data, and Ctrl-C ends everything', async ({ page }) => {
  const address = await signIn(page, await startDemo());
  expect(output).toContain('The link dc1 → cloud is there');
  await page.goto(`${address}/links/cloud/dc1-to-cloud`);
  await expect(page.getByRole('table', { name: 'Mirrors of dc1-to-cloud' })).toContainText('orders');
  await expectEqual('payments');
  demo.kill('SIGINT');
  await waitFor('the demo to end', () => demo.exitCode !== null, { limitMs: GONE_LIMIT_MS });
  expect(demo.exitCode).toBe(0);
  // Its own watchdog takes its leave a moment later.
  expect(await whenGone(mark, GONE_LIMIT_MS)).toEqual([]);
});
