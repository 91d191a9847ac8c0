// What links do with ACLs, on brokers with authorizers and SCRAM users: who can write to a mirror and after it is unlocked, what stands of an
// administrator's own, what is shown where nothing can be locked, the fence of source topics, and ACLs that come over. About 40 s.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Acl, type AclInput, addAcls, listAcls, removeAcls } from '@/harness/access';
import type { KafkaCluster } from '@/harness/cluster';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest, SignIn } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import type { BindingOperation } from '@/lib/contracts/acl';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import type { LinkSettings } from '@/lib/contracts/link';
import { clientFor } from '@/server/kafka/security';
import { TRIAL_PREFIX } from '../access/self';
import { produceRecord } from '../produce-record';
import { allows } from '../rights';
import { unlockTopic } from './unlock';

const USERS = ['link', 'alice', 'carol', 'dave', 'boss', 'stranger', 'poor'];
const scramUsers = Object.fromEntries(USERS.map((user) => [user, `${user}-secret`]));
/** Whoever has no ACL has no rights. */
const closed = suiteCluster({
  name: 'lock-closed',
  security: { authorizer: true, scramUsers, superUsers: ['User:boss'] },
});
/** Where there is no ACL, everybody has every right. */
const open = suiteCluster({
  name: 'lock-open',
  security: { authorizer: { allowEveryoneIfNoAclFound: true }, scramUsers },
});
const bare = sharedCluster({ name: 'source' });
const { link } = linkSuite({ source: open, destination: closed, name: 'lock' });

const as = (cluster: KafkaCluster, username: string): SignIn => ({
  bootstrapServers: [cluster.security.bootstrap('SASL_PLAINTEXT')],
  security: {
    protocol: 'SASL_PLAINTEXT',
    sasl: { mechanism: 'SCRAM-SHA-256', username, password: `${username}-secret` },
  },
});
const config = (cluster: KafkaCluster, username: string): ClusterConfig =>
  clusterConfig.parse({ name: 'there', ...as(cluster, username) });

const acl = (user: string, operation: AclInput['operation'], over: Partial<AclInput> = {}): AclInput => ({
  principal: `User:${user}`,
  resourceType: 'TOPIC',
  resourceName: 'lock.',
  patternType: 'PREFIXED',
  operation,
  ...over,
});
const ALTER: Partial<AclInput> = {
  resourceType: 'CLUSTER',
  resourceName: 'kafka-cluster',
  patternType: 'LITERAL',
};

/** @returns the broker's refusal, or null where the record was appended */
async function writes(cluster: KafkaCluster, user: string, topic: string): Promise<string | null> {
  const request = { op: 'produceRecord' as const, topic, key: 'k', value: user };
  return produceRecord({ ...request, cluster: config(cluster, user) }).then(
    () => null,
    (error: Error) => error.message,
  );
}
const REFUSED = /AUTHORIZATION_FAILED|does not exist/;

async function may(cluster: KafkaCluster, user: string, topic: string, operation: BindingOperation) {
  const client = clientFor(config(cluster, user), 'test');
  try {
    const [found] = (await client.metadata([topic], { operations: true })).topics;
    return allows(found?.operations ?? 0, operation as 'READ');
  } finally {
    client.close();
  }
}

/** All ACLs, in an order of their own. */
const standing = async ({ bootstrap }: KafkaCluster) =>
  (await listAcls({ bootstrap })).map((one) => JSON.stringify(one)).sort();

const lockOf = (l: LinkUnderTest, topic: string) => l.runner.lock.viewOf(topic);
const isLocked = (l: LinkUnderTest, topic: string) =>
  l.until(`${topic} is locked`, () => lockOf(l, topic)?.state === 'LOCKED');

async function sourceTopic(cluster = open()): Promise<string> {
  const topic = uniqueName('lock.t');
  await createTopic({ bootstrap: cluster.bootstrap, topic, partitions: 2 });
  await produce({ bootstrap: cluster.bootstrap, records: { topic, count: 20 } });
  return topic;
}
const more = (topic: string, cluster = open()) =>
  produce({ bootstrap: cluster.bootstrap, records: { topic, count: 20 } });

/** Of the links, on what they bring ACLs over for: on both sides. */
const READING = (['READ', 'DESCRIBE_CONFIGS'] as const).flatMap((operation) => [
  acl('link', operation, { resourceName: 'sync.' }),
  acl('poor', operation, { resourceName: 'sync.' }),
]);

beforeAll(async () => {
  await addAcls({ bootstrap: open().bootstrap, acls: READING });
  await addAcls({
    bootstrap: closed().bootstrap,
    acls: [
      ...(['CREATE', 'WRITE', 'READ', 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const).flatMap((operation) => [
        acl('link', operation),
        acl('poor', operation),
      ]),
      ...['link', 'poor'].map((user) =>
        acl(user, 'WRITE', { resourceType: 'TRANSACTIONAL_ID', resourceName: 'landbridge-' }),
      ),
      ...READING,
      ...(['CREATE', 'WRITE', 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const).flatMap((operation) => [
        acl('link', operation, { resourceName: 'sync.' }),
        acl('poor', operation, { resourceName: 'sync.' }),
      ]),
      acl('link', 'ALTER', ALTER),
      acl('poor', 'CLUSTER_ACTION', ALTER),
      acl('alice', 'ALL'),
      acl('carol', 'READ'),
    ],
  });
});

const toClosed = (user = 'link') => ({
  source: as(open(), 'link'),
  destination: as(closed(), user),
});

describe('a mirror topic among ACLs', () => {
  it('is written by nobody but the link while it is mirrored, through restarts, and by all who were before after it is unlocked', async () => {
    const topic = await sourceTopic();
    // An administrator's own, of the kind that the lock adds.
    const own = acl('alice', 'DELETE', { resourceName: topic, patternType: 'LITERAL', permission: 'DENY' });
    await addAcls({ bootstrap: closed().bootstrap, acls: [own] });
    const before = await standing(closed());
    const first = link({ topics: [topic], signIn: toClosed() });
    await isLocked(first, topic);
    expect(lockOf(first, topic)?.message).toMatch(/^Nobody but User:link can write\. Super users/);
    expect(await writes(closed(), 'alice', topic)).toMatch(REFUSED);
    expect(await writes(closed(), 'poor', topic)).toMatch(REFUSED);
    expect(await may(closed(), 'carol', topic, 'READ')).toBe(true);
    expect(await may(closed(), 'alice', topic, 'READ')).toBe(true);
    for (const operation of ['WRITE', 'ALTER', 'ALTER_CONFIGS', 'DELETE'] as const)
      expect(await may(closed(), 'alice', topic, operation), operation).toBe(false);

    // Somebody gets the right later.
    const late = acl('dave', 'WRITE', { resourceName: '*', patternType: 'LITERAL' });
    await addAcls({ bootstrap: closed().bootstrap, acls: [late] });
    const denied = () => first.writes.some((write) => JSON.stringify(write).includes('User:dave'));
    first.runner.lock.soon();
    await first.until('the lock follows', denied);
    expect(await writes(closed(), 'dave', topic)).toMatch(REFUSED);
    await more(topic);
    await first.caughtUp();
    await first.stop();

    // As when the engine died between the record of the intent and the ACL itself.
    const lost = acl('dave', 'WRITE', { resourceName: topic, patternType: 'LITERAL', permission: 'DENY' });
    await removeAcls({ bootstrap: closed().bootstrap, acls: [lost] });
    const second = link({ topics: [topic], signIn: toClosed(), facts: first });
    await isLocked(second, topic);
    expect(await writes(closed(), 'dave', topic)).toMatch(REFUSED);
    await more(topic);
    await second.caughtUp();
    expect(second.mirror(topic)).toMatchObject({ state: 'ACTIVE', error: 'NO_ERROR' });

    const core = { desired: second.runner.desired };
    const ended = await unlockTopic(core, second.runner.lock, topic);
    expect(ended).toMatchObject({ state: 'DONE' });
    expect(ended.detail).toContain('User:link can still write to it: ALLOW WRITE on topic lock. (prefix)');
    expect(await unlockTopic(core, second.runner.lock, topic)).toEqual(ended);
    await second.stop();
    await removeAcls({ bootstrap: closed().bootstrap, acls: [late] });
    expect(await standing(closed())).toEqual(before);
    expect(await writes(closed(), 'alice', topic)).toBeNull();
    await removeAcls({ bootstrap: closed().bootstrap, acls: [own] });
  });

  it('leaves nothing behind when it is taken from the link, or is to be watched only', async () => {
    const [kept, gone] = [await sourceTopic(), await sourceTopic()];
    const before = await standing(closed());
    const l = link({ topics: [kept, gone], signIn: toClosed() });
    for (const topic of [kept, gone]) await isLocked(l, topic);
    l.change((desired) => {
      desired.mirrors = desired.mirrors.filter((m) => m.topic !== gone);
    });
    await l.until('its lock is taken away', () => l.runner.acls.held('LOCK', gone).length === 0);
    expect(lockOf(l, kept)?.state).toBe('LOCKED');
    expect(await writes(closed(), 'alice', gone)).toBeNull();
    l.change((desired) => {
      desired.settings['mirror.lock'] = 'watch';
    });
    await l.until('the other is watched only', () => lockOf(l, kept)?.state === 'WATCHED');
    expect(await standing(closed())).toEqual(before);
    expect(l.events.filter(({ topic }) => topic === kept).map(({ to }) => to)).toContain('WATCHED_ONLY');
    expect(l.writes.filter(({ what }) => what === 'LOCK_SET').length).toBeGreaterThan(1);
  });
});

describe('a mirror topic without any ACL, where that opens it to everybody', () => {
  it('is locked for writers and stays open for readers', async () => {
    const topic = await sourceTopic(closed());
    const before = await standing(open());
    const l = link({
      source: closed(),
      destination: open(),
      topics: [topic],
      signIn: { source: as(closed(), 'boss'), destination: as(open(), 'link') },
    });
    await isLocked(l, topic);
    expect(lockOf(l, topic)?.message).toContain('everybody can still delete topics as a whole');
    expect(await writes(open(), 'stranger', topic)).toMatch(REFUSED);
    for (const operation of ['READ', 'DESCRIBE', 'DESCRIBE_CONFIGS'] as const)
      expect(await may(open(), 'stranger', topic, operation), operation).toBe(true);
    await more(topic, closed());
    await l.caughtUp();
    const ended = await unlockTopic({ desired: l.runner.desired }, l.runner.lock, topic);
    expect(ended.detail).toContain('no ACL names the topic');
    expect(await standing(open())).toEqual(before);
    expect(await writes(open(), 'stranger', topic)).toBeNull();
    expect(before.filter((one) => one.includes(TRIAL_PREFIX))).toEqual([]);
  });
});

describe('a mirror topic whose only ACLs come and go, where none opens it to everybody', () => {
  const linked = (topic: string) =>
    link({
      source: closed(),
      destination: open(),
      topics: [topic],
      signIn: { source: as(closed(), 'boss'), destination: as(open(), 'link') },
    });
  /** Other parts of this suite bring over what stands on this cluster. */
  const cleared = async (l: LinkUnderTest, topic: string) => {
    await l.stop();
    const { bootstrap } = open();
    const acls = (await listAcls({ bootstrap })).filter(({ resourceName }) => resourceName === topic);
    await removeAcls({ bootstrap, acls });
  };
  const looks = (l: LinkUnderTest, topic: string, expected: (texts: string[]) => boolean) => {
    l.runner.lock.soon();
    const texts = () =>
      l.runner.acls.held('LOCK', topic).map((b) => `${b.permission} ${b.operation} ${b.principal}`);
    return l.until('the lock follows', () => expected(texts()));
  };

  it('is still written by the link when the first one is added', async () => {
    const topic = await sourceTopic(closed());
    const l = linked(topic);
    await isLocked(l, topic);
    const first = acl('carol', 'READ', { resourceName: topic, patternType: 'LITERAL' });
    await addAcls({ bootstrap: open().bootstrap, acls: [first] });
    await looks(l, topic, (texts) => !texts.includes('ALLOW READ User:*'));
    await more(topic, closed());
    await l.caughtUp();
    expect(await writes(open(), 'stranger', topic)).toMatch(REFUSED);
    expect(lockOf(l, topic)?.state).toBe('LOCKED');
    await cleared(l, topic);
  });

  it('is not called locked by what was found out while an ACL named every topic', async () => {
    const topic = await sourceTopic(closed());
    const acls = [
      acl('link', 'ALL', { resourceName: '*', patternType: 'LITERAL' }),
      acl('alice', 'WRITE', { resourceName: topic, patternType: 'LITERAL' }),
    ];
    await addAcls({ bootstrap: open().bootstrap, acls });
    const l = linked(topic);
    await isLocked(l, topic);
    await removeAcls({ bootstrap: open().bootstrap, acls });
    await looks(l, topic, (texts) => !texts.includes('DENY WRITE User:alice'));
    await isLocked(l, topic);
    expect(await writes(open(), 'stranger', topic)).toMatch(REFUSED);
    await more(topic, closed());
    await l.caughtUp();
    await cleared(l, topic);
  });
});

describe('a mirror that cannot be locked is watched only, and works', () => {
  it('without rights on ACLs, with the command that grants them', async () => {
    const topic = await sourceTopic();
    const l = link({ topics: [topic], signIn: toClosed('poor') });
    await l.until('it says so', () => lockOf(l, topic)?.state === 'WATCHED');
    expect(lockOf(l, topic)?.message).toMatch(/--allow-principal 'User:poor' --operation Alter --cluster/);
    await l.caughtUp();
    expect(l.mirror(topic)).toMatchObject({ state: 'ACTIVE', error: 'NO_ERROR', explain: null });
  });

  it('without an authorizer', async () => {
    const topic = await sourceTopic();
    const l = link({
      destination: bare(),
      topics: [topic],
      signIn: { source: as(open(), 'link') },
    });
    await l.until('it says so', () => lockOf(l, topic)?.state === 'WATCHED');
    expect(lockOf(l, topic)?.message).toContain('has no authorizer');
    await l.caughtUp();
    expect(l.mirror(topic)).toMatchObject({ state: 'ACTIVE', error: 'NO_ERROR', explain: null });
  });

  it('where an ACL lets everybody write', async () => {
    const topic = await sourceTopic();
    const all = acl('*', 'WRITE', { resourceName: topic, patternType: 'LITERAL' });
    await addAcls({ bootstrap: closed().bootstrap, acls: [all] });
    const before = await standing(closed());
    const l = link({ topics: [topic], signIn: toClosed() });
    await l.until('it says so', () => lockOf(l, topic)?.state === 'WATCHED');
    expect(lockOf(l, topic)?.message).toContain(`ALLOW WRITE on topic ${topic} for User:*`);
    await l.caughtUp();
    expect(
      (await standing(closed())).filter((one) => !before.includes(one) && one.includes('"WRITE"')),
    ).toEqual([]);
    await removeAcls({ bootstrap: closed().bootstrap, acls: [all] });
  });
});

describe('the fence of source topics', () => {
  it('keeps every producer out before it answers, leaves readers alone, and is taken away whole', async () => {
    const topic = await sourceTopic();
    const before = await standing(open());
    const l = link({ topics: [topic], signIn: toClosed() });
    await l.caughtUp();
    expect(await writes(open(), 'stranger', topic)).toBeNull();
    const fenced = await l.runner.fence.fence([topic]);
    expect(fenced.message).toContain('super users');
    expect(await writes(open(), 'stranger', topic)).toMatch(REFUSED);
    expect(await writes(open(), 'link', topic)).toMatch(REFUSED);
    expect(await may(open(), 'stranger', topic, 'READ')).toBe(true);
    await l.caughtUp();
    expect(await l.runner.fence.fence([topic])).toEqual(fenced);
    await l.stop();

    const next = link({ topics: [topic], signIn: toClosed(), facts: l });
    await next.caughtUp();
    expect(next.runner.fence.topics).toEqual([topic]);
    await next.runner.fence.unfence([topic]);
    await next.runner.fence.unfence([topic]);
    expect(await standing(open())).toEqual(before);
    expect(await writes(open(), 'stranger', topic)).toBeNull();
  });
});

const on = (resourceName: string): Partial<AclInput> => ({ resourceName, patternType: 'LITERAL' });
const FILTERS =
  '{"aclFilters":[{"resourceFilter":{"resourceType":"topic","patternType":"any"},"accessFilter":{"operation":"any","permissionType":"any"}},{"resourceFilter":{"resourceType":"group"}}]}';
const settings: Partial<LinkSettings> = {
  'acl.sync.enable': true,
  'acl.filters': FILTERS,
  'acl.sync.ms': 3_600_000,
};

const text = ({ principal, permission, operation, patternType, resourceName }: Acl) =>
  `${permission} ${operation} ${patternType} ${resourceName} ${principal}`;
/** On the destination, of others than the links' principals, and of this part alone. */
const there = async () =>
  (await listAcls({ bootstrap: closed().bootstrap }))
    .filter(({ principal }) => principal !== 'User:link' && principal !== 'User:poor')
    .filter(({ resourceName }) => !resourceName.startsWith('lock.'))
    .map(text)
    .sort();
const run = async (l: LinkUnderTest) => l.runner.runTask('AclSync');

async function running(over: Partial<Parameters<typeof link>[0]> = {}) {
  const topic = uniqueName('sync.t');
  await createTopic({ bootstrap: (over.source ?? open()).bootstrap, topic });
  const l = link({
    topics: [topic],
    settings,
    signIn: { source: as(open(), 'link'), destination: as(closed(), 'link') },
    ...over,
  });
  await l.caughtUp();
  return { l, topic };
}

describe('ACLs of the source', () => {
  it('come over without those to write, which come with the promotion of their topic', async () => {
    const { l, topic } = await running();
    const group = acl('carol', 'READ', { resourceType: 'GROUP', ...on('billing') });
    const acls = [
      acl('alice', 'ALL', { resourceName: 'sync.' }),
      acl('carol', 'READ', on(topic)),
      group,
      acl('eve', 'WRITE', on('elsewhere')),
    ];
    await addAcls({ bootstrap: open().bootstrap, acls });
    const shown = await l.runner.aclSync.preview({});
    expect(shown.counts).toMatchObject({ ADD: 5, WITHHELD: 1, REMOVE: 0 });
    expect(await there()).toEqual([]);
    const first = await run(l);
    expect(first).toMatchObject({ state: 'ACTIVE', said: expect.stringContaining('Brought over 5: ') });
    const reading = [
      'ALLOW DESCRIBE_CONFIGS PREFIXED sync. User:alice',
      `ALLOW READ LITERAL ${topic} User:carol`,
      'ALLOW READ LITERAL billing User:carol',
      'ALLOW READ PREFIXED sync. User:alice',
      'ALLOW WRITE LITERAL elsewhere User:eve',
    ].sort();
    expect(await there()).toEqual(reading);
    expect((await run(l)).said).toBeNull();
    expect(l.writes.filter(({ what }) => what === 'ACLS_SYNCED')).toHaveLength(1);

    l.end(topic, 'PROMOTE');
    const { steps } = await l.ended(topic);
    const step = (name: string) => steps.find((one) => one.name === name);
    expect(step('SYNC_ACLS')).toMatchObject({ state: 'DONE' });
    expect(step('UNLOCK')).toMatchObject({
      state: 'DONE',
      detail: expect.stringContaining(
        `Rights to write were brought over: ALLOW ALL on topic ${topic} for User:alice`,
      ),
    });
    expect(await there()).toEqual([...reading, `ALLOW ALL LITERAL ${topic} User:alice`].sort());
    await removeAcls({ bootstrap: open().bootstrap, acls });
    await l.runner.acls.inTurn(async () => {
      const wanted = new Map(l.runner.acls.names('SYNC').map((name) => [name, []]));
      await l.runner.acls.settle(l.runner.context.destination, 'SYNC', [], wanted);
    });
    expect(await there()).toEqual([]);
  });

  it('that are gone stay, or are named one run before they are removed; what an administrator added stays', async () => {
    const { l, topic } = await running();
    const [mine, also] = [acl('alice', 'READ', on(topic)), acl('bob', 'READ', on(topic))];
    await addAcls({ bootstrap: closed().bootstrap, acls: [also] });
    const acls = [mine, also];
    await addAcls({ bootstrap: open().bootstrap, acls });
    expect((await run(l)).said).toContain('Brought over 1: ');
    await removeAcls({ bootstrap: open().bootstrap, acls });
    expect((await run(l)).said).toMatch(/^Kept 1 gone at the source: ALLOW READ .+ Set acl\.sync\.delete/);
    l.change((desired) => {
      desired.settings['acl.sync.delete'] = true;
    });
    await l.until('it is named', () =>
      l.runner.tasks.some(({ said }) => said?.startsWith('Will be removed with the next run') ?? false),
    );
    expect(await there()).toContain(`ALLOW READ LITERAL ${topic} User:alice`);
    expect((await l.runner.aclSync.preview({})).counts.REMOVE).toBe(1);
    expect((await run(l)).said).toContain('Removed 1: ');
    expect(await there()).toEqual([`ALLOW READ LITERAL ${topic} User:bob`]);
    await removeAcls({ bootstrap: closed().bootstrap, acls: [also] });
  });

  it('have the names of the destination there', async () => {
    const bootstrap = open().bootstrap;
    const topic = uniqueName('named');
    await createTopic({ bootstrap, topic });
    await addAcls({
      bootstrap,
      acls: [acl('link', 'READ', on(topic)), acl('link', 'DESCRIBE_CONFIGS', on(topic))],
    });
    const acls = [acl('alice', 'READ', on(topic)), acl('alice', 'READ', { resourceName: 'named' })];
    await addAcls({ bootstrap, acls });
    const l = link({
      topics: [],
      settings: {
        ...settings,
        'cluster.link.prefix': 'sync.',
        'acl.principal.map': '{"User:alice":"User:alice-cloud"}',
      },
      signIn: { source: as(open(), 'link'), destination: as(closed(), 'link') },
    });
    l.change((desired) => {
      const fresh = { paused: false, sourceTopicId: null, starts: null, created: false, consistentAt: null };
      const options = { replicationFactor: null, configs: {} };
      desired.mirrors = [
        { ...fresh, topic: `sync.${topic}`, sourceTopic: topic, options, advice: null, ending: null },
      ];
    });
    await l.until('the mirror is known', () => l.runner.topics.size === 1);
    await run(l);
    expect(await there()).toEqual([
      `ALLOW READ LITERAL sync.${topic} User:alice-cloud`,
      'ALLOW READ PREFIXED sync.named User:alice-cloud',
    ]);
    await removeAcls({ bootstrap, acls });
  });
});

describe('ACLs that cannot be brought over', () => {
  it('for want of a right, are an error with the command that grants it', async () => {
    const { l } = await running({
      signIn: { source: as(open(), 'poor'), destination: as(closed(), 'poor') },
    });
    expect(await run(l)).toMatchObject({
      state: 'IN_ERROR',
      errors: [
        { code: 'AUTHORIZATION_ERROR', message: expect.stringMatching(/--operation Describe --cluster/) },
      ],
    });
  });

  it('because the source has no authorizer, or no filter is set, are no error, and said', async () => {
    const { l } = await running({ source: bare(), signIn: { destination: as(closed(), 'link') } });
    expect(await run(l)).toMatchObject({
      state: 'ACTIVE',
      errors: [],
      said: 'source has no authorizer, so no ACLs can be brought over.',
    });
    l.change((desired) => {
      desired.settings['acl.filters'] = '';
    });
    await l.until('it says so', () =>
      l.runner.tasks.some(({ said }) => said?.startsWith('acl.filters is empty') ?? false),
    );
  });
});
