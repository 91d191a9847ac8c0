// The harness itself: clusters start, survive what tests do to them, and leave nothing behind.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster } from './cluster';
import { describeCluster } from './describe-cluster';
import { waitFor } from './wait-for';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a paused broker answers nothing until it is resumed', async () => {
  const cluster = await startCluster({ name: 'paused' });
  try {
    const [broker] = cluster.brokers;
    await broker?.standStill();
    await expect(describeCluster('127.0.0.1', broker?.port ?? 0, 300)).rejects.toThrow('did not answer');
    broker?.resume();
    await broker?.waitUntilReady();
  } finally {
    await cluster.stop();
  }
});

test('a cluster in a folder of its own keeps id, port and data from one start to the next', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'landbridge-kept-'));
  try {
    const first = await startCluster({ dir });
    await first.stop();
    const second = await startCluster({ dir });
    await second.stop();
    expect([second.clusterId, second.bootstrap]).toEqual([first.clusterId, first.bootstrap]);
    await expect(startCluster({ dir, brokers: 3 })).rejects.toThrow('holds a cluster of 1 brokers, not 3');
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('kill -9 of the process that started a cluster leaves neither broker nor folder behind', async () => {
  const work = await mkdtemp(join(tmpdir(), 'landbridge-orphan-'));
  const script = join(work, 'start.mts');
  await writeFile(
    script,
    `import { startCluster } from ${JSON.stringify(new URL('cluster.ts', import.meta.url).pathname)};
     const c = await startCluster({ name: 'orphan', brokers: 2 });
     await c.broker(2).kill();
     console.log(JSON.stringify({ dir: c.dir, pid: c.broker(1).pid }));
     setInterval(() => {}, 1000);`,
  );
  const tsx = new URL('../node_modules/tsx/dist/loader.mjs', import.meta.url).href;
  const parent = spawn(process.execPath, ['--import', tsx, script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  parent.stdout.on('data', (chunk) => {
    output += chunk;
  });
  try {
    const up = () => output.includes('\n') || parent.exitCode !== null;
    await waitFor('the child to start its cluster', up, { limitMs: 180_000 });
    const started: { dir: string; pid: number } = JSON.parse(output);
    expect(isAlive(started.pid)).toBe(true);
    parent.kill('SIGKILL');
    await waitFor('its broker to go', () => !isAlive(started.pid));
    await waitFor('its folder to go', () => !existsSync(started.dir));
  } finally {
    parent.kill('SIGKILL');
    await rm(work, { recursive: true });
  }
});
