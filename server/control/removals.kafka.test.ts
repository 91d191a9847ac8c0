// Mirrors and links that are removed with their topics, on brokers with an authorizer: what is deleted is gone from them, what is not stays,
// and nothing that the link has added is left, also when the server dies in between. About 15 s.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AclInput, addAcls, listAcls } from '@/harness/access';
import { produce } from '@/harness/produce';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, deleteTopic, describeTopic, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import type { SpawnEngine } from '@/server/engine-supervisor';
import { spawnInProcess } from '@/server/testing/engine-in-process';
import { startTestServer, type TestServer } from '@/server/testing/test-server';

const source = sharedCluster({ name: 'source' });
const destination = suiteCluster({
  name: 'removals',
  security: { authorizer: true, scramUsers: { link: 'link-secret', alice: 'alice-secret' } },
});
const prefix = uniqueName('removed');
const [one, two, three, four, five] = ['one', 'two', 'three', 'four', 'five'].map(
  (name) => `${prefix}.${name}`,
) as [string, string, string, string, string];
const path = { destination: 'east', name: uniqueName('l') };
const system = { kind: 'system' } as const;

/** Requests of this kind reach no engine, as if the server had died right before. */
let lost = false;
const spawn: SpawnEngine = (events) => {
  const engine = spawnInProcess(events);
  const post: typeof engine.post = (message) => {
    if (lost && message.type === 'request' && message.request.op === 'deleteTopics') return;
    engine.post(message);
  };
  return { ...engine, post };
};

const right = (user: string, operation: AclInput['operation'], over: Partial<AclInput> = {}): AclInput => ({
  principal: `User:${user}`,
  resourceType: 'TOPIC',
  resourceName: prefix,
  patternType: 'PREFIXED',
  operation,
  ...over,
});
const cluster: Partial<AclInput> = {
  resourceType: 'CLUSTER',
  resourceName: 'kafka-cluster',
  patternType: 'LITERAL',
};
const rights = [
  ...(['CREATE', 'WRITE', 'READ', 'DELETE', 'ALTER', 'ALTER_CONFIGS', 'DESCRIBE_CONFIGS'] as const).map(
    (operation) => right('link', operation),
  ),
  right('link', 'ALTER', cluster),
  right('link', 'WRITE', {
    resourceType: 'TRANSACTIONAL_ID',
    resourceName: 'landbridge',
    patternType: 'PREFIXED',
  }),
  right('alice', 'WRITE'),
];

let server: TestServer;
let before: string[];
const standing = async () =>
  (await listAcls({ bootstrap: destination().bootstrap })).map((acl) => JSON.stringify(acl)).sort();
const there = (topic: string) => describeTopic({ bootstrap: destination().bootstrap, topic });
const isThere = (topic: string) =>
  there(topic).then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  await addAcls({ bootstrap: destination().bootstrap, acls: rights });
  before = await standing();
  for (const topic of [one, two, three, four, five]) {
    await createTopic({ bootstrap: source().bootstrap, topic });
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 50 } });
  }
  const clusters = [
    {
      name: 'west',
      bootstrapServers: source().bootstrap.split(','),
      security: { protocol: 'PLAINTEXT' as const },
    },
    {
      name: 'east',
      bootstrapServers: [destination().security.bootstrap('SASL_PLAINTEXT')],
      security: {
        protocol: 'SASL_PLAINTEXT' as const,
        sasl: { mechanism: 'SCRAM-SHA-256' as const, username: 'link', password: 'link-secret' },
      },
    },
  ];
  server = await startTestServer({ clusters }, spawn);
  const request = {
    ...{ name: path.name, source: 'west', destination: 'east', topics: [one, two, three, four, five] },
    settings: { 'metadata.max.age.ms': 1_000, 'acl.sync.ms': 1_000 },
    mirrorOptions: { replicationFactor: null, configs: {} },
  };
  await server.runtime.links.create(system, request, { validateOnly: false });
  const locked = () => server.runtime.catalog.links[0]?.heldAcls.length === 5;
  await waitFor('the five mirrors to be locked', locked);
  const mirrored = async () => {
    const ends = [one, two, three, four, five].map((topic) =>
      listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' }),
    );
    return (await Promise.all(ends)).every((offsets) => offsets.get(0) === 50n);
  };
  await waitFor('all to be mirrored', mirrored);
});
afterAll(() => server?.close());

describe('on brokers', () => {
  it('a mirror goes with its topic and its lock, and one that is kept loses its lock only', async () => {
    const remove = (topic: string, topics: 'keep' | 'delete') =>
      server.runtime.removals.mirror(
        system,
        { ...path, topic },
        { validateOnly: false, topics, confirm: topic },
      );
    expect((await remove(one, 'delete')).message).toBe(
      `The topic of "east" is deleted for good, with all records: ${one}.`,
    );
    expect(await isThere(one)).toBe(false);
    await remove(two, 'keep');
    expect((await listOffsets({ bootstrap: destination().bootstrap, topic: two, at: 'latest' })).get(0)).toBe(
      50n,
    );
    const named = async () =>
      (await standing()).filter((acl) => acl.includes(`"${one}"`) || acl.includes(`"${two}"`));
    await waitFor('nothing of their locks to be left', async () => (await named()).length === 0);
    expect((await standing()).length).toBeGreaterThan(before.length);
  });

  it('a topic that somebody has created anew is not taken for the mirror', async () => {
    const { bootstrap } = destination();
    await deleteTopic({ bootstrap, topic: three });
    const { topicId } = await createTopic({ bootstrap, topic: three });
    const options = { validateOnly: false, topics: 'delete' as const, confirm: three };
    await expect(server.runtime.removals.mirror(system, { ...path, topic: three }, options)).rejects.toThrow(
      'another topic than the mirror',
    );
    expect((await there(three)).topicId).toBe(topicId);
    await server.runtime.removals.mirror(system, { ...path, topic: three }, { validateOnly: false });
    expect((await there(three)).topicId).toBe(topicId);
  });

  it('nor is it after the server was started again, which has not seen the mirror itself any more', async () => {
    const { bootstrap } = destination();
    await server.runtime.links.patchSettings(system, path, { 'cluster.link.paused': true }, false);
    await deleteTopic({ bootstrap, topic: five });
    const { topicId } = await createTopic({ bootstrap, topic: five, partitions: 3 });
    await server.restart();
    const options = { validateOnly: false, topics: 'delete' as const, confirm: five };
    await expect(server.runtime.removals.mirror(system, { ...path, topic: five }, options)).rejects.toThrow(
      'another topic than the mirror',
    );
    expect((await there(five)).topicId).toBe(topicId);
    await server.runtime.removals.mirror(system, { ...path, topic: five }, { validateOnly: false });
    expect((await there(five)).topicId).toBe(topicId);
  });

  it('a link is deleted with its topics by the next server where this one dies, and leaves no ACL', async () => {
    lost = true;
    void server.runtime.removals
      .link(system, path, { validateOnly: false, topics: 'delete', confirm: path.name })
      .catch(() => undefined);
    await waitFor('the store to know', () => server.runtime.catalog.deletions.length === 1);
    expect([server.runtime.catalog.links, await isThere(four)]).toEqual([[], true]);
    lost = false;
    await server.restart();
    await waitFor('the topic to be gone', async () => !(await isThere(four)));
    await waitFor('the store to know that, too', () => server.runtime.catalog.deletions.length === 0);
    expect(await standing()).toEqual(before);
    expect([await isThere(two), await isThere(three)]).toEqual([true, true]);
  });
});
