// The collector against a real broker: what a sweep sees, each case of a group's lag, and what is missing without a right. About 40 s.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAcls, setScramUser } from '@/harness/access';
import { openConsumer, readAsShareGroup } from '@/harness/consume';
import { openProducer, produce } from '@/harness/produce';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { commitGroupOffsets, createTopic, deleteRecords, deleteTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import type { GroupDetail } from '@/lib/contracts/monitoring/groups';
import { groupDetail as groupDetailContract } from '@/lib/contracts/monitoring/groups';
import { topicConfigsView } from '@/lib/contracts/monitoring/topics';
import { ObservationBuilder, SeriesRegistry, seriesKey } from '@/lib/monitoring/observation';
import { clientFor } from '@/server/kafka/security';
import { KafkaError } from '@/server/kafka/wire/errors';
import { joinStreamsGroup } from '@/server/kafka/wire/testing/streams-member';
import { CONFIG_KEYS } from './configs';
import { windowSamples } from './limits';
import { PartitionSeries } from './partition-series';
import { addCluster, addGroup } from './series';
import type { ClusterSweep } from './sweep';
import { ClusterSweeper } from './sweeper';
import { brokerDetail, brokersPage, quorumView } from './views/brokers';
import { clusterSummary } from './views/cluster';
import { groupDetail } from './views/groups';
import { topicDetail } from './views/topics';

const INTERVAL_MS = 10_000;
const cluster = suiteCluster({
  name: 'swept',
  security: { authorizer: true, tls: true, scramUsers: { viewer: 'viewer-secret' } },
});
const bootstrap = () => cluster().bootstrap;
const sweepers: ClusterSweeper[] = [];
function sweeperOf(config: Partial<ClusterConfig> & { bootstrapServers: string[] }): ClusterSweeper {
  const sweeper = new ClusterSweeper(clusterConfig.parse({ name: 'east', ...config }), () => {});
  sweepers.push(sweeper);
  return sweeper;
}
let sweeper: ClusterSweeper;
beforeAll(() => {
  sweeper = sweeperOf({ bootstrapServers: bootstrap().split(',') });
});
afterAll(() => {
  for (const one of sweepers) one.close();
});

async function swept(by = sweeper): Promise<ClusterSweep> {
  await by.sweep(INTERVAL_MS);
  if (!by.last) throw new Error(by.trouble ?? 'no sweep');
  return by.last;
}
function detailOf(sweep: ClusterSweep, group: string): GroupDetail {
  const detail = groupDetail(sweep, group);
  if (!detail) throw new Error(`no group ${group} in ${sweep.groups?.map(({ name }) => name).join(', ')}`);
  return groupDetailContract.parse(detail);
}
const partitionOf = (sweep: ClusterSweep, group: string, partition = 0) => {
  const row = detailOf(sweep, group).partitions.find((one) => one.partition === partition);
  if (!row) throw new Error(`${group} has nothing in partition ${partition}`);
  return row;
};
const viewer = (): ClusterConfig['security'] => ({
  protocol: 'SASL_SSL',
  sasl: { mechanism: 'SCRAM-SHA-512', username: 'viewer', password: 'viewer-secret' },
  tls: { ca: cluster().security.ca },
});
async function topicWith(
  count: number,
  configs: Record<string, string> = {},
  partitions = 1,
): Promise<string> {
  const topic = uniqueName('swept');
  await createTopic({ bootstrap: bootstrap(), topic, partitions, configs });
  if (count > 0) await produce({ bootstrap: bootstrap(), records: { topic, count, keys: 10 } });
  return topic;
}
async function committed(topic: string, offset: bigint): Promise<string> {
  const group = uniqueName('group');
  await commitGroupOffsets({ bootstrap: bootstrap(), group, topic, offsets: new Map([[0, offset]]) });
  return group;
}
/** Series of an observation of this sweep, by key. */
function observed(sweep: ClusterSweep): Map<string, number> {
  const builder = new ObservationBuilder(new SeriesRegistry());
  addCluster(builder, sweep, sweep.atMs);
  for (const group of sweep.groups ?? []) addGroup(builder, sweep.cluster, group);
  const partitions = new PartitionSeries();
  partitions.addPartitions(builder, sweep);
  partitions.addTopics(builder, sweep);
  const { series, values } = builder.build(sweep.atMs);
  return new Map(series.map(({ metric, labels }, i) => [seriesKey(metric, labels), values[i] as number]));
}

describe('a sweep', () => {
  it('sees brokers, disks, the quorum, features, topics and their configs with where they come from', async () => {
    const topic = await topicWith(50, { 'retention.ms': '3600000', 'cleanup.policy': 'delete' }, 3);
    const sweep = await swept();
    expect(sweep.gaps).toEqual([]);
    expect(sweep).toMatchObject({ complete: true, whole: true, kafkaVersion: '4.3', controllerId: 1 });
    const [broker] = brokersPage(sweep).rows;
    expect(broker).toMatchObject({
      id: 1,
      state: 'SERVING',
      why: null,
      quorumRole: 'LEADER',
      stateChanges: 0,
    });
    expect(broker?.latencyMs).toBeGreaterThan(0);
    expect(broker?.diskUsedRatio).toBeGreaterThan(0);
    expect(Number(broker?.dirs?.[0]?.totalBytes)).toBeGreaterThan(1_000_000);
    expect(brokerDetail(sweep, 1)?.features).toContainEqual({ name: 'metadata.version', min: 7, max: 30 });
    const quorum = quorumView(sweep);
    expect(quorum).toMatchObject({ told: true, leader: 1, headroom: 0, evenVoters: false, fenced: [] });
    expect(quorum.metadataVersion).toBe('4.3');
    expect(Math.abs(quorum.clockOffsetSeconds as number)).toBeLessThan(5);
    const detail = topicDetail(sweep, topic);
    expect(detail?.topic).toMatchObject({
      partitions: 3,
      messages: '50',
      endOffsets: '50',
      offline: 0,
      underMinIsr: 0,
    });
    expect(detail?.configs).toContainEqual({ name: 'retention.ms', value: '3600000', source: 'TOPIC' });
    expect(detail?.configs).toContainEqual({
      name: 'min.insync.replicas',
      value: '1',
      // With eligible leader replicas a cluster sets it for all brokers.
      source: 'ALL_BROKERS',
    });
    expect(detail?.partitions[0]).toMatchObject({
      leader: 1,
      replicas: [1],
      inSync: [1],
      status: 'OK',
      blocked: '0',
    });
    expect(Number(detail?.topic.leaderBytes)).toBeGreaterThan(1_000);
    expect(clusterSummary(sweep)).toMatchObject({
      reachable: true,
      brokers: 1,
      brokersMissing: 0,
      offline: 0,
    });
  });

  it('knows how fast a topic grows from one sweep to the next', async () => {
    const topic = await topicWith(10);
    await swept();
    await produce({ bootstrap: bootstrap(), records: { topic, count: 500 } });
    const row = topicDetail(await swept(), topic)?.topic;
    expect(row?.messagesPerSecond).toBeGreaterThan(1);
    expect(row?.bytesPerSecond).toBeGreaterThan(100);
  });
});

describe('all configs of one topic', () => {
  it('are read with where each comes from', async () => {
    const topic = await topicWith(0, { 'retention.ms': '3600000' });
    await swept();
    const before = Date.now();
    const view = topicConfigsView.parse(await sweeper.topicConfigs(topic));
    expect(view).toMatchObject({ cluster: 'east', topic });
    expect(view.readAt).toBeGreaterThanOrEqual(before);
    const names = view.configs.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(30);
    expect(names).toEqual(names.toSorted());
    for (const name of CONFIG_KEYS) expect(names).toContain(name);
    expect(view.configs.filter(({ source }) => source === 'TOPIC')).toEqual([
      { name: 'retention.ms', value: '3600000', source: 'TOPIC' },
    ]);
    expect(view.configs).toContainEqual({
      name: 'flush.messages',
      value: `${2n ** 63n - 1n}`,
      source: 'DEFAULT',
    });
    expect(view.configs).toContainEqual({ name: 'min.insync.replicas', value: '1', source: 'ALL_BROKERS' });
  });

  it('are not found of a topic that the cluster does not have', async () => {
    await swept();
    expect(await sweeper.topicConfigs(uniqueName('nowhere'))).toBeNull();
  });

  it('take the right to read them, which is named, and are told as soon as it is granted', async () => {
    const topic = await topicWith(0);
    const limited = sweeperOf({
      bootstrapServers: [cluster().security.bootstrap('SASL_SSL')],
      security: viewer(),
    });
    await swept(limited);
    await expect(limited.topicConfigs(topic)).rejects.toThrow(
      `The principal of cluster "east" may not read the configs of topic "${topic}" (TOPIC_AUTHORIZATION_FAILED). Grant it DescribeConfigs on the topic.`,
    );
    const right = { principal: 'User:viewer', resourceType: 'TOPIC', operation: 'DESCRIBE_CONFIGS' } as const;
    await addAcls({ bootstrap: bootstrap(), acls: [{ ...right, resourceName: topic }] });
    await waitFor('the right to hold', async () => {
      const view = await limited.topicConfigs(topic).catch((error: unknown) => {
        if (error instanceof KafkaError) return null;
        throw error;
      });
      return (view?.configs.length ?? 0) > 30;
    });
  });
});

describe('a lag', () => {
  it('is the distance from the commit to the end, with who is assigned, in both protocols', async () => {
    for (const protocol of ['classic', 'consumer'] as const) {
      const topic = await topicWith(100);
      const group = await committed(topic, 0n);
      const consumer = await openConsumer({
        bootstrap: bootstrap(),
        group,
        topics: [topic],
        protocol,
        maxPollRecords: 40,
      });
      await consumer.poll(40);
      await consumer.commit();
      const detail = detailOf(await swept(), group);
      expect(detail.row).toMatchObject({
        type: protocol,
        members: 1,
        partitions: 1,
        lagMessages: '60',
        maxLagMessages: '60',
      });
      expect(detail.partitions[0]).toMatchObject({
        commit: '40',
        end: '100',
        lag: '60',
        status: 'OK',
        compacted: false,
      });
      expect(detail.members).toMatchObject([{ assigned: [{ topic, partitions: [0] }], lagMessages: '60' }]);
      expect(detail.partitions[0]?.memberId).toBe(detail.members?.[0]?.memberId);
      expect(Number(detail.row.lagBytes)).toBeGreaterThan(60);
      await consumer.close();
    }
  });

  it('has no sample where nothing is committed', async () => {
    const topic = await topicWith(10);
    const group = uniqueName('group');
    const consumer = await openConsumer({
      bootstrap: bootstrap(),
      group,
      topics: [topic],
      reset: 'earliest',
    });
    await consumer.poll(10);
    const sweep = await swept();
    expect(detailOf(sweep, group).row).toMatchObject({
      members: 1,
      partitions: 0,
      lagMessages: null,
      maxLagSeconds: null,
    });
    const series = [...observed(sweep).keys()].filter((key) => key.includes(`"${group}"`));
    expect(series.filter((key) => key.includes('lag'))).toEqual([]);
    expect(series.some((key) => key.startsWith('landbridge_group_members'))).toBe(true);
    await consumer.close();
  });

  it('is gone with its topic', async () => {
    const topic = await topicWith(10);
    const kept = await topicWith(10);
    const group = await committed(topic, 3n);
    await commitGroupOffsets({ bootstrap: bootstrap(), group, topic: kept, offsets: new Map([[0, 4n]]) });
    expect(detailOf(await swept(), group).row).toMatchObject({ topics: 2, lagMessages: '13' });
    await deleteTopic({ bootstrap: bootstrap(), topic });
    const sweep = await swept();
    expect(detailOf(sweep, group).row).toMatchObject({ topics: 1, lagMessages: '6', why: null });
    expect([...observed(sweep).keys()].filter((key) => key.includes(`"${topic}"`))).toEqual([]);
  });

  it('is never negative: a group beyond the end is counted apart', async () => {
    const group = await committed(await topicWith(10), 500n);
    const sweep = await swept();
    const { row, partitions } = detailOf(sweep, group);
    expect(row).toMatchObject({ lagMessages: '0', beyondEnd: 1, stalled: 0 });
    expect(partitions).toMatchObject([{ lag: '0', beyondEnd: '490', status: 'BEYOND_END' }]);
    expect(
      observed(sweep).get(`landbridge_group_beyond_end_partitions{cluster="east",group="${group}"}`),
    ).toBe(1);
  });

  it('of a compacted topic is an upper bound, and says so', async () => {
    const group = await committed(await topicWith(10, { 'cleanup.policy': 'compact' }), 2n);
    expect(partitionOf(await swept(), group)).toMatchObject({ lag: '8', compacted: true });
    // Its age is known once a record has been read.
    await waitFor(
      'a reason',
      async () => partitionOf(await swept(), group).why?.includes('compacted') ?? false,
    );
  });

  it('stays 0 while nothing comes, and a record after the silence is not as old as the silence', async () => {
    const topic = await topicWith(10);
    const group = await committed(topic, 10n);
    expect(partitionOf(await swept(), group)).toMatchObject({ lag: '0', lagSeconds: 0, status: 'OK' });
    const before = Date.now();
    await swept();
    await produce({ bootstrap: bootstrap(), records: { topic, count: 1 } });
    const row = partitionOf(await swept(), group);
    expect(row).toMatchObject({ lag: '1', secondsFrom: 'SAMPLES' });
    expect(row.lagSeconds).toBeLessThanOrEqual((Date.now() - before) / 1000);
  });

  it('is as old as its record where nobody has seen the end pass', async () => {
    const topic = await topicWith(0);
    const hourAgo = Date.now() - 3_600_000;
    const records = { topic, count: 100, timestampStart: hourAgo, timestampStepMs: 1_000 };
    await produce({ bootstrap: bootstrap(), records });
    const group = await committed(topic, 0n);
    await waitFor('the record to be read', async () => partitionOf(await swept(), group).lagSeconds !== null);
    const row = partitionOf(await swept(), group);
    expect(row.secondsFrom).toBe('RECORD');
    expect(row.lagSeconds as number).toBeGreaterThan(3_590);
    expect(row.lagSeconds as number).toBeLessThan(3_700);
  });

  it('counts what retention takes in front of a commit, each message once', async () => {
    const topic = await topicWith(100);
    const group = await committed(topic, 10n);
    const lost = async () => detailOf(await swept(), group).row.lost;
    const deleteBefore = (offset: bigint) =>
      deleteRecords({ bootstrap: bootstrap(), topic, before: new Map([[0, offset]]) });
    expect(await lost()).toBe('0');
    await deleteBefore(50n);
    expect(await lost()).toBe('40');
    expect(await lost()).toBe('40');
    await deleteBefore(60n);
    const sweep = await swept();
    expect(detailOf(sweep, group).row.lost).toBe('50');
    expect(partitionOf(sweep, group)).toMatchObject({ status: 'LOST', deleted: '50', start: '60' });
    // Whoever is seen first when it is too late has not lost it before our eyes.
    const late = await committed(topic, 20n);
    expect(detailOf(await swept(), late).row.lost).toBe('0');
    expect(partitionOf(await swept(), late)).toMatchObject({ status: 'LOST', deleted: '40' });
    // As old as what is still there.
    await waitFor('the record to be read', async () => partitionOf(await swept(), late).lagSeconds !== null);
    expect(detailOf(await swept(), late).row).toMatchObject({ why: null, maxLagSeconds: expect.any(Number) });
  });

  it('is measured to the last stable offset: what an open transaction holds back is told apart', async () => {
    const topic = await topicWith(10);
    const group = await committed(topic, 4n);
    const transactionalId = uniqueName('writer');
    const producer = await openProducer({ bootstrap: bootstrap(), transactionalId });
    await producer.begin();
    await producer.send(topic, [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
    await swept();
    const sweep = await swept();
    expect(partitionOf(sweep, group)).toMatchObject({ lag: '6', end: '10', blocked: '3' });
    const summary = clusterSummary(sweep);
    expect(summary.transactions).toMatchObject([{ transactionalId, state: 'Ongoing', partitions: 1 }]);
    expect(summary.oldestTransactionSeconds).toBeGreaterThanOrEqual(0);
    expect(summary.held).toMatchObject([{ topic, partition: 0, blocked: '3' }]);
    expect(summary.held[0]?.producerId).toBe(summary.transactions[0]?.producerId);
    await producer.commit();
    await producer.close();
    // The marker comes a moment after the coordinator's answer.
    await waitFor('the end to move on', async () => partitionOf(await swept(), group).lag === '10');
    expect(partitionOf(await swept(), group).blocked).toBe('0');
  });

  it('of nothing but markers is no age, and no reason to call a group stalled', async () => {
    const topic = await topicWith(0);
    const producer = await openProducer({ bootstrap: bootstrap(), transactionalId: uniqueName('writer') });
    await producer.begin();
    await producer.send(topic, [{ value: 'a' }]);
    await producer.commit();
    await producer.begin();
    await producer.send(topic, [{ value: 'given up' }]);
    await producer.abort();
    await producer.close();
    // The marker, the record that was given up, and its marker.
    const group = await committed(topic, 1n);
    await waitFor('the end to be read', async () => {
      const { lag, lagSeconds } = partitionOf(await swept(), group);
      return lag === '3' && lagSeconds === 0;
    });
    expect(partitionOf(await swept(), group)).toMatchObject({ lag: '3', lagSeconds: 0, status: 'OK' });
  });

  it('that stands while the group has members is stalled after a window, and no more when the commit moves', async () => {
    const topic = await topicWith(100);
    const group = await committed(topic, 0n);
    const without = await committed(topic, 10n);
    const consumer = await openConsumer({
      bootstrap: bootstrap(),
      group,
      topics: [topic],
      maxPollRecords: 40,
    });
    await consumer.poll(40);
    await consumer.commit();
    for (let i = 1; i < windowSamples; i++) await swept();
    expect(partitionOf(await swept(), group).status).toBe('STALLED');
    const sweep = await swept();
    expect(partitionOf(sweep, without).status).toBe('OK');
    expect(observed(sweep).get(`landbridge_group_stalled_partitions{cluster="east",group="${group}"}`)).toBe(
      1,
    );
    await consumer.poll(60);
    await consumer.commit();
    expect(partitionOf(await swept(), group)).toMatchObject({ lag: '0', status: 'OK' });
    await consumer.close();
  });

  it('of a share group is measured from where it begins', async () => {
    const topic = await topicWith(5);
    const group = uniqueName('share');
    let read = 0;
    const reading = readAsShareGroup({
      bootstrap: bootstrap(),
      group,
      topics: [topic],
      limitMs: 60_000,
    }).then((done) => {
      read = done.read;
    });
    await waitFor('it has read something', async () => {
      await produce({ bootstrap: bootstrap(), records: { topic, count: 1 } });
      return read > 0;
    });
    await reading;
    await produce({ bootstrap: bootstrap(), records: { topic, count: 7 } });
    const sweep = await swept();
    expect(detailOf(sweep, group).row).toMatchObject({ type: 'share', partitions: 1, beyondEnd: 0 });
    const { commit, end, lag } = partitionOf(sweep, group);
    expect(BigInt(lag as string)).toBe(BigInt(end as string) - BigInt(commit));
    expect(Number(lag)).toBeGreaterThanOrEqual(7);
  });
});

describe('a streams group', () => {
  it('has its members, and which partitions their tasks read', async () => {
    const topic = await topicWith(4, {}, 2);
    const group = uniqueName('streams');
    const client = clientFor(
      clusterConfig.parse({ name: 'east', bootstrapServers: bootstrap().split(',') }),
      'a-streams-app',
    );
    try {
      // From now on there is a coordinator.
      await committed(topic, 0n);
      const [broker] = (await client.metadata(null)).brokers;
      const connection = await client.connection(broker?.id ?? 1, 'control');
      const member = await joinStreamsGroup(connection, group, [topic]);
      await waitFor('its tasks', async () => (await member.beat()) === 2);
      const told = detailOf(await swept(), group);
      expect(told.row).toMatchObject({ type: 'streams', state: 'Stable', members: 1 });
      expect(told.members).toMatchObject([
        {
          ...{ memberId: member.memberId, clientId: 'a-streams-app' },
          assigned: [{ topic, partitions: [0, 1] }],
        },
      ]);
    } finally {
      client.close();
    }
  });
});

describe('a missing right', () => {
  it('is named, and the rest is swept', async () => {
    const topic = await topicWith(10);
    const group = await committed(topic, 4n);
    const limited = sweeperOf({
      bootstrapServers: [cluster().security.bootstrap('SASL_SSL')],
      security: viewer(),
    });
    const principal = 'User:viewer';
    await addAcls({
      bootstrap: bootstrap(),
      acls: [
        { principal, resourceType: 'TOPIC', resourceName: topic, operation: 'DESCRIBE' },
        { principal, resourceType: 'GROUP', resourceName: group, operation: 'DESCRIBE' },
      ],
    });
    await waitFor('the ACLs to hold', async () => (await swept(limited)).groups?.length === 1);
    const sweep = await swept(limited);
    expect(partitionOf(sweep, group)).toMatchObject({ lag: '6' });
    expect(sweep.complete).toBe(false);
    // Nothing of it was ever told, so nothing of it can be gone.
    expect(sweep.whole).toBe(true);
    const missing = sweep.gaps.map(({ what, right }) => `${what}: ${right}`).sort();
    expect(missing).toEqual([
      'GROUPS: Describe on the cluster',
      'LOG_DIRS: Describe on the cluster',
      'QUORUM: Describe on the cluster',
      'RECORD_TIMES: Read on the topic',
      'TOPIC_CONFIGS: DescribeConfigs on the topic',
    ]);
    expect(clusterSummary(sweep)).toMatchObject({ underMinIsr: null, logBytes: null, controllerId: null });
    // What was told once and is refused now is not gone.
    await addAcls({
      bootstrap: bootstrap(),
      acls: [{ principal, resourceType: 'CLUSTER', resourceName: 'kafka-cluster', operation: 'DESCRIBE' }],
    });
    await waitFor('the quorum to be told', async () => (await swept(limited)).quorum !== null);
    expect((await swept(limited)).gaps.map(({ what }) => what)).not.toContain('LOG_DIRS');
  });

  it('does not keep the expiry of the brokers’ and of the client’s certificate from being known', async () => {
    const sweep = await swept(
      sweeperOf({ bootstrapServers: [cluster().security.bootstrap('SASL_SSL')], security: viewer() }),
    );
    const [certificate] = sweep.certificates;
    expect(certificate).toMatchObject({ certificate: 'broker/1' });
    expect(certificate?.expiresMs).toBeGreaterThan(Date.now());
    const { cert, key } = await cluster().security.clientCertificate({
      name: 'viewer',
      validForMs: 7_200_000,
    });
    const security = { protocol: 'SSL' as const, tls: { ca: cluster().security.ca, cert, key } };
    const mtls = sweeperOf({ bootstrapServers: [cluster().security.bootstrap('MTLS')], security });
    const client = (await swept(mtls)).certificates.find((one) => one.certificate === 'client');
    expect(Math.abs((client?.expiresMs as number) - Date.now() - 7_200_000)).toBeLessThan(120_000);
  });
});

it('takes other credentials without losing what was seen', async () => {
  const at = (password: string) =>
    clusterConfig.parse({
      name: 'east',
      bootstrapServers: [cluster().security.bootstrap('SASL_SSL')],
      security: {
        protocol: 'SASL_SSL',
        sasl: { mechanism: 'SCRAM-SHA-512', username: 'changing', password },
        tls: { ca: cluster().security.ca },
      },
    });
  await setScramUser({ bootstrap: bootstrap(), user: 'changing', password: 'first' });
  const changing = sweeperOf(at('first'));
  const { atMs } = await swept(changing);
  await setScramUser({ bootstrap: bootstrap(), user: 'changing', password: 'second' });
  await changing.signInWith(at('second'));
  const sweep = await swept(changing);
  expect(sweep.atMs).toBeGreaterThan(atMs);
  expect(sweep.brokers).toMatchObject([{ reachable: true, stateChanges: 0 }]);
  expect(changing.progress).toMatchObject({ sweeps: 2, trouble: null });
});

it('says that nobody answers, and keeps what was seen before with its age', async () => {
  const nobody = sweeperOf({ bootstrapServers: ['127.0.0.1:1'] });
  await nobody.sweep(INTERVAL_MS);
  expect(nobody.last).toBeNull();
  expect(nobody.progress.trouble).toMatch(/ECONNREFUSED/);
});
