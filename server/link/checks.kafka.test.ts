// What is looked at before a link or a mirror exists: clusters stage by stage, both ends of a link, and a verdict per topic. About 10 s.
import { describe, expect, it } from 'vitest';
import { topicWithDeletedHead } from '@/harness/generate';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import type { EngineRequest, FromEngine } from '@/lib/contracts/engine';
import { mirrorOptions } from '@/lib/contracts/link';
import { ClusterAdmin } from '@/server/kafka/admin';
import { SCRATCH_STALE_MS } from './defaults';
import { Engine } from './engine';
import { SCRATCH_CONFIGS, scratchTopicName } from './scratch-leftovers';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

function config(
  name: string,
  bootstrap: string,
  security: object = { protocol: 'PLAINTEXT' },
): ClusterConfig {
  return clusterConfig.parse({ name, bootstrapServers: bootstrap.split(','), security });
}
const dc1 = () => config('dc1', source().bootstrap);
const cloud = () => config('cloud', destination().bootstrap);

/** Asks as the web thread does. */
async function ask<T>(request: EngineRequest): Promise<T> {
  const answer = await new Promise<Extract<FromEngine, { type: 'answer' }>>((resolve) => {
    const engine = new Engine((message) => {
      if (message.type === 'answer') resolve(message);
    });
    engine.receive({ type: 'request', id: 1, request });
  });
  if (!answer.ok) throw new Error(answer.error ?? 'no reason');
  return answer.value as T;
}
type Check = { stage: string; status: string; message: string };
type Link = { ok: boolean; error: string; source: Check[]; destination: Check[] };
const statuses = (checks: Check[]) => checks.map((c) => `${c.stage} ${c.status}`);

describe('a probe of a cluster', () => {
  it('names its id, release, brokers and each stage', async () => {
    const probe = await ask<{
      clusterId: string;
      kafkaVersion: string;
      brokers: object[];
      checks: Check[];
      reachable: boolean;
    }>({
      op: 'probeCluster',
      cluster: dc1(),
    });
    expect(probe).toMatchObject({ reachable: true, clusterId: source().clusterId, kafkaVersion: '4.3' });
    expect(probe.brokers).toHaveLength(1);
    expect(statuses(probe.checks)).toEqual(['RESOLVE OK', 'TCP OK', 'API_VERSIONS OK', 'METADATA OK']);
  });

  it('goes on to the next bootstrap server when the first is dead', async () => {
    const cluster = config('two', `127.0.0.1:1,${source().bootstrap}`);
    expect(await ask({ op: 'probeCluster', cluster })).toMatchObject({ reachable: true });
  });

  it('names the stage that failed, and what was not run', async () => {
    const probe = await ask<{ checks: Check[] }>({
      op: 'probeCluster',
      cluster: config('none', '127.0.0.1:1'),
    });
    expect(statuses(probe.checks)).toEqual([
      'RESOLVE OK',
      'TCP FAILED',
      'API_VERSIONS NOT_RUN',
      'METADATA NOT_RUN',
    ]);
  });
});

describe('the check of a link', () => {
  it('runs the real sequence on a scratch topic and leaves nothing behind', async () => {
    const link = await ask<Link>({
      op: 'checkLink',
      name: 'checked',
      source: dc1(),
      destination: cloud(),
      scratch: true,
    });
    expect(link).toMatchObject({ ok: true, error: 'NO_ERROR' });
    const scratch = link.destination.find((c) => c.stage === 'SCRATCH_TOPIC');
    expect(scratch).toMatchObject({ status: 'OK' });
    expect(scratch?.message).toContain('came out at the planned offsets');
    const topics = await ask<{ name: string }[]>({ op: 'listTopics', cluster: cloud() });
    expect(topics.filter((t) => t.name.startsWith('landbridge-check-'))).toEqual([]);
  });

  it('deletes scratch topics that checks have left when they died, and no other topic', async () => {
    const { bootstrap } = destination();
    const longAgo = Date.now() - 2 * SCRATCH_STALE_MS;
    const like = (over: Partial<Parameters<typeof createTopic>[0]> = {}) => ({
      ...{ bootstrap, topic: scratchTopicName(longAgo), configs: { ...SCRATCH_CONFIGS } },
      ...over,
    });
    const left = [like(), like({ partitions: 2 })];
    const others = [
      like({ topic: scratchTopicName(Date.now()) }),
      like({ partitions: 3 }),
      like({ configs: {} }),
      like({ configs: { ...SCRATCH_CONFIGS, 'retention.ms': '1000' } }),
      like({ configs: { ...SCRATCH_CONFIGS, 'segment.ms': '60000' } }),
      like({ topic: `landbridge-check-${longAgo}-of-orders` }),
      like({ topic: `x-${scratchTopicName(longAgo)}` }),
    ];
    await Promise.all([...left, ...others].map(createTopic));
    const request = {
      op: 'checkLink',
      name: 'tidy',
      source: dc1(),
      destination: cloud(),
      scratch: true,
    } as const;
    expect(await ask<Link>(request)).toMatchObject({ ok: true });
    const topics = await ask<{ name: string }[]>({ op: 'listTopics', cluster: cloud() });
    const there = topics.map(({ name }) => name).filter((name) => name.includes('landbridge-check-'));
    expect(there.sort()).toEqual(others.map(({ topic }) => topic).sort());
    const admin = new ClusterAdmin(cloud(), 'test');
    await Promise.all(there.map((topic) => admin.deleteTopic(topic)));
    await admin.close();
  });

  it('refuses a link from a cluster to itself', async () => {
    const itself = { ...dc1(), name: 'again' };
    const link = await ask<Link>({
      op: 'checkLink',
      name: 'loop',
      source: dc1(),
      destination: itself,
      scratch: true,
    });
    expect(link.ok).toBe(false);
    expect(link.source.find((c) => c.stage === 'CLUSTER_ID')?.message).toContain(
      'Both ends are the same cluster',
    );
    expect(link.destination.find((c) => c.stage === 'SCRATCH_TOPIC')?.status).toBe('NOT_RUN');
  });

  it.each([
    ['127.0.0.1:1', 'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR'],
    ['no-such-host.invalid:9092', 'UNRESOLVABLE_BOOTSTRAP_ERROR'],
  ])('calls %s by its error', async (bootstrap, error) => {
    const gone = config('gone', bootstrap);
    const link = await ask<Link>({
      op: 'checkLink',
      name: 'gone',
      source: gone,
      destination: cloud(),
      scratch: false,
    });
    expect(link).toMatchObject({ ok: false, error });
  });

  it('tells a TLS client on a plain listener from a cluster that is away', async () => {
    const tls = config('tls', source().bootstrap, { protocol: 'SSL' });
    const link = await ask<Link>({
      op: 'checkLink',
      name: 'tls',
      source: tls,
      destination: cloud(),
      scratch: false,
    });
    expect(statuses(link.source).slice(0, 3)).toEqual(['RESOLVE OK', 'TCP OK', 'TLS FAILED']);
    expect(link.error).toBe('AUTHENTICATION_ERROR');
  });
});

describe('the verdict on a mirror', () => {
  it('says what will be created, and how much lies in front of it and behind', async () => {
    const { bootstrap } = source();
    const plain = uniqueName('verdict');
    const old = uniqueName('old');
    await createTopic({ bootstrap, topic: plain, partitions: 3 });
    await produce({ bootstrap, records: { topic: plain, count: 90 } });
    await topicWithDeletedHead({ bootstrap, topic: old, deleted: 500, kept: 20 });
    const there = uniqueName('there');
    await createTopic({ bootstrap, topic: there, partitions: 1 });
    await createTopic({ bootstrap: destination().bootstrap, topic: there, partitions: 2 });
    const options = mirrorOptions.parse({});
    const mirror = (topic: string, chosen: object = {}) => ({
      topic,
      sourceTopic: topic,
      options: { ...options, ...chosen },
    });
    const verdicts = await ask<{ ok: boolean; message: string; headFill: string; backlog: string }[]>({
      op: 'checkMirrors',
      source: dc1(),
      destination: cloud(),
      mirrors: [
        mirror(plain),
        mirror(old),
        mirror('not-there'),
        mirror('__consumer_offsets'),
        mirror(there),
        mirror(plain, { replicationFactor: 3 }),
        mirror(plain, { configs: { 'retention.ms': '1' } }),
      ],
    });
    expect(verdicts.map((v) => v.ok)).toEqual([true, true, false, false, false, false, false]);
    expect(verdicts[0]).toMatchObject({ backlog: '90', headFill: '0' });
    expect(verdicts[1]).toMatchObject({ backlog: '20', headFill: '500' });
    expect(verdicts[2]?.message).toContain("doesn't exist on dc1");
    expect(verdicts[4]?.message).toContain('has the same number');
    expect(verdicts[5]?.message).toContain('needs 3 brokers');
    expect(verdicts[6]?.message).toContain("retention.ms can't be chosen");
  });
});
