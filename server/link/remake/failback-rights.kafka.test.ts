// A failback to a cluster on which a right is missing: refused, with the command that grants it, before anything is deleted. About 15 s.
import { expect, it } from 'vitest';
import { type AclInput, addAcls } from '@/harness/access';
import { linkSuite } from '@/harness/link-suite';
import { askToRemake, type SignIn, wantedMirror } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, describeTopic } from '@/harness/topics';

const security = { authorizer: true, plainUsers: { link: 'link-secret' } };
const a = suiteCluster({ name: 'rights-old', security });
const b = sharedCluster({ name: 'destination' });
const { link } = linkSuite({ source: b, destination: a, name: 'back' });

const onTopic = (operation: AclInput['operation'], resourceName: string): AclInput => ({
  ...{ principal: 'User:link', resourceType: 'TOPIC', resourceName, patternType: 'PREFIXED', operation },
});

it('names what is missing, and leaves the topic as it is', async () => {
  const topic = uniqueName('denied');
  const signIn: SignIn = {
    bootstrapServers: [a().security.bootstrap('SASL_PLAINTEXT')],
    security: {
      protocol: 'SASL_PLAINTEXT',
      sasl: { mechanism: 'PLAIN', username: 'link', password: 'link-secret' },
    },
  };
  // All that mirroring takes on a topic that is there.
  const held = (['WRITE', 'READ', 'ALTER', 'ALTER_CONFIGS', 'DESCRIBE_CONFIGS'] as const).map((operation) =>
    onTopic(operation, topic),
  );
  await addAcls({ bootstrap: a().bootstrap, acls: held });
  for (const { bootstrap } of [a(), b()]) await createTopic({ bootstrap, topic });
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 5, seed: 1 } });
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 5, seed: 2 } });
  const there = { bootstrap: a().bootstrap, topic };
  const { topicId } = await describeTopic(there);
  const l = link({ topics: [], signIn: { destination: signIn } });
  l.change((desired) => {
    desired.mirrors.push(wantedMirror(topic, topic));
    const id = Buffer.from(topicId, 'base64url').toString('hex');
    askToRemake(desired, topic, 'FAILBACK', { topicId: id });
  });
  const { message } = await l.remade(topic, 'FAILED');
  expect(message).toContain('lacks DELETE, CREATE');
  expect(message).toContain('--operation Delete --operation Create');
  expect(message).toContain('Nothing was deleted.');
  expect((await describeTopic(there)).topicId).toBe(topicId);
});
