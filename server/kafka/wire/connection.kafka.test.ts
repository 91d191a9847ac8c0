// The wire client against real brokers: every way in, every way to be refused, and what is known after a broker is gone.
import { describe, expect, it } from 'vitest';
import { startCluster } from '@/harness/cluster';
import { describeCluster } from '@/harness/describe-cluster';
import { freePorts } from '@/harness/ports';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { fetch } from './apis/fetch';
import { listOffsets, OFFSET_LATEST, REPLICA_DEBUG } from './apis/list-offsets';
import { metadata } from './apis/metadata';
import { produce } from './apis/produce';
import { ClusterClient } from './cluster-client';
import { Connection, type ConnectionOptions, type Security } from './connection';
import { ConnectError, ConnectionLostError, KafkaError, TimeoutError } from './errors';
import { buildFiller, readBatches } from './record-batch';
import { SlabPool } from './slab';

// A killed broker comes back only when its session has ended.
const properties = { 'broker.session.timeout.ms': '1500', 'broker.heartbeat.interval.ms': '300' };
const cluster = suiteCluster({
  name: 'wire',
  security: { plainUsers: { alice: 'secret' }, tls: true },
  properties,
});
const PLAIN: Security = { tls: null, sasl: null };
const ways = () => {
  const { bootstrap, security } = cluster();
  return {
    bootstrap,
    sasl: security.bootstrap('SASL_PLAINTEXT'),
    tls: security.bootstrap('SSL'),
    ca: security.ca,
  };
};

function open(server: string, security: Security, more: Partial<ConnectionOptions> = {}) {
  const [host, port] = server.split(':') as [string, string];
  return Connection.open({
    host,
    port: Number(port),
    label: 'broker 1',
    security,
    clientId: 'wire-test',
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 5_000,
    maxFrameBytes: 64 * 1024 * 1024,
    pool: null,
    ...more,
  });
}
const plain = (more: Partial<ConnectionOptions> = {}) => open(cluster().bootstrap, PLAIN, more);
const done = (connection: Connection) => connection.destroy(new ConnectionLostError('test', 'done'));
/** Stopped for sure: the signal takes a moment to reach all threads. */
async function pausedBroker() {
  const broker = cluster().broker(1);
  broker.pause();
  const silent = () =>
    describeCluster('127.0.0.1', broker.port, 200).then(
      () => false,
      () => true,
    );
  await waitFor('the broker to stand still', silent);
  return broker;
}
const alice = (password: string) => ({ mechanism: 'PLAIN' as const, username: 'alice', password });

async function answers(server: string, security: Security): Promise<void> {
  const stages: string[] = [];
  const connection = await open(server, security, { onStage: (stage) => stages.push(stage) });
  const { clusterId, brokers } = await connection.request(metadata, { topics: [] });
  expect(clusterId).toBe(cluster().clusterId);
  expect(brokers).toHaveLength(1);
  expect(stages).toEqual([
    'RESOLVE',
    'TCP',
    ...(security.tls ? ['TLS'] : []),
    ...(security.sasl ? ['SASL'] : []),
    'API_VERSIONS',
  ]);
  done(connection);
}

async function refusal(server: string, security: Security, more: Partial<ConnectionOptions> = {}) {
  const error = await open(server, security, more).then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ConnectError);
  return error as ConnectError;
}

describe('ways in', () => {
  it('connects in plain text, with SASL PLAIN, and with TLS by name and by address', async () => {
    const { bootstrap, sasl, tls, ca } = ways();
    await answers(bootstrap, PLAIN);
    await answers(sasl, { tls: null, sasl: alice('secret') });
    await answers(tls, { tls: { ca }, sasl: null });
    await answers(tls.replace('127.0.0.1', 'localhost'), { tls: { ca }, sasl: null });
    await answers(tls, { tls: { ca, serverName: 'localhost' }, sasl: null });
  });

  it('names SASL for a wrong password or user, and never shows the password', async () => {
    const server = ways().sasl;
    const wrong = await refusal(server, { tls: null, sasl: alice('wrong-password') });
    expect(wrong).toMatchObject({ stage: 'SASL', retriable: false });
    expect(wrong.message).toContain('sign-in of alice failed');
    expect(wrong.message).not.toContain('wrong-password');
    const nobody = { mechanism: 'PLAIN' as const, username: 'mallory', password: 'secret' };
    expect(await refusal(server, { tls: null, sasl: nobody })).toMatchObject({ stage: 'SASL' });
  });

  it('names TLS for an unknown CA and for a certificate of another name', async () => {
    const server = ways().tls;
    const unknown = await refusal(server, { tls: {}, sasl: null });
    expect(unknown).toMatchObject({ stage: 'TLS', retriable: false });
    const other = await refusal(server, {
      tls: { ca: ways().ca, serverName: 'kafka.example' },
      sasl: null,
    });
    expect(other).toMatchObject({ stage: 'TLS' });
    expect(other.message).toMatch(/ALTNAME|kafka\.example/);
  });

  it('names the stage at a listener of another protocol', async () => {
    const { bootstrap, sasl, tls, ca } = ways();
    const quick = { connectTimeoutMs: 2_000 };
    expect(await refusal(bootstrap, { tls: { ca }, sasl: null }, quick)).toMatchObject({ stage: 'TLS' });
    expect(await refusal(bootstrap, { tls: null, sasl: alice('secret') }, quick)).toMatchObject({
      stage: 'SASL',
    });
    expect(await refusal(tls, PLAIN, quick)).toMatchObject({ stage: 'API_VERSIONS' });
    // A SASL listener tells its versions to anybody, and closes at the first real request.
    const unsigned = await open(sasl, PLAIN);
    await expect(unsigned.request(metadata, { topics: [] })).rejects.toThrow(ConnectionLostError);
  });
});

describe('requests', () => {
  it('pipelines many of different APIs and matches every answer', async () => {
    const topic = uniqueName('pipelined');
    await createTopic({ bootstrap: cluster().bootstrap, topic, partitions: 4 });
    const pool = new SlabPool(8 * 1024 * 1024);
    const connection = await plain({ pool });
    const filler = buildFiller(3_000, BigInt(Date.now()), 0);
    const ends = (partition: number) =>
      connection.request(listOffsets, {
        replicaId: REPLICA_DEBUG,
        readCommitted: false,
        topics: [{ topic, partitions: [{ partition, currentLeaderEpoch: -1, timestamp: OFFSET_LATEST }] }],
      });
    const work = Array.from({ length: 40 }, async (_, i) => {
      const partition = i % 4;
      const [produced, [end]] = await Promise.all([
        connection.request(produce, {
          acks: 1,
          timeoutMs: 5_000,
          topics: [{ topic, partitions: [{ partition, records: filler }] }],
        }),
        ends(partition),
      ]);
      // One broker answers in order: the end behind each append is its own.
      expect(produced[0]).toMatchObject({ errorCode: 0, baseOffset: BigInt(Math.floor(i / 4) * 3_000) });
      expect(end?.offset).toBe((produced[0]?.baseOffset ?? 0n) + 3_000n);
    });
    expect(connection.inFlight).toBe(80);
    await Promise.all(work);
    const { value, slab } = await connection.requestHeld(fetch, {
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 2_000_000,
      readCommitted: true,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic,
          topicId: (await connection.request(metadata, { topics: [topic] })).topics[0]?.topicId ?? '',
          partitions: [
            {
              partition: 0,
              currentLeaderEpoch: -1,
              fetchOffset: 0n,
              lastFetchedEpoch: -1,
              maxBytes: 1_000_000,
            },
          ],
        },
      ],
      forgotten: [],
      rack: '',
    });
    const [batch] = readBatches(value.topics[0]?.partitions[0]?.records ?? Buffer.alloc(0));
    expect(batch).toMatchObject({ baseOffset: 0n, count: 3_000 });
    expect(batch?.bytes.subarray(17).equals(filler.subarray(17))).toBe(true);
    expect(slab?.bytes).toBeGreaterThanOrEqual(filler.length);
    slab?.release();
    expect(pool.inUseBytes).toBe(0);
    done(connection);
  });

  it('gives a request up after its own time limit, and the connection with it', async () => {
    const connection = await plain();
    const broker = await pausedBroker();
    try {
      const started = performance.now();
      const patient = connection.request(metadata, { topics: [] }, { timeoutMs: 120_000 });
      const given = expect(patient).rejects.toThrow(TimeoutError);
      const late = connection.request(metadata, { topics: [] }, { timeoutMs: 200 });
      await expect(late).rejects.toThrow('200 ms');
      await given;
      expect(performance.now() - started).toBeLessThan(60_000);
    } finally {
      broker.resume();
    }
    expect(connection.usable).toBe(false);
    done(connection);
  });
});

describe('requests of unknown fate', () => {
  it('are settled by a half-close on a live broker, in plain text and with TLS', async () => {
    const tls: Security = { tls: { ca: ways().ca }, sasl: null };
    for (const connection of [await plain(), await open(ways().tls, tls)]) {
      const pending = Promise.allSettled([1, 2, 3].map(() => connection.request(metadata, { topics: null })));
      expect(await connection.halfClose(5_000)).toBe(true);
      for (const result of await pending)
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(ConnectionLostError) });
    }
  });

  it('stay unknown while a broker is paused: the half-close ends at its limit', async () => {
    const connection = await plain();
    const broker = await pausedBroker();
    try {
      const pending = connection.request(metadata, { topics: [] }).catch((error: unknown) => error);
      const started = performance.now();
      expect(await connection.halfClose(300)).toBe(false);
      expect(performance.now() - started).toBeGreaterThanOrEqual(290);
      expect(await pending).toBeInstanceOf(ConnectionLostError);
    } finally {
      broker.resume();
    }
    await broker.waitUntilReady();
  });
});

describe('ClusterClient', () => {
  const client = (bootstrapServers: string[], more: { connectTimeoutMs?: number } = {}) =>
    new ClusterClient({ name: 'wire', bootstrapServers, security: PLAIN, clientId: 'wire-test', ...more });

  it('passes over bootstrap servers that do not answer, and says why when none does', async () => {
    const dead = '127.0.0.1:1';
    const mixed = client([dead, 'no-such-host.invalid:9092', cluster().bootstrap]);
    const [first, second] = await Promise.all([mixed.metadata([]), mixed.metadata([])]);
    expect([first.clusterId, second.clusterId]).toEqual([cluster().clusterId, cluster().clusterId]);
    expect([mixed.clusterId, mixed.brokers.map((b) => b.id)]).toEqual([cluster().clusterId, [1]]);
    expect(mixed.where(1)).toBe(`broker 1 (${cluster().bootstrap}) of wire`);
    expect(await mixed.transactionCoordinator('some-id').catch((e: KafkaError) => e.retriable)).toSatisfy(
      (v) => v === 1 || v === true,
    );
    mixed.close();
    await expect(mixed.metadata([])).rejects.toThrow(/closed/);
    const none = client([dead]);
    await expect(none.metadata([])).rejects.toThrow(/127\.0\.0\.1:1/);
    await expect(none.connection(1, 'control')).rejects.toThrow(/not in the cluster/);
    none.close();
  });

  it('keeps one connection for each purpose, and hands one over when asked', async () => {
    const c = client([cluster().bootstrap]);
    await c.metadata([]);
    const [a, b, other] = await Promise.all([
      c.connection(1, 'produce'),
      c.connection(1, 'produce'),
      c.connection(1, 'markers'),
    ]);
    expect([a === b, a === other]).toEqual([true, false]);
    expect(c.detach(1, 'produce')).toBe(a);
    expect(await c.connection(1, 'produce')).not.toBe(a);
    expect(a.usable).toBe(true);
    done(a);
    c.drop(1);
    await other.closed;
    expect(other.usable).toBe(false);
    expect((await c.anyConnection()).usable).toBe(true);
    c.close();
  });

  it('fails what is in flight when the broker is killed, and finds it again when it is back at another port', async () => {
    const [port = 0] = await freePorts(1);
    const c = client([cluster().bootstrap, `127.0.0.1:${port}`]);
    await c.metadata([]);
    const connection = await c.connection(1, 'control');
    const broker = await pausedBroker();
    const inFlight = Promise.allSettled([1, 2, 3].map(() => connection.request(metadata, { topics: [] })));
    await broker.kill();
    for (const result of await inFlight)
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(ConnectionLostError) });
    await connection.closed;
    await expect(c.metadata([])).rejects.toThrow(KafkaError);

    const moved = await startCluster({ dir: cluster().dir, ports: [port], properties });
    try {
      await waitFor('the client to reach the broker again', () =>
        c.metadata([]).then(
          () => true,
          () => false,
        ),
      );
      expect([c.clusterId, c.brokers[0]?.port]).toEqual([cluster().clusterId, port]);
      const again = await c.connection(1, 'control');
      expect((await again.request(metadata, { topics: [] })).clusterId).toBe(cluster().clusterId);
    } finally {
      c.close();
      await moved.broker(1).kill();
    }
  });
});
