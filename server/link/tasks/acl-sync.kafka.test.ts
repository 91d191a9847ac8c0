// ACLs of a source brought over to a destination, both with authorizers: additive, by filters, under other names, rights to write at the promotion
// alone, deletions said before they are done, and what is said where it can't be done. About 25 s.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Acl, type AclInput, addAcls, listAcls, removeAcls } from '@/harness/access';
import type { KafkaCluster } from '@/harness/cluster';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import type { LinkSettings } from '@/lib/contracts/link';
import { finalAclSync, unlockPart } from '../lock/ending-parts';

const security = { authorizer: true, plainUsers: { link: 'link-secret', poor: 'poor-secret' } };
const source = suiteCluster({ name: 'sync-source', security });
const destination = suiteCluster({ name: 'sync-destination', security });
const bare = sharedCluster({ name: 'source' });
const { link } = linkSuite({ source, destination, name: 'sync' });

const acl = (user: string, operation: AclInput['operation'], over: Partial<AclInput> = {}): AclInput => ({
  principal: `User:${user}`,
  resourceType: 'TOPIC',
  resourceName: 'sync.',
  patternType: 'PREFIXED',
  operation,
  ...over,
});
const on = (resourceName: string): Partial<AclInput> => ({ resourceName, patternType: 'LITERAL' });
const FILTERS =
  '{"aclFilters":[{"resourceFilter":{"resourceType":"topic","patternType":"any"},"accessFilter":{"operation":"any","permissionType":"any"}},{"resourceFilter":{"resourceType":"group"}}]}';
const settings: Partial<LinkSettings> = {
  'acl.sync.enable': true,
  'acl.filters': FILTERS,
  'acl.sync.ms': 3_600_000,
};

const signIn = (cluster: KafkaCluster, username = 'link') => ({
  bootstrapServers: [cluster.security.bootstrap('SASL_PLAINTEXT')],
  security: {
    protocol: 'SASL_PLAINTEXT' as const,
    sasl: { mechanism: 'PLAIN' as const, username, password: `${username}-secret` },
  },
});
const text = ({ principal, permission, operation, patternType, resourceName }: Acl) =>
  `${permission} ${operation} ${patternType} ${resourceName} ${principal}`;
/** On the destination, of others than the link's two principals. */
const there = async () =>
  (await listAcls({ bootstrap: destination().bootstrap }))
    .filter(({ principal }) => principal !== 'User:link' && principal !== 'User:poor')
    .map(text)
    .sort();
const run = async (l: LinkUnderTest) => l.runner.runTask('AclSync');

async function running(over: Partial<Parameters<typeof link>[0]> = {}) {
  const topic = uniqueName('sync.t');
  await createTopic({ bootstrap: (over.source ?? source()).bootstrap, topic });
  const l = link({
    topics: [topic],
    settings,
    signIn: { source: signIn(source()), destination: signIn(destination()) },
    ...over,
  });
  await l.caughtUp();
  return { l, topic };
}

beforeAll(async () => {
  const both = (operations: AclInput['operation'][]) =>
    operations.flatMap((operation) => ['link', 'poor'].map((user) => acl(user, operation)));
  const cluster = { resourceType: 'CLUSTER', ...on('kafka-cluster') } as const;
  const ids = ['link', 'poor'].map((user) =>
    acl(user, 'WRITE', { resourceType: 'TRANSACTIONAL_ID', resourceName: 'landbridge-' }),
  );
  const reading = both(['READ', 'DESCRIBE_CONFIGS']);
  const writing = both(['CREATE', 'WRITE', 'DELETE', 'ALTER', 'ALTER_CONFIGS']);
  const { bootstrap } = destination();
  await addAcls({ bootstrap, acls: [...reading, ...writing, ...ids, acl('link', 'ALTER', cluster)] });
  await addAcls({ bootstrap: source().bootstrap, acls: [...reading, acl('link', 'DESCRIBE', cluster)] });
});

describe('ACLs of the source', () => {
  it('come over without those to write, which come with the promotion of their topic', async () => {
    const { l, topic } = await running();
    const group = acl('carol', 'READ', { resourceType: 'GROUP', ...on('billing') });
    const acls = [
      acl('alice', 'ALL'),
      acl('carol', 'READ', on(topic)),
      group,
      acl('eve', 'WRITE', on('elsewhere')),
    ];
    await addAcls({ bootstrap: source().bootstrap, acls });
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

    const mirror = l.runner.topics.get(topic);
    if (!mirror) throw new Error('no mirror');
    const unlock = unlockPart(
      { ...l.runner, desired: l.runner.desired } as never,
      l.runner.lock,
      l.runner.aclSync,
    );
    const controller = new AbortController();
    expect(await finalAclSync(l.runner.aclSync).run(mirror, 'PROMOTE', controller.signal)).toMatchObject({
      state: 'DONE',
    });
    const ended = await unlock(mirror, 'PROMOTE');
    expect(ended.detail).toContain(
      `Rights to write were brought over: ALLOW ALL on topic ${topic} for User:alice`,
    );
    expect(await there()).toEqual([...reading, `ALLOW ALL LITERAL ${topic} User:alice`].sort());
    await removeAcls({ bootstrap: source().bootstrap, acls });
    await l.runner.acls.inTurn(async () => {
      const wanted = new Map(l.runner.acls.names('SYNC').map((name) => [name, []]));
      await l.runner.acls.settle(l.runner.context.destination, 'SYNC', [], wanted);
    });
    expect(await there()).toEqual([]);
  });

  it('that are gone stay, or are named one run before they are removed; what an administrator added stays', async () => {
    const { l, topic } = await running();
    const [mine, also] = [acl('alice', 'READ', on(topic)), acl('bob', 'READ', on(topic))];
    await addAcls({ bootstrap: destination().bootstrap, acls: [also] });
    const acls = [mine, also];
    await addAcls({ bootstrap: source().bootstrap, acls });
    expect((await run(l)).said).toContain('Brought over 1: ');
    await removeAcls({ bootstrap: source().bootstrap, acls });
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
    await removeAcls({ bootstrap: destination().bootstrap, acls: [also] });
  });

  it('have the names of the destination there', async () => {
    const bootstrap = source().bootstrap;
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
      settings: { ...settings, 'acl.principal.map': '{"User:alice":"User:alice-cloud"}' },
      signIn: { source: signIn(source()), destination: signIn(destination()) },
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
      signIn: { source: signIn(source(), 'poor'), destination: signIn(destination(), 'poor') },
    });
    expect(await run(l)).toMatchObject({
      state: 'IN_ERROR',
      errors: [
        { code: 'AUTHORIZATION_ERROR', message: expect.stringMatching(/--operation Describe --cluster/) },
      ],
    });
  });

  it('because the source has no authorizer, or no filter is set, are no error, and said', async () => {
    const { l } = await running({ source: bare(), signIn: { destination: signIn(destination()) } });
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
