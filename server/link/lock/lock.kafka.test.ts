// Read-only mirrors on brokers with an authorizer and SCRAM users: who can write while a topic is mirrored and after it is unlocked, what stands
// of an administrator's own ACLs, what is shown where nothing can be locked, and the fence of source topics. About 35 s.
import { beforeAll, describe, expect, it } from 'vitest';
import { type AclInput, addAcls, listAcls, removeAcls } from '@/harness/access';
import type { KafkaCluster } from '@/harness/cluster';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest, SignIn } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import type { BindingOperation } from '@/lib/contracts/acl';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
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
  l.until(`${topic} is locked`, () => lockOf(l, topic)?.state === 'LOCKED', 20_000);

async function sourceTopic(cluster = open()): Promise<string> {
  const topic = uniqueName('lock.t');
  await createTopic({ bootstrap: cluster.bootstrap, topic, partitions: 2 });
  await produce({ bootstrap: cluster.bootstrap, records: { topic, count: 20 } });
  return topic;
}
const more = (topic: string, cluster = open()) =>
  produce({ bootstrap: cluster.bootstrap, records: { topic, count: 20 } });

beforeAll(async () => {
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
    await first.until('the lock follows', denied, 20_000);
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
    await l.until('its lock is taken away', () => l.runner.acls.held('LOCK', gone).length === 0, 20_000);
    expect(lockOf(l, kept)?.state).toBe('LOCKED');
    expect(await writes(closed(), 'alice', gone)).toBeNull();
    l.change((desired) => {
      desired.settings['mirror.lock'] = 'watch';
    });
    await l.until('the other is watched only', () => lockOf(l, kept)?.state === 'WATCHED', 20_000);
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
  const looks = (l: LinkUnderTest, topic: string, expected: (texts: string[]) => boolean) => {
    l.runner.lock.soon();
    const texts = () =>
      l.runner.acls.held('LOCK', topic).map((b) => `${b.permission} ${b.operation} ${b.principal}`);
    return l.until('the lock follows', () => expected(texts()), 20_000);
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
    await l.stop();
    await removeAcls({ bootstrap: open().bootstrap, acls: [first] });
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
  });
});

describe('a mirror that cannot be locked is watched only, and works', () => {
  it('without rights on ACLs, with the command that grants them', async () => {
    const topic = await sourceTopic();
    const l = link({ topics: [topic], signIn: toClosed('poor') });
    await l.until('it says so', () => lockOf(l, topic)?.state === 'WATCHED', 20_000);
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
    await l.until('it says so', () => lockOf(l, topic)?.state === 'WATCHED', 20_000);
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
    await l.until('it says so', () => lockOf(l, topic)?.state === 'WATCHED', 20_000);
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
