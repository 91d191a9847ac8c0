// The built product is told to stop (SIGTERM) while it mirrors under load, several times: quickly, in order, and exact afterwards. No browser. About 50 s.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareTopics } from '@/harness/compare';
import { startTraffic } from '@/harness/produce';
import { createTopic, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { Product } from './support/product';
import { expect, test } from './support/test';

const ROUNDS = 3;
/** What operators and service managers may count on; see docs/operations.md. */
const STOP_LIMIT_MS = 5_000;
const [KEY, SECRET] = ['stop-test', 'stop-test-secret'];

test('SIGTERM under load ends the server within 5 s, exit 0, and mirrors are exact after the next start', async ({
  clusters: { source, destination },
}) => {
  test.setTimeout(600_000);
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-stop-'));
  const config = join(folder, 'landbridge.yaml');
  const cluster = (name: string, bootstrap: string) =>
    `  - { name: ${name}, bootstrapServers: ["${bootstrap}"] }\n`;
  await writeFile(
    config,
    `clusters:\n${cluster('source', source.bootstrap)}${cluster('destination', destination.bootstrap)}`,
  );
  const topics = { plain: 'stop-plain', transactional: 'stop-transactional' };
  const { bootstrap } = source;
  await createTopic({ bootstrap, topic: topics.plain, partitions: 4 });
  await createTopic({ bootstrap, topic: topics.transactional, partitions: 2 });
  const traffics = [
    await startTraffic({ bootstrap, records: { topic: topics.plain }, ratePerSecond: 2_000, lingerMs: 1 }),
    await startTraffic({
      bootstrap,
      records: { topic: topics.transactional },
      ratePerSecond: 200,
      lingerMs: 1,
      transactionalId: topics.transactional,
      recordsPerTransaction: 10,
      abortRatio: 0.3,
    }),
  ];
  const product = await Product.start({
    LANDBRIDGE_CONFIG: config,
    LANDBRIDGE_API_KEY: KEY,
    LANDBRIDGE_API_SECRET: SECRET,
  });
  const rest = (path: string, body?: object) =>
    fetch(`${product.url}/kafka/v3/clusters${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Basic ${Buffer.from(`${KEY}:${SECRET}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  try {
    // What the benchmarks of memory are measured with is what people run.
    const environments = product.serverPids().map((pid) => readFile(`/proc/${pid}/environ`, 'utf8'));
    for (const environment of await Promise.all(environments))
      expect(environment.split('\0')).toContain('MALLOC_TRIM_THRESHOLD_=131072');
    const links = `/${destination.clusterId}/links`;
    await waitFor('both clusters have been probed', async () => {
      const text = await (await rest('')).text();
      return text.includes(source.clusterId) && text.includes(destination.clusterId);
    });
    const created = await rest(`${links}?link_name=stop`, { source_cluster_id: source.clusterId });
    expect([created.status, await created.text()]).toEqual([204, '']);
    for (const topic of Object.values(topics)) {
      const mirrored = await rest(`${links}/stop/mirrors`, { source_topic_name: topic });
      expect([mirrored.status, await mirrored.text()]).toEqual([204, '']);
    }
    for (const topic of Object.values(topics)) {
      await waitFor(`${topic} is ACTIVE`, async () =>
        (await (await rest(`${links}/stop/mirrors/${topic}`)).text()).includes('"mirror_status":"ACTIVE"'),
      );
    }
    for (let round = 0; round < ROUNDS; round++) {
      await goesOn(destination.bootstrap, Object.values(topics));
      const { code, ms } = await product.end();
      expect(code, product.output).toBe(0);
      expect(ms).toBeLessThan(STOP_LIMIT_MS);
      await product.launch();
    }
    await Promise.all(traffics.splice(0).map((traffic) => traffic.stop()));
    for (const topic of Object.values(topics)) {
      const wanted = await listOffsets({ bootstrap, topic, at: 'latest', isolation: 'read_committed' });
      await waitFor(`${topic} catches up`, async () => {
        const reached = await listOffsets({ bootstrap: destination.bootstrap, topic, at: 'latest' });
        return [...wanted].every(([partition, end]) => (reached.get(partition) ?? 0n) >= end);
      });
      const mirror = { bootstrap: destination.bootstrap, topic };
      expect((await compareTopics({ source: { bootstrap, topic }, mirror })).records).toBeGreaterThan(100);
    }
  } finally {
    await Promise.all(traffics.map((traffic) => traffic.stop()));
    await product.dispose();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Waits until each mirror has gone on by some records from now. */
async function goesOn(bootstrap: string, topics: string[]): Promise<void> {
  const ends = (topic: string) => listOffsets({ bootstrap, topic, at: 'latest' });
  const sum = async (topic: string) => [...(await ends(topic)).values()].reduce((a, b) => a + b, 0n);
  const before = await Promise.all(topics.map(sum));
  await waitFor('the mirrors go on', async () =>
    (await Promise.all(topics.map(sum))).every((end, i) => end > (before[i] ?? 0n) + 50n),
  );
}
