// A failback to a cluster with ACLs: refused where a right is missing, before anything is deleted; and who else may write to the old topic can't do so any
// more when it is looked at for the last time. About 20 s.
import { expect, it } from 'vitest';
import { type AclInput, addAcls } from '@/harness/access';
import { linkSuite } from '@/harness/link-suite';
import { askToRemake, type SignIn, wantedMirror } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import { readRecords } from '@/harness/records';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, describeTopic } from '@/harness/topics';
import { clusterConfig } from '@/lib/contracts/cluster';
import { produceRecord } from '../produce-record';

const security = { authorizer: true, plainUsers: { link: 'link-secret', app: 'app-secret' } };
const a = suiteCluster({ name: 'rights-old', security });
const b = sharedCluster({ name: 'destination' });
const { link } = linkSuite({ source: b, destination: a, name: 'back' });

const onTopic = (operation: AclInput['operation'], resourceName: string, user = 'link'): AclInput => ({
  ...{ principal: `User:${user}`, resourceType: 'TOPIC', resourceName, patternType: 'PREFIXED', operation },
});
const as = (username: string): SignIn => ({
  bootstrapServers: [a().security.bootstrap('SASL_PLAINTEXT')],
  security: {
    protocol: 'SASL_PLAINTEXT',
    sasl: { mechanism: 'PLAIN', username, password: `${username}-secret` },
  },
});
const idOnA = async (topic: string) =>
  Buffer.from((await describeTopic({ bootstrap: a().bootstrap, topic })).topicId, 'base64url').toString(
    'hex',
  );

it('names what is missing, and leaves the topic as it is', async () => {
  const topic = uniqueName('denied');
  // All that mirroring takes on a topic that is there.
  const held = (['WRITE', 'READ', 'ALTER', 'ALTER_CONFIGS', 'DESCRIBE_CONFIGS'] as const).map((operation) =>
    onTopic(operation, topic),
  );
  await addAcls({ bootstrap: a().bootstrap, acls: held });
  for (const { bootstrap } of [a(), b()]) await createTopic({ bootstrap, topic });
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 5, seed: 1 } });
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 5, seed: 2 } });
  const topicId = await idOnA(topic);
  const l = link({ topics: [], signIn: { destination: as('link') } });
  l.change((desired) => {
    desired.mirrors.push(wantedMirror(topic, topic));
    askToRemake(desired, topic, 'FAILBACK', { topicId });
  });
  const { message } = await l.remade(topic, 'FAILED');
  expect(message).toContain('lacks DELETE, CREATE');
  expect(message).toContain('--operation Delete --operation Create');
  expect(message).toContain('Nothing was deleted.');
  expect(await idOnA(topic)).toBe(topicId);
});

it('locks the old topic before the last look at it: whatever was acknowledged until then is saved', async () => {
  const topic = uniqueName('locked');
  const cluster = { resourceType: 'CLUSTER', resourceName: 'kafka-cluster', patternType: 'LITERAL' } as const;
  await addAcls({
    bootstrap: a().bootstrap,
    acls: [
      onTopic('ALL', topic),
      onTopic('WRITE', topic, 'app'),
      { ...onTopic('ALTER', ''), ...cluster },
      { ...onTopic('WRITE', 'landbridge-'), resourceType: 'TRANSACTIONAL_ID' },
    ],
  });
  for (const { bootstrap } of [a(), b()]) await createTopic({ bootstrap, topic });
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 5, seed: 1 } });
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 5, seed: 2 } });
  const app = clusterConfig.parse({ name: 'there', ...as('app') });
  const write = (value: string) =>
    produceRecord({ op: 'produceRecord', topic, key: 'k', value, cluster: app }).then(
      () => true,
      () => false,
    );
  expect(await write('at first')).toBe(true);
  const [topicId, saveTo] = [await idOnA(topic), `${topic}.diverged-1`];
  const l = link({ topics: [], signIn: { destination: as('link') } });
  l.change((desired) => {
    desired.mirrors.push(wantedMirror(topic, topic));
    askToRemake(desired, topic, 'FAILBACK', { topicId, saveTo, options: { save: true } });
  });
  const deleting = () =>
    l.operations.get(topic)?.steps.some(({ name, state }) => name === 'DELETE' && state !== 'PENDING') ??
    false;
  await l.until('it is about to be deleted', deleting);
  const acknowledged = ['at first'];
  for (let index = 0; await write(`late ${index}`); index++) acknowledged.push(`late ${index}`);
  await l.remade(topic);
  const order = l.writes.map(({ what }) => what);
  expect(order).toContain('LOCK_SET');
  expect(order.indexOf('LOCK_SET')).toBeLessThan(order.indexOf('TOPIC_DELETED'));
  const saved = await readRecords({ bootstrap: b().bootstrap, topic: saveTo });
  expect(saved.map(({ value }) => value?.toString())).toEqual(expect.arrayContaining(acknowledged));
  expect(await write('too late')).toBe(false);
});
