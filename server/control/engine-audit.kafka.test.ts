// What the audit log holds of a real engine at work on real brokers, and its anchors in a Kafka topic.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as linksRoute from '@/app/api/links/route';
import { produce } from '@/harness/produce';
import { readRecords } from '@/harness/records';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createPartitions, createTopic, deleteRecords, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { anchorsIn } from '@/server/access/audit-anchor';
import { verifyStore } from '@/server/access/audit-verify';
import { listAudit } from '@/server/store/audit';
import { spawnInProcess } from '@/server/testing/engine-in-process';
import { post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

const source = suiteCluster({ name: 'audited' });
const destination = sharedCluster();
const anchors = uniqueName('audit-anchors');
const fresh = uniqueName('fresh');
const existing = uniqueName('existing');

let server: TestServer;
beforeAll(async () => {
  await createTopic({ bootstrap: destination().bootstrap, topic: anchors });
  await createTopic({ bootstrap: source().bootstrap, topic: fresh, partitions: 2 });
  await createTopic({ bootstrap: source().bootstrap, topic: existing });
  await createTopic({
    bootstrap: destination().bootstrap,
    topic: existing,
    configs: { 'retention.ms': '604800000' },
  });
  await produce({ bootstrap: source().bootstrap, records: { topic: fresh, count: 100 } });
  const cluster = (name: string, bootstrap: string) => ({
    name,
    bootstrapServers: bootstrap.split(','),
    security: { protocol: 'PLAINTEXT' as const },
  });
  const clusters = [cluster('west', source().bootstrap), cluster('east', destination().bootstrap)];
  const audit = { keepDays: null, anchor: { cluster: 'east', topic: anchors } };
  server = await startTestServer({ clusters, audit }, spawnInProcess);
});
afterAll(() => server?.close());

const ofEngine = async () =>
  (await listAudit(server.runtime.store.db, 500)).filter(({ actorKind }) => actorKind === 'engine');
const about = async (operation: string, topic: string) => {
  const rows = (await ofEngine()).filter((row) => row.operation === operation);
  const items = rows.flatMap(({ details }) => (details as { topics?: Item[] }).topics ?? []);
  return items.find((item) => item.topic === topic);
};
type Item = { topic: string; before: Record<string, string> | null; after: Record<string, string> };
const seen = async (operation: string, topic: string): Promise<Item> => {
  let found: Item | undefined;
  const look = async () => {
    found = await about(operation, topic);
    return found !== undefined;
  };
  await waitFor(`"${operation}" about ${topic}`, look);
  return found as Item;
};

describe('the audit log of a running link', () => {
  it('has the topics that the engine created, and the configs it set on others, before and after', async () => {
    const request = {
      name: uniqueName('l'),
      source: 'west',
      destination: 'east',
      topics: [fresh, existing],
      settings: { 'metadata.max.age.ms': 1000 },
    };
    const created = await callRoute(linksRoute.POST, '/api/links', post(request));
    expect(created.status, created.text).toBe(201);
    expect(await seen('create mirror topics', fresh)).toMatchObject({
      before: null,
      after: { partitions: '2', 'retention.ms': '-1', 'cleanup.policy': 'delete' },
    });
    expect(await seen('set configs of mirror topics', existing)).toMatchObject({
      before: { 'retention.ms': '604800000' },
      after: { 'retention.ms': '-1' },
    });
    const active = async () =>
      (await ofEngine()).some(
        ({ operation, after }) =>
          operation === 'change state of mirrors' && (after as { state: string }).state === 'ACTIVE',
      );
    await waitFor('the mirrors to be active', active);
  });

  it('has partitions that were added, and records that were deleted as at the source', async () => {
    await createPartitions({ bootstrap: source().bootstrap, topic: fresh, partitions: 3 });
    expect(await seen('add partitions to mirror topics', fresh)).toMatchObject({
      before: { partitions: '2' },
      after: { partitions: '3' },
    });
    await deleteRecords({ bootstrap: source().bootstrap, topic: fresh, before: new Map([[0, 10n]]) });
    const mirror = { bootstrap: destination().bootstrap, topic: fresh };
    const followed = async () => (await listOffsets({ ...mirror, at: 'earliest' })).get(0) === 10n;
    await waitFor('the mirror to begin where its source does', followed);
    await server.restart();
    expect(await about('delete records of mirror topics', fresh)).toMatchObject({
      before: { 0: '0' },
      after: { 0: '10' },
    });
  });

  it('is anchored in the topic at the start and at the stop, and those anchors verify it', async () => {
    const records = async () =>
      readRecords({ bootstrap: destination().bootstrap, topic: anchors }).catch(() => []);
    await waitFor('anchors of two starts and a stop', async () => (await records()).length >= 3);
    const told = anchorsIn((await records()).map(({ value }) => value?.toString()).join('\n'));
    expect(told.length).toBeGreaterThanOrEqual(3);
    const logged = anchorsIn(server.logged.join('\n'));
    for (const anchor of told) expect(logged).toContainEqual(anchor);
    const key = server.runtime.secretKey.reveal();
    expect(await verifyStore(server.runtime.store.db, key, told)).toMatchObject({
      problems: [],
      anchors: told.length,
    });
  });
});
