// Least rights: a link with exactly the ACLs of docs/permissions.md, the check without each of them, and a running link that loses each and gets it back. About 40 s; all rights in `npm run test:full`.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AclInput, addAcls, removeAcls } from '@/harness/access';
import { compareTopics } from '@/harness/compare';
import { interleavedTransactions, topicWithDeletedHead } from '@/harness/generate';
import { LinkUnderTest, type SignIn } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import { suiteCluster } from '@/harness/test-clusters';
import { commitGroupOffsets, createPartitions, createTopic, listGroupOffsets } from '@/harness/topics';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import type { LinkCheck } from '@/lib/contracts/engine';
import { mirrorOptions } from '@/lib/contracts/link';
import { groupRights } from './groups/group-rights';
import { checkLink } from './link-check';
import { checkMirrors } from './mirror-check';
import { SCRATCH_PREFIX } from './reserved-topics';

const security = { authorizer: true, plainUsers: { link: 'link-secret' } };
const source = suiteCluster({ name: 'least-source', security });
const destination = suiteCluster({ name: 'least-destination', security });

const FULL = process.env.LANDBRIDGE_FULL === '1';
const NAME = 'least';
const PREFIX = 'orders.';
const TOPIC = 'orders.placed';
const HEAD = 'orders.old';
const principal = 'User:link';

const onTopics = (operation: AclInput['operation'], resourceName = PREFIX): AclInput => ({
  principal,
  resourceType: 'TOPIC',
  resourceName,
  patternType: 'PREFIXED',
  operation,
});
const SOURCE_ACLS = { READ: onTopics('READ'), DESCRIBE_CONFIGS: onTopics('DESCRIBE_CONFIGS') };
const DESTINATION_ACLS = {
  CREATE: onTopics('CREATE'),
  WRITE: onTopics('WRITE'),
  READ: onTopics('READ'),
  DELETE: onTopics('DELETE'),
  ALTER: onTopics('ALTER'),
  ALTER_CONFIGS: onTopics('ALTER_CONFIGS'),
  TRANSACTIONAL_ID: {
    principal,
    resourceType: 'TRANSACTIONAL_ID',
    resourceName: `landbridge-${NAME}-`,
    patternType: 'PREFIXED',
    operation: 'WRITE',
  } satisfies AclInput,
  CLUSTER: {
    principal,
    resourceType: 'CLUSTER',
    resourceName: 'kafka-cluster',
    operation: 'ALTER',
  } satisfies AclInput,
};
const SCRATCH_ACLS = (['CREATE', 'WRITE', 'READ', 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const).map(
  (operation) => onTopics(operation, SCRATCH_PREFIX),
);

const signIn = (cluster: ReturnType<typeof source>): SignIn => ({
  bootstrapServers: [cluster.security.bootstrap('SASL_PLAINTEXT')],
  security: {
    protocol: 'SASL_PLAINTEXT',
    sasl: { mechanism: 'PLAIN', username: 'link', password: 'link-secret' },
  },
});
const config = (name: string, cluster: ReturnType<typeof source>): ClusterConfig =>
  clusterConfig.parse({ name, ...signIn(cluster) });

let link: LinkUnderTest | null = null;
beforeAll(async () => {
  await addAcls({ bootstrap: source().bootstrap, acls: Object.values(SOURCE_ACLS) });
  await addAcls({ bootstrap: destination().bootstrap, acls: Object.values(DESTINATION_ACLS) });
  await createTopic({ bootstrap: source().bootstrap, topic: TOPIC, partitions: 2 });
  await interleavedTransactions({ bootstrap: source().bootstrap, topic: TOPIC, transactions: 20 });
  await topicWithDeletedHead({ bootstrap: source().bootstrap, topic: HEAD, deleted: 500, kept: 50 });
});
afterAll(() => link?.stop());

const mirrors = [TOPIC, HEAD].map((topic) => ({ topic, sourceTopic: topic }));
function check(options: { scratch?: boolean; topics?: boolean } = {}): Promise<LinkCheck> {
  return checkLink({
    op: 'checkLink',
    name: NAME,
    source: config('source', source()),
    destination: config('destination', destination()),
    scratch: options.scratch ?? false,
    mirrors: options.topics === false ? [] : mirrors,
  });
}
const rows = (result: LinkCheck, status: string) =>
  (result.rights ?? [])
    .filter((row) => row.status === status)
    .map((row) => `${row.side} ${row.resource} ${row.operation}`)
    .sort();
const verdicts = () =>
  checkMirrors({
    op: 'checkMirrors',
    name: NAME,
    source: config('source', source()),
    destination: config('destination', destination()),
    mirrors: mirrors.map((m) => ({ ...m, options: mirrorOptions.parse({}) })),
  });

describe('the check of rights', () => {
  it('shows every right as held with exactly the documented ACLs, without and with the scratch sequence', async () => {
    const plain = await check();
    expect(plain).toMatchObject({ ok: true, error: 'NO_ERROR' });
    expect(rows(plain, 'MISSING')).toEqual([]);
    expect(rows(plain, 'NOT_RUN')).toEqual(['DESTINATION TOPIC ALTER']);
    const refused = await check({ scratch: true });
    expect(refused.destination.find((c) => c.stage === 'SCRATCH_TOPIC')).toMatchObject({ status: 'NOT_RUN' });
    expect(refused.ok).toBe(true);
    await addAcls({ bootstrap: destination().bootstrap, acls: SCRATCH_ACLS });
    const full = await check({ scratch: true });
    await removeAcls({ bootstrap: destination().bootstrap, acls: SCRATCH_ACLS });
    expect(full.destination.find((c) => c.stage === 'SCRATCH_TOPIC')).toMatchObject({ status: 'OK' });
    expect(rows(full, 'HELD')).toHaveLength(10);
    expect(full.fills?.way).toBe('MARKERS');
    expect((await verdicts()).map((v) => v.ok)).toEqual([true, true]);
  });

  for (const name of ['READ', 'DESCRIBE_CONFIGS'] as const)
    it(`names ${name} at the source when it is missing, with the command that grants it`, async () => {
      await without(source().bootstrap, SOURCE_ACLS[name], async () => {
        const result = await check();
        expect(result).toMatchObject({ ok: false, error: 'AUTHORIZATION_ERROR' });
        expect(rows(result, 'MISSING')).toContain(`SOURCE TOPIC ${name}`);
        const row = result.rights?.find((r) => r.side === 'SOURCE' && r.operation === name);
        expect(row?.command).toContain(`--allow-principal 'User:link' --operation ${spoken(name)} --topic '`);
        const [verdict] = await verdicts();
        expect(verdict).toMatchObject({ ok: false });
        expect(verdict?.message).toContain(`lacks ${name === 'READ' ? 'READ' : 'DESCRIBE_CONFIGS'}`);
      });
    });

  for (const name of ['CREATE', 'WRITE', 'READ', 'DELETE', 'ALTER_CONFIGS'] as const)
    it(`names ${name} at the destination when it is missing, before the topics exist`, async () => {
      await without(destination().bootstrap, DESTINATION_ACLS[name], async () => {
        const result = await check();
        expect(rows(result, 'MISSING')).toEqual([`DESTINATION TOPIC ${name}`]);
        expect(result.ok).toBe(name === 'DELETE' || name === 'ALTER_CONFIGS');
        const [verdict] = await verdicts();
        expect(verdict).toMatchObject({ ok: false });
        expect(verdict?.message).toContain(`lacks ${name} on topic`);
      });
    });

  it('names the transactional id, and says what the lack of a right on the cluster means', async () => {
    await without(destination().bootstrap, DESTINATION_ACLS.TRANSACTIONAL_ID, async () => {
      const result = await check();
      expect(result).toMatchObject({ ok: false, error: 'AUTHORIZATION_ERROR' });
      const row = result.rights?.find((r) => r.resource === 'TRANSACTIONAL_ID');
      expect(row?.command).toContain(
        "--operation Write --transactional-id 'landbridge-least-' --resource-pattern-type prefixed",
      );
    });
    await addAcls({ bootstrap: destination().bootstrap, acls: SCRATCH_ACLS });
    await without(destination().bootstrap, DESTINATION_ACLS.CLUSTER, async () => {
      const result = await check({ scratch: true });
      expect(result).toMatchObject({ ok: true, fills: { way: 'TRANSACTIONS' } });
      expect(rows(result, 'MISSING')).toEqual(['DESTINATION CLUSTER ALTER']);
      const verdict = (await verdicts()).find((v) => v.topic === TOPIC);
      expect(verdict?.message).toMatch(/gaps a second in one partition; without a right on the cluster \d+/);
    });
    await removeAcls({ bootstrap: destination().bootstrap, acls: SCRATCH_ACLS });
  });
});

describe('a running link', () => {
  it('mirrors with exactly these rights: transactions, a deleted head, new partitions', async () => {
    link = new LinkUnderTest({
      source: source(),
      destination: destination(),
      signIn: { source: signIn(source()), destination: signIn(destination()) },
      name: NAME,
      topics: [TOPIC, HEAD],
      tuning: { markerProbeMs: 500 },
    });
    await link.caughtUp();
    await createPartitions({ bootstrap: source().bootstrap, topic: TOPIC, partitions: 3 });
    await link.until('the mirror has grown', () => link?.mirror(TOPIC).partitions.length === 3);
    await more();
    await link.caughtUp();
    await same();
    expect(link.mirror(TOPIC)).toMatchObject({ state: 'ACTIVE', error: 'NO_ERROR', explain: null });
  });

  const ALL = ['WRITE', 'READ', 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const;
  type Loss = [where: string, name: string, acl: () => [string, AclInput]];
  const losses: Loss[] = [
    ...(['READ', 'DESCRIBE_CONFIGS'] as const).map(
      (name): Loss => ['the source', name, () => [source().bootstrap, SOURCE_ACLS[name]]],
    ),
    ...(FULL ? ALL : ALL.slice(0, 3)).map(
      (name): Loss => ['the destination', name, () => [destination().bootstrap, DESTINATION_ACLS[name]]],
    ),
  ];
  const VITAL = ['the source READ', 'the destination WRITE', 'the destination READ'];

  for (const [where, name, acl] of losses)
    it(`says so when ${name} at ${where} is taken away, and goes on exactly when it is back`, async () => {
      const l = link as LinkUnderTest;
      await without(...acl(), async () => {
        await more();
        const state = VITAL.includes(`${where} ${name}`) ? 'LINK_FAILED' : 'ACTIVE';
        const side = where === 'the source' ? 'source' : 'destination';
        await l.until('the mirror names the right', () => {
          const seen = l.mirror(TOPIC);
          const says =
            seen.explain?.includes(`${name} on topic ${TOPIC} of ${side}`) ||
            seen.explain?.includes(`, ${name}`);
          return seen.state === state && seen.error === 'AUTHORIZATION_ERROR' && says === true;
        });
        expect(l.mirror(TOPIC).explain).toContain("--allow-principal 'User:link'");
      });
      await l.until('the mirror is well again', () => l.mirror(TOPIC).error === 'NO_ERROR');
      await l.caughtUp();
      await same();
    });

  it('stops and names the transactional id when it may not use it any more, and recovers', async () => {
    const l = link as LinkUnderTest;
    await without(destination().bootstrap, DESTINATION_ACLS.TRANSACTIONAL_ID, async () => {
      await l.until(
        'the link names the right',
        () => l.runner.state === 'FAILED' && l.runner.error === 'AUTHORIZATION_ERROR',
      );
      expect(l.runner.message).toContain('lacks WRITE on transactional id landbridge-least-');
      expect(l.mirror(TOPIC)).toMatchObject({ state: 'LINK_FAILED' });
      await more();
    });
    await l.until('the link is well again', () => l.runner.state === 'ACTIVE');
    await l.caughtUp();
    await same();
  });

  it('fills the slower way while it may not write markers, and the faster way again when it may', async () => {
    const l = link as LinkUnderTest;
    await without(destination().bootstrap, DESTINATION_ACLS.CLUSTER, async () => {
      await more();
      await l.until('it fills by transactions', () => l.runner.context.fills.way === 'TRANSACTIONS');
      await l.caughtUp();
      expect(l.runner.message).toContain('gaps are filled by empty transactions');
      await same();
    });
    await l.until('it fills by markers again', () => l.runner.context.fills.way === 'MARKERS');
    await more();
    await l.caughtUp();
    await same();
    expect(l.events.filter((e) => e.to.startsWith('FILLS_BY_')).map((e) => e.to)).toEqual([
      'FILLS_BY_TRANSACTIONS',
      'FILLS_BY_MARKERS',
    ]);
  });

  it('waits for the right to create a mirror topic, and says so', async () => {
    const l = link as LinkUnderTest;
    const topic = 'orders.new';
    await createTopic({ bootstrap: source().bootstrap, topic });
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 10 } });
    await without(destination().bootstrap, DESTINATION_ACLS.CREATE, async () => {
      mirrorToo(l, topic);
      await l.until(
        'the mirror names the right',
        () => l.runner.topics.has(topic) && l.mirror(topic).error === 'AUTHORIZATION_ERROR',
      );
      expect(l.mirror(topic).state).toBe('PENDING_MIRROR');
      expect(l.mirror(topic).explain).toContain(
        `needs CREATE, WRITE, READ, DELETE, ALTER, ALTER_CONFIGS on topic ${topic}`,
      );
    });
    await l.caughtUp();
    await same(topic);
  });

  it('appends no head that it could not delete again', async () => {
    const l = link as LinkUnderTest;
    const topic = 'orders.later';
    await topicWithDeletedHead({ bootstrap: source().bootstrap, topic, deleted: 300, kept: 20 });
    await without(destination().bootstrap, DESTINATION_ACLS.DELETE, async () => {
      mirrorToo(l, topic);
      await l.until(
        'the mirror waits for the right',
        () => l.runner.topics.has(topic) && l.mirror(topic).state === 'LINK_FAILED',
      );
      expect(l.mirror(topic).explain).toContain('lacks DELETE');
      expect(l.mirror(topic).partitions[0]?.acked).toBe(0n);
    });
    await l.caughtUp();
    await l.until(
      'both logs begin at the same offset',
      () => l.mirror(topic).partitions[0]?.mirrorStart === 300n,
    );
    await same(topic);
  });

  it('syncs groups with Describe at the source and Read on the destination, and names what it misses of them', async () => {
    const l = link as LinkUnderTest;
    const group = 'shop.billing';
    const filters = '{"groupFilters":[{"name":"shop.","patternType":"PREFIXED","filterType":"INCLUDE"}]}';
    const onGroups = (operation: 'DESCRIBE' | 'READ'): AclInput => ({
      ...{ principal, operation, resourceType: 'GROUP', resourceName: 'shop.', patternType: 'PREFIXED' },
    });
    await commitGroupOffsets({
      ...{ bootstrap: source().bootstrap, topic: TOPIC, group },
      offsets: new Map([[0, 7n]]),
    });
    l.change((desired) =>
      Object.assign(desired.settings, {
        'consumer.offset.sync.enable': true,
        'consumer.offset.sync.ms': 3_600_000,
        'consumer.offset.group.filters': filters,
      }),
    );
    await l.until('it is switched on', () => l.runner.context.settings['consumer.offset.sync.enable']);
    const errors = async () => (await l.runner.runTask('ConsumerOffsetSync')).errors;
    const rights = async () => [
      ...(await groupRights('SOURCE', config('source', source()), filters)),
      ...(await groupRights('DESTINATION', config('destination', destination()), filters)),
    ];
    // An empty list of groups is not taken for "there are none".
    expect(await errors()).toMatchObject([{ code: 'AUTHORIZATION_ERROR' }]);
    expect((await errors())[0]?.message).toContain(
      "--operation Describe --group 'shop.' --resource-pattern-type prefixed",
    );
    expect((await rights()).map(({ status }) => status)).toEqual(['MISSING', 'MISSING']);

    await addAcls({ bootstrap: source().bootstrap, acls: [onGroups('DESCRIBE')] });
    await l.until('the destination is what is missing', async () =>
      ((await errors())[0]?.message ?? '').includes(`commit offsets of ${group}`),
    );
    expect(l.runner.groups.results.get(group)).toMatchObject({ status: 'NOT_AUTHORIZED' });
    expect((await errors())[0]?.message).toContain(`--operation Read --group '${group}'`);

    await addAcls({ bootstrap: destination().bootstrap, acls: [onGroups('READ')] });
    await l.until('nothing is missing', async () => (await errors()).length === 0);
    expect((await rights()).map(({ status }) => status)).toEqual(['HELD', 'HELD']);
    const found = await listGroupOffsets({ bootstrap: destination().bootstrap, group });
    expect(found[TOPIC]?.['0']).toMatchObject({ offset: 7n, leaderEpoch: -1 });
  });
});

function mirrorToo(l: LinkUnderTest, topic: string): void {
  const fresh = { sourceTopicId: null, starts: null, created: false, consistentAt: null, advice: null };
  l.change((desired) => {
    const [first] = desired.mirrors;
    if (first) desired.mirrors.push({ ...first, topic, sourceTopic: topic, ...fresh });
  });
}

async function more(): Promise<void> {
  const { bootstrap } = source();
  await produce({ bootstrap, records: { topic: TOPIC, count: 30 } });
  await interleavedTransactions({ bootstrap, topic: TOPIC, transactions: 3, producers: 1, seed: ++seed });
}
let seed = 100;

async function same(topic = TOPIC): Promise<void> {
  await compareTopics({
    source: { bootstrap: source().bootstrap, topic },
    mirror: { bootstrap: destination().bootstrap, topic },
  });
}

async function without(bootstrap: string, acl: AclInput, work: () => Promise<void>): Promise<void> {
  await removeAcls({ bootstrap, acls: [acl] });
  try {
    await work();
  } finally {
    await addAcls({ bootstrap, acls: [acl] });
  }
}

function spoken(operation: string): string {
  return operation
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
