// The slower way of filling with real authorizers of other releases, and while brokers fail under it. Part of `npm run test:full` only
// (LANDBRIDGE_FULL=1), about a minute for each release and two for the failing brokers.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type AclInput, addAcls } from '@/harness/access';
import { interleavedTransactions } from '@/harness/generate';
import { OTHER_KAFKA_VERSIONS } from '@/harness/kafka-versions';
import { linkSuite } from '@/harness/link-suite';
import type { SignIn } from '@/harness/link-under-test';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const FULL = process.env.LANDBRIDGE_FULL === '1';
const principal = 'User:link';
const source = sharedCluster({ name: 'source' });

describe.skipIf(!FULL).each([...OTHER_KAFKA_VERSIONS])('least rights on Kafka %s', (version) => {
  const security = { authorizer: true, plainUsers: { link: 'link-secret' } };
  const destination = suiteCluster({ name: `least-${version}`, version, security });
  const { link, same } = linkSuite({ source, destination, name: 'least', tuning: { markerProbeMs: 500 } });
  const signIn = (): SignIn => ({
    bootstrapServers: [destination().security.bootstrap('SASL_PLAINTEXT')],
    security: {
      protocol: 'SASL_PLAINTEXT',
      sasl: { mechanism: 'PLAIN', username: 'link', password: 'link-secret' },
    },
  });

  it('fills by transactions without a right on the cluster, and by markers with it', async () => {
    const topic = uniqueName('least-txn');
    const onTopic = (operation: AclInput['operation']): AclInput => ({
      principal,
      resourceType: 'TOPIC',
      resourceName: topic,
      operation,
    });
    const acls = (['CREATE', 'WRITE', 'READ', 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const).map(onTopic);
    const onId: AclInput = {
      principal,
      resourceType: 'TRANSACTIONAL_ID',
      resourceName: 'landbridge-',
      patternType: 'PREFIXED',
      operation: 'WRITE',
    };
    const { bootstrap } = destination();
    await addAcls({ bootstrap, acls: [...acls, onId] });
    await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
    await interleavedTransactions({ bootstrap: source().bootstrap, topic, transactions: 40 });
    const l = link({ topics: [topic], signIn: { destination: signIn() } });
    await l.caughtUp();
    expect(l.runner.context.fills.way).toBe('TRANSACTIONS');
    await same(topic);

    const operation = Number(version.split('.').slice(0, 2).join('.')) >= 3.9 ? 'ALTER' : 'CLUSTER_ACTION';
    const right: AclInput = { principal, resourceType: 'CLUSTER', resourceName: 'kafka-cluster', operation };
    await addAcls({ bootstrap, acls: [right] });
    await l.until('markers are allowed', () => l.runner.context.fills.way === 'MARKERS');
    await interleavedTransactions({ bootstrap: source().bootstrap, topic, transactions: 20, seed: 2 });
    await l.caughtUp();
    expect(l.runner.context.fills.way).toBe('MARKERS');
    await same(topic);
  });
});

describe.skipIf(!FULL)('two engines by mistake that fill by transactions', () => {
  const destination = sharedCluster({ name: 'destination' });
  const { engine, same } = linkSuite({
    source,
    destination,
    name: 'two-fill',
    tuning: { fillWay: 'TRANSACTIONS', unknownFateWaitMs: 500 },
  });

  it('write once: the last one started wins, and fences the ids of the other', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('two-fill');
    await createTopic({ bootstrap, topic, partitions: 2 });
    const name = uniqueName('two-fill');
    let seed = 0;
    for (let round = 0; round < 4; round++) {
      const [first, second] = [engine({ topics: [topic], name }), engine({ topics: [topic], name })];
      first.start();
      const running = interleavedTransactions({ bootstrap, topic, transactions: 80, seed: ++seed });
      await waitFor(
        'the first one fills',
        async () => ((await first.places())?.places ?? []).some((p) => BigInt(p.acked) > 0n),
        { limitMs: 30_000 },
      );
      await sleep(100 * round);
      second.start();
      await waitFor(
        'the first one stands down',
        async () => (await first.places())?.link?.state === 'FAILED',
        { limitMs: 30_000 },
      );
      await running;
      await second.caughtUp();
      await same(topic);
      await first.kill();
      await second.kill();
    }
  });
});

describe.skipIf(!FULL)('brokers that fail under fills by transactions', () => {
  const destination = suiteCluster({
    name: 'failing',
    brokers: 3,
    properties: { 'min.insync.replicas': '2' },
  });
  const { link, same } = linkSuite({
    source,
    destination,
    name: 'failing',
    faulty: destination,
    replicationFactor: 3,
    tuning: { fillWay: 'TRANSACTIONS', unknownFateWaitMs: 1_500 },
  });

  it('leave the mirror exact, or stopped with the reason: never shifted and silent', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('failing-txn');
    await createTopic({ bootstrap, topic, partitions: 4 });
    const l = link({ topics: [topic] });
    let seed = 0;
    for (let round = 0; round < 6; round++) {
      const broker = destination().broker((round % 3) + 1);
      const traffic = interleavedTransactions({ bootstrap, topic, transactions: 60, seed: ++seed });
      await sleep(200 + round * 150);
      await broker.kill();
      await traffic;
      await sleep(500);
      await broker.start();
      const stopped = () => l.mirror(topic).partitions.some((p) => p.mode === 'FAILED');
      await l.caughtUp(120_000).catch((error: Error) => {
        if (!stopped()) throw error;
      });
      console.info(
        `${round + 1} brokers killed: ${l.mirror(topic).partitions.filter((p) => p.mode === 'FAILED').length} of 4 partitions stopped`,
      );
    }
    const failed = l.mirror(topic).partitions.filter((p) => p.mode === 'FAILED');
    for (const partition of failed) {
      expect(partition.error).toBe('UNEXPECTED_WRITE');
      expect(partition.message).toContain('the marker of an empty transaction twice');
    }
    if (failed.length === 0) await same(topic);
  });
});
