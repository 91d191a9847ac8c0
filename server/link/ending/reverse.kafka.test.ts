// Turning mirrors round, there and back, through the whole server and on brokers with ACLs: nothing is lost, nothing is copied, whoever dies in between,
// and where the two sides have parted nothing is turned. About 115 s on a busy machine; LANDBRIDGE_FULL=1 kills the engine at all points.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as sweepRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/sweep/route';
import * as cancelRoute from '@/app/api/links/[destination]/[name]/operations/[id]/cancel/route';
import * as operationRoute from '@/app/api/links/[destination]/[name]/operations/[id]/route';
import * as operationsRoute from '@/app/api/links/[destination]/[name]/operations/route';
import * as linksRoute from '@/app/api/links/route';
import { type AclInput, addAcls, listAcls } from '@/harness/access';
import type { KafkaCluster } from '@/harness/cluster';
import { compareTopics } from '@/harness/compare';
import { openConsumer } from '@/harness/consume';
import { openProducer, produce, startTraffic } from '@/harness/produce';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import {
  createPartitions,
  createTopic,
  describeConfig,
  listGroupOffsets,
  listOffsets,
} from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { clusterConfig } from '@/lib/contracts/cluster';
import type { FromEngine } from '@/lib/contracts/engine';
import type { OperationDetail, StepName } from '@/lib/contracts/operation';
import type { SpawnEngine } from '@/server/engine-supervisor';
import { clientFor } from '@/server/kafka/security';
import { addPartitionsToTxn } from '@/server/kafka/wire/apis/add-partitions-to-txn';
import { endTxn } from '@/server/kafka/wire/apis/end-txn';
import { initProducerId } from '@/server/kafka/wire/apis/producer-id';
import { spawnInProcess } from '@/server/testing/engine-in-process';
import { EngineToKill } from '@/server/testing/engine-to-kill';
import { post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';
import { produceRecord } from '../produce-record';

/** One engine after the other is killed here: the next one need not be waited for. */
const times = { engineRestartMaxDelayMs: 300 };

const users = ['link', 'app'];
const security = {
  authorizer: true as const,
  scramUsers: Object.fromEntries(users.map((user) => [user, `${user}-secret`])),
};
const west = suiteCluster({ name: 'west', security });
const east = suiteCluster({ name: 'east', security });
const sides = { west, east };
type Side = keyof typeof sides;

const engine = new EngineToKill();
let server: TestServer;

const acl = (
  user: string,
  operation: AclInput['operation'],
  resourceType: AclInput['resourceType'] = 'TOPIC',
  resourceName = 'rev.',
): AclInput => ({
  principal: `User:${user}`,
  ...{ resourceType, resourceName, operation },
  patternType: resourceType === 'CLUSTER' ? 'LITERAL' : 'PREFIXED',
});
const configOf = (name: string, cluster: KafkaCluster, username: string) =>
  clusterConfig.parse({
    name,
    bootstrapServers: [cluster.security.bootstrap('SASL_PLAINTEXT')],
    security: {
      protocol: 'SASL_PLAINTEXT',
      sasl: { mechanism: 'SCRAM-SHA-256', username, password: `${username}-secret` },
    },
  });

const startServer = async (spawn: SpawnEngine): Promise<void> => {
  const clusters = [configOf('west', west(), 'link'), configOf('east', east(), 'link')];
  server = await startTestServer({ clusters }, spawn, undefined, times);
};

beforeAll(async () => {
  for (const cluster of [west(), east()])
    await addAcls({
      bootstrap: cluster.bootstrap,
      acls: [
        ...(['CREATE', 'WRITE', 'READ', 'DELETE', 'ALTER', 'ALTER_CONFIGS', 'DESCRIBE_CONFIGS'] as const).map(
          (operation) => acl('link', operation),
        ),
        acl('link', 'WRITE', 'TRANSACTIONAL_ID', 'landbridge-'),
        acl('link', 'WRITE', 'TRANSACTIONAL_ID', 'rev.'),
        acl('link', 'ALTER', 'CLUSTER', 'kafka-cluster'),
        acl('link', 'READ', 'GROUP', 'rev.'),
        acl('app', 'ALL'),
        acl('app', 'ALL', 'TRANSACTIONAL_ID', 'rev.'),
        acl('app', 'ALL', 'TRANSACTIONAL_ID', 'hidden.'),
        acl('app', 'ALL', 'GROUP', 'rev.'),
      ],
    });
  await startServer(spawnInProcess);
  return async () => {
    engine.dies = null;
    await server.close();
  };
});

// --- as an operator does it ---

async function made(topic: string, settings: object = {}): Promise<string> {
  const name = uniqueName('turn');
  const created = await callRoute(
    linksRoute.POST,
    '/api/links',
    post({
      ...{ name, source: 'west', destination: 'east', topics: [topic] },
      settings: { 'metadata.max.age.ms': 1_000, 'acl.sync.ms': 1_000, ...settings },
    }),
  );
  expect(created.status, created.text).toBe(201);
  return name;
}
async function linked(topic: string, settings: Record<string, unknown> = {}): Promise<string> {
  const name = await made(topic, settings);
  await caughtUp(`${settings['cluster.link.prefix'] ?? ''}${topic}`, name, 'east', topic);
  return name;
}

const linkTo = (destination: Side, name: string) => server.runtime.catalog.findLink(destination, name);
const mirrorAt = (topic: string, name: string, destination: Side) => {
  const link = linkTo(destination, name);
  return link && server.runtime.views.facts(link).find((fact) => fact.topic === topic);
};
const ends = (side: Side, topic: string) =>
  listOffsets({ bootstrap: sides[side]().bootstrap, topic, at: 'latest' });

async function caughtUp(topic: string, name: string, destination: Side, sourceTopic = topic): Promise<void> {
  const source = destination === 'east' ? 'west' : 'east';
  await waitFor(`${topic} of ${name} is mirrored to ${destination}`, async () => {
    const mirror = mirrorAt(topic, name, destination);
    if (mirror?.state === 'FAILED') throw new Error(mirror.message ?? 'failed');
    if (mirror?.state !== 'ACTIVE') return false;
    const [at, there] = [await ends(source, sourceTopic), await ends(destination, topic)];
    return [...at].every(([p, end]) => (there.get(p) ?? -1n) === end);
  });
}

async function reverse(
  topic: string,
  name: string,
  destination: Side,
  options: object = {},
  kind: 'REVERSE' | 'PROMOTE' = 'REVERSE',
): Promise<string> {
  const started = await callRoute(operationsRoute.POST, `/api/links/${destination}/${name}/operations`, {
    ...{ method: 'POST', params: { destination, name } },
    body: {
      kind,
      topics: [topic],
      options: { quietMs: 300, ...options },
      reason: 'We turn it round.',
    },
  });
  expect(started.status, started.text).toBe(202);
  const [plan] = started.json.plans;
  expect(plan, plan.message).toMatchObject({ ok: true });
  return plan.operationId;
}
async function operation(name: string, destination: Side, id: string): Promise<OperationDetail> {
  const params = { destination, name, id };
  return (await callRoute(operationRoute.GET, '/api/links/x/y/operations/z', { params })).json;
}
async function ended(name: string, destination: Side, id: string, outcome = 'DONE') {
  let last: OperationDetail | null = null;
  await waitFor(
    `the operation of ${name} ends`,
    async () => {
      last = await operation(name, destination, id);
      return last.outcome !== null;
    },
    { limitMs: 120_000 },
  ).catch((error: Error) => {
    throw new Error(
      `${error.message}: ${JSON.stringify(last?.steps)} ${server.logged.slice(-5).join(' | ')}`,
    );
  });
  const found = last as unknown as OperationDetail;
  expect(found.outcome, `${found.message} ${JSON.stringify(found.steps)}`).toBe(outcome);
  return found;
}

const turnedAt = ({ statement }: OperationDetail) =>
  Object.fromEntries(
    (statement?.partitions ?? []).map(({ partition, turnAt }) => [String(partition), String(turnAt)]),
  );
const equal = (topic: string, from: Side, to: Side, at: Record<string, string>) =>
  compareTopics({
    source: { bootstrap: sides[from]().bootstrap, topic },
    mirror: { bootstrap: sides[to]().bootstrap, topic },
    turnedAt: at,
  });

/** All of what is the mirror's own; in front of that it shows what was aborted while it was a source. */
async function verified(topic: string, name: string, destination: Side): Promise<void> {
  const params = { destination, name, topic };
  const path = `/api/links/${destination}/${name}/mirrors/${topic}/sweep`;
  const begun = await callRoute(sweepRoute.POST, path, { method: 'POST', params, body: {} });
  expect(begun.status, begun.text).toBeLessThan(300);
  const outcome = () => linkTo(destination, name)?.mirrors.get(topic)?.sweep?.outcome ?? null;
  await waitFor('the sweep ends', () => outcome() !== null);
  expect(outcome()).toBe('EQUAL');
}

/** @returns the broker's refusal, or null where the record was appended */
const writes = (side: Side, user: string, topic: string): Promise<string | null> =>
  produceRecord({
    ...{ op: 'produceRecord', topic, key: 'k', value: user },
    cluster: configOf(side, sides[side](), user),
  }).then(
    () => null,
    (error: Error) => error.message,
  );
/** Of an application, which ACLs hold back. */
const appProperties = {
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': 'SCRAM-SHA-256',
  'sasl.jaas.config':
    'org.apache.kafka.common.security.scram.ScramLoginModule required username="app" password="app-secret";',
};
const fences = async (topic: string, side: Side) =>
  (await listAcls({ bootstrap: sides[side]().bootstrap })).filter(
    (one) => one.resourceName === topic && one.permission === 'DENY' && one.principal === 'User:*',
  );

async function topicOf(partitions: number, count: number): Promise<string> {
  const topic = uniqueName('rev.t');
  await createTopic({
    bootstrap: west().bootstrap,
    topic,
    partitions,
    configs: { 'retention.ms': '7200000' },
  });
  if (count > 0) await produce({ bootstrap: west().bootstrap, records: { topic, count } });
  return topic;
}
/** Where an engine dies: at what it is about to do, or has done and not told. */
type Point = (message: FromEngine) => boolean;
const fenceHeld =
  (stands: boolean): Point =>
  (message) =>
    message.type === 'aclsHeld' &&
    message.held.some(({ purpose, bindings }) => purpose === 'FENCE' && bindings.length > 0 === stands);
const said =
  (at: (message: Extract<FromEngine, { type: 'operation' }>) => boolean): Point =>
  (message) =>
    message.type === 'operation' && at(message);
const begun = (name: StepName) =>
  said(({ steps }) => steps.some((step) => step.name === name && step.state !== 'PENDING'));
const points = {
  fencesSource: fenceHeld(true),
  drains: begun('DRAIN'),
  mayFence: said(({ id, fencing }) => id !== null && fencing),
  hasFenced: said(({ statement }) => statement?.partitions.every(({ fence }) => fence !== null) ?? false),
  hasLevelled: said(
    ({ statement }) => statement?.partitions.every(({ turnAt }) => turnAt !== undefined) ?? false,
  ),
  turns: (message) => message.type === 'turn',
  liftsFence: fenceHeld(false),
  isDone: said(({ outcome }) => outcome === 'DONE'),
} satisfies Record<string, Point>;

/** Where the next engine could take it for something else; LANDBRIDGE_FULL=1 kills at all points. */
const hardest = ['fencesSource', 'hasFenced, unheard', 'hasLevelled', 'turns', 'liftsFence'];

afterEach(() => {
  engine.dies = null;
});

describe('a reverse', () => {
  it('under load with transactions loses and copies nothing, and turns back again', async () => {
    const topic = await topicOf(3, 300);
    const traffic = await startTraffic({
      ...{ bootstrap: west().security.bootstrap('SASL_PLAINTEXT'), records: { topic }, ratePerSecond: 200 },
      ...{ transactionalId: topic, recordsPerTransaction: 10, abortRatio: 0.3, lingerMs: 1 },
      properties: { ...appProperties, 'transaction.timeout.ms': '5000' },
    });
    const name = await made(topic);
    await waitFor('it mirrors', () => mirrorAt(topic, name, 'east')?.state === 'ACTIVE');
    const id = await reverse(topic, name, 'east', { openTransactions: 'abort' });
    const done = await ended(name, 'east', id);
    const sent = await traffic.stop();
    expect(sent.acknowledged).toBeGreaterThan(0);
    expect(done.steps.map(({ name: step, state }) => `${step} ${state}`)).toEqual([
      ...['CHECK_BACK DONE', 'REFRESH DONE', 'FENCE_SOURCE DONE', 'DRAIN DONE', 'SYNC_CONFIGS DONE'],
      ...['SYNC_ACLS SKIPPED', 'SYNC_OFFSETS SKIPPED', 'SETTLE DONE', 'FENCE DONE', 'LEVEL DONE'],
      ...['CONFIGS DONE', 'UNLOCK DONE', 'TURN DONE', 'LOCK_BACK DONE', 'STOP DONE'],
    ]);
    expect(done.statement).toMatchObject({
      missing: '0',
      back: { destination: 'west', name, topic },
    });
    expect(await fences(topic, 'west')).toEqual([]);
    await caughtUp(topic, name, 'west');
    // As long as it was, but for the marker that stands for the fence.
    const at = turnedAt(done);
    const west1 = await ends('west', topic);
    for (const [p, end] of west1) expect(end - BigInt(at[String(p)] ?? 0)).toBeLessThanOrEqual(1n);
    expect(await writes('west', 'app', topic)).toMatch(/AUTHORIZATION_FAILED/);
    await produce({
      ...{ bootstrap: east().security.bootstrap('SASL_PLAINTEXT'), properties: appProperties },
      records: { topic, count: 500 },
    });
    await caughtUp(topic, name, 'west');
    await equal(topic, 'east', 'west', at);
    await verified(topic, name, 'west');
    const back = await ended(name, 'west', await reverse(topic, name, 'west'));
    expect(back.statement).toMatchObject({ missing: '0', back: { destination: 'east', name, topic } });
    await caughtUp(topic, name, 'east');
    expect(await writes('west', 'app', topic)).toBeNull();
    await waitFor('the mirror is locked again', async () => (await writes('east', 'app', topic)) !== null);
    await caughtUp(topic, name, 'east');
    await equal(topic, 'west', 'east', turnedAt(back));
    expect(linkTo('west', name)?.mirrors.get(topic)?.stopped?.how).toBe('REVERSE');
    // What its owner had chosen has travelled there and back.
    expect(await describeConfig({ bootstrap: west().bootstrap, topic })).toMatchObject({
      'retention.ms': '7200000',
    });
  });

  it('that is taken back lets producers write again, and the mirror goes on', async () => {
    const topic = await topicOf(1, 10);
    const name = await linked(topic);
    const producer = await openProducer({
      ...{ bootstrap: west().bootstrap, transactionalId: uniqueName('rev.open') },
    });
    await producer.begin();
    await producer.send(topic, [{ value: 'held' }]);
    const id = await reverse(topic, name, 'east');
    await waitFor('it waits for the transaction', async () => {
      const { steps } = await operation(name, 'east', id);
      return /Waits until they end; they can also be aborted\./.test(
        steps.find((step) => step.name === 'DRAIN')?.detail ?? '',
      );
    });
    expect(mirrorAt(topic, name, 'east')?.state).toBe('PENDING_SYNCHRONIZE');
    expect(await writes('west', 'app', topic)).toMatch(/AUTHORIZATION_FAILED/);
    const params = { destination: 'east', name, id };
    await callRoute(cancelRoute.POST, '/api/links/x/y/operations/z/cancel', { method: 'POST', params });
    await ended(name, 'east', id, 'CANCELLED');
    expect(await writes('west', 'app', topic)).toBeNull();
    await producer.commit();
    await producer.close();
    await caughtUp(topic, name, 'east');
    expect(linkTo('west', name)).toBeUndefined();
  });

  it('takes groups along, also under other names: those that moved are synced back, those that stayed are left alone', async () => {
    const topic = await topicOf(1, 100);
    const [moved, stayed] = [uniqueName('rev.moved'), uniqueName('rev.stayed')];
    for (const group of [moved, stayed]) {
      const consumer = await openConsumer({
        ...{ bootstrap: west().bootstrap, group, topics: [topic], reset: 'earliest', maxPollRecords: 10 },
      });
      await consumer.poll(40);
      await consumer.commit();
      await consumer.close();
    }
    const filters = [moved, stayed].map((one) => ({
      name: one,
      patternType: 'LITERAL',
      filterType: 'INCLUDE',
    }));
    const mirror = `rev.p-${topic}`;
    const name = await linked(topic, {
      'cluster.link.prefix': 'rev.p-',
      'consumer.offset.sync.enable': true,
      'consumer.offset.sync.ms': 1_000,
      'consumer.offset.group.filters': JSON.stringify({ groupFilters: filters }),
    });
    const standsAt = async (side: Side, group: string) =>
      (await listGroupOffsets({ bootstrap: sides[side]().bootstrap, group }))[
        side === 'east' ? mirror : topic
      ]?.['0']?.offset;
    const id = await reverse(mirror, name, 'east');
    const done = await ended(name, 'east', id);
    expect(done.steps.find((step) => step.name === 'SYNC_OFFSETS')?.state).toBe('DONE');
    const at = await standsAt('east', moved);
    expect(at).toBe(await standsAt('west', moved));
    const there = await openConsumer({
      ...{ bootstrap: east().bootstrap, group: moved, topics: [mirror], maxPollRecords: 10 },
    });
    await there.poll(20);
    await there.commit();
    await there.close();
    const on = await openConsumer({
      ...{ bootstrap: west().bootstrap, group: stayed, topics: [topic], maxPollRecords: 10 },
    });
    await on.poll(10);
    await on.commit();
    await on.close();
    const stayedAt = await standsAt('west', stayed);
    const movedTo = await standsAt('east', moved);
    expect(movedTo).not.toBe(at);
    await waitFor('the group is synced back', async () => (await standsAt('west', moved)) === movedTo);
    expect(await standsAt('west', stayed)).toBe(stayedAt);
    await produce({ bootstrap: east().bootstrap, records: { topic: mirror, count: 20 } });
    await caughtUp(topic, name, 'west', mirror);
    await compareTopics({
      source: { bootstrap: east().bootstrap, topic: mirror },
      mirror: { bootstrap: west().bootstrap, topic },
    });
  });
});

describe('a promote that fences the source', () => {
  it('keeps producers from it until somebody lifts the fence, and lets them again where it is taken back', async () => {
    const topic = await topicOf(2, 50);
    const name = await linked(topic);
    const waits = await reverse(topic, name, 'east', { fenceSource: true, quietMs: 600_000 }, 'PROMOTE');
    await waitFor('the fence stands', async () => (await fences(topic, 'west')).length > 0);
    await waitFor('it drains', async () =>
      (await operation(name, 'east', waits)).steps.some(
        (step) => step.name === 'DRAIN' && step.state === 'RUNNING',
      ),
    );
    expect(await writes('west', 'app', topic)).toMatch(/AUTHORIZATION_FAILED/);
    const params = { destination: 'east', name, id: waits };
    await callRoute(cancelRoute.POST, '/api/links/x/y/operations/z/cancel', { method: 'POST', params });
    await ended(name, 'east', waits, 'CANCELLED');
    expect(await fences(topic, 'west')).toEqual([]);
    expect(await writes('west', 'app', topic)).toBeNull();
    const done = await ended(
      name,
      'east',
      await reverse(topic, name, 'east', { fenceSource: true }, 'PROMOTE'),
    );
    expect(done.steps[1]).toMatchObject({ name: 'FENCE_SOURCE', state: 'DONE' });
    expect(done.statement?.missing).toBe('0');
    expect(await fences(topic, 'west')).toHaveLength(1);
    expect(await writes('west', 'app', topic)).toMatch(/AUTHORIZATION_FAILED/);
    expect(await writes('east', 'app', topic)).toBeNull();
  });
});

describe('a reverse whose engine dies', () => {
  // From here on in a thread, which can be killed; what runs there is not counted as covered.
  beforeAll(async () => {
    await server.close();
    await startServer(engine.spawn);
  });

  it('turns nothing where somebody wrote behind the end: found before anything is appended', async () => {
    const [before, behind] = [await topicOf(1, 20), await topicOf(1, 20)];
    // Before the two sides are levelled, and after that.
    for (const [topic, step] of [
      [before, 'mayFence'],
      [behind, 'hasLevelled'],
    ] as const) {
      const name = await linked(topic);
      let wrote: Promise<unknown> | null = null;
      engine.dies = (message) => {
        if (wrote || !points[step](message)) return null;
        wrote = produce({ bootstrap: west().bootstrap, records: { topic, count: 1 } });
        engine.nextWaitsFor(wrote);
        return 'HEARD';
      };
      const id = await reverse(topic, name, 'east', { sourceFence: 'none', producersStopped: true });
      const done = await ended(name, 'east', id);
      engine.dies = null;
      await wrote;
      expect(await ends('west', topic)).toEqual(new Map([[0, 21n]]));
      expect(done.statement?.notes.join(' ')).toMatch(/at offset 20|to offset 20/);
      expect(done.steps.find(({ name: one }) => one === 'LOCK_BACK')?.state).toBe('SKIPPED');
      if (step === 'mayFence') expect(linkTo('west', name)).toBeUndefined();
      else
        await waitFor('the mirror on the way back says so', () =>
          /partition 0.*offset 20/.test(mirrorAt(topic, name, 'west')?.message ?? ''),
        );
      // The new source is what it was promised to be.
      expect(await writes('east', 'app', topic)).toBeNull();
    }
  });

  it('says which partitions the source has got behind the fence, and turns nothing where something stands there', async () => {
    for (const count of [0, 5]) {
      const topic = await topicOf(1, 20);
      const name = await linked(topic);
      let grown: Promise<unknown> | null = null;
      engine.dies = (message) => {
        if (grown || !points.mayFence(message)) return null;
        const { bootstrap } = west();
        grown = createPartitions({ bootstrap, topic, partitions: 2 }).then(async () => {
          if (count > 0) await produce({ bootstrap, records: { topic, count, partitions: [1] } });
        });
        engine.nextWaitsFor(grown);
        return 'HEARD';
      };
      const done = await ended(name, 'east', await reverse(topic, name, 'east'));
      engine.dies = null;
      await grown;
      expect(done.statement?.notes.join(' ')).toContain('has got partition 1 at the source behind the fence');
      expect(done.steps.find(({ name: one }) => one === 'LOCK_BACK')?.state).toBe('SKIPPED');
      // Whoever wrote there is a super user: everybody else is still held back.
      expect(await writes('west', 'app', topic)).toMatch(/AUTHORIZATION_FAILED/);
      expect(await writes('east', 'app', topic)).toBeNull();
      if (count > 0) expect(linkTo('west', name)).toBeUndefined();
      else
        await waitFor(
          'the mirror on the way back says so',
          () => mirrorAt(topic, name, 'west')?.error === 'SOURCE_PARTITIONS_DECREASED',
        );
    }
  });

  it('waits for transactions that have written nothing yet, ends them, and fills the markers that come late', async () => {
    const topic = await topicOf(1, 10);
    const name = await linked(topic);
    const client = clientFor(configOf('west', west(), 'app'), 'test');
    const begin = async (transactionalId: string) => {
      await client.metadata([topic]);
      const coordinator = await client.connection(
        await client.transactionCoordinator(transactionalId),
        'control',
      );
      const made = await coordinator.request(initProducerId, {
        transactionalId,
        transactionTimeoutMs: 600_000,
      });
      const { producerId, producerEpoch } = made;
      const own = { transactionalId, producerId, producerEpoch };
      const topics = [{ topic, partitions: [0] }];
      await waitFor('the partition is added', async () => {
        const [added] = await coordinator.request(addPartitionsToTxn, { ...own, topics });
        return added?.errorCode === 0;
      });
      return () => coordinator.request(endTxn, { ...own, commit: false });
    };
    try {
      await begin(uniqueName('rev.silent'));
      // The link may not see this one: its marker comes whenever it likes.
      const endHidden = await begin(uniqueName('hidden.silent'));
      let ending: Promise<unknown> | null = null;
      engine.dies = (message) => {
        if (ending || !points.mayFence(message)) return null;
        ending = endHidden();
        engine.nextWaitsFor(ending);
        return 'HEARD';
      };
      const id = await reverse(topic, name, 'east', { openTransactions: 'abort' });
      const done = await ended(name, 'east', id);
      engine.dies = null;
      await ending;
      expect(done.statement?.notes.join(' ')).toContain('Aborted at the source: rev.silent');
      expect(done.statement).toMatchObject({
        missing: '0',
        partitions: [
          {
            mirrorEnd: '11',
            turnAt: '12',
            note: expect.stringContaining('1 transaction markers came behind'),
          },
        ],
      });
      await produce({ bootstrap: east().bootstrap, records: { topic, count: 20 } });
      await caughtUp(topic, name, 'west');
      await equal(topic, 'east', 'west', turnedAt(done));
    } finally {
      client.close();
    }
  });

  it('is carried on by each next engine, whatever the one before it had done', async () => {
    const topic = await topicOf(2, 100);
    const name = await linked(topic);
    // The store has heard nothing of it by then, or all. After the last word nothing is left to be done.
    const all = Object.entries(points).flatMap(([point, at]) => [
      { what: `${point}, unheard`, at, fate: 'UNHEARD' as const },
      ...(point === 'isDone' ? [] : [{ what: point, at, fate: 'HEARD' as const }]),
    ]);
    const left = process.env.LANDBRIDGE_FULL === '1' ? all : all.filter(({ what }) => hardest.includes(what));
    engine.dies = (message) => {
      const [next] = left;
      if (!next?.at(message)) return null;
      left.shift();
      return next.fate;
    };
    const id = await reverse(topic, name, 'east');
    const done = await ended(name, 'east', id);
    engine.dies = null;
    expect(left.map(({ what }) => what)).toEqual([]);
    expect(done.statement).toMatchObject({ missing: '0', back: { destination: 'west', name, topic } });
    expect(done.steps.filter(({ state }) => state === 'PENDING' || state === 'FAILED')).toEqual([]);
    expect(await fences(topic, 'west')).toEqual([]);
    await produce({ bootstrap: east().bootstrap, records: { topic, count: 50 } });
    await caughtUp(topic, name, 'west');
    await equal(topic, 'east', 'west', turnedAt(done));
    expect(server.runtime.catalog.links.filter((link) => link.name === name)).toHaveLength(2);
  });
});
