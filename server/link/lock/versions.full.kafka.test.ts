// The lock on every supported release, with AclAuthorizer (ZooKeeper) and StandardAuthorizer: denied while it stands, allowed after it.
import { describe, expect, it } from 'vitest';
import { type AclInput, addAcls, listAcls } from '@/harness/access';
import { startCluster } from '@/harness/cluster';
import { OTHER_KAFKA_VERSIONS } from '@/harness/kafka-versions';
import { linkSuite } from '@/harness/link-suite';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { clusterConfig } from '@/lib/contracts/cluster';
import { produceRecord } from '../produce-record';
import { unlockTopic } from './unlock';

const source = sharedCluster({ name: 'source' });
const { link, atEnd } = linkSuite({ source, destination: source, name: 'lock-versions' });

describe('the lock of a mirror topic', () => {
  for (const version of OTHER_KAFKA_VERSIONS)
    it(`keeps others from writing on Kafka ${version}`, async () => {
      const users = { link: 'link-secret', alice: 'alice-secret' };
      const cluster = await startCluster({
        name: 'lock-version',
        version,
        security: { authorizer: true, plainUsers: users },
      });
      atEnd(() => cluster.stop());
      const signIn = (username: 'link' | 'alice') => ({
        bootstrapServers: [cluster.security.bootstrap('SASL_PLAINTEXT')],
        security: {
          protocol: 'SASL_PLAINTEXT' as const,
          sasl: { mechanism: 'PLAIN' as const, username, password: users[username] },
        },
      });
      const acl = (principal: string, over: Partial<AclInput> = {}): AclInput => ({
        ...{
          principal,
          resourceType: 'TOPIC',
          resourceName: 'lock.',
          patternType: 'PREFIXED',
          operation: 'ALL',
        },
        ...over,
      });
      const { bootstrap } = cluster;
      await addAcls({
        bootstrap,
        acls: [
          acl('User:link'),
          acl('User:alice'),
          acl('User:link', { resourceType: 'TRANSACTIONAL_ID', resourceName: 'landbridge-' }),
          acl('User:link', {
            resourceType: 'CLUSTER',
            resourceName: 'kafka-cluster',
            patternType: 'LITERAL',
          }),
        ],
      });
      const before = await listAcls({ bootstrap });
      const topic = uniqueName('lock.v');
      await createTopic({ bootstrap: source().bootstrap, topic });
      await produce({ bootstrap: source().bootstrap, records: { topic, count: 50 } });
      const l = link({ destination: cluster, topics: [topic], signIn: { destination: signIn('link') } });
      await l.until(`${topic} is locked`, () => l.runner.lock.viewOf(topic)?.state === 'LOCKED');
      const write = () =>
        produceRecord({
          ...{ op: 'produceRecord', topic, key: 'k', value: 'v' },
          cluster: clusterConfig.parse({ name: 'there', ...signIn('alice') }),
        });
      await expect(write()).rejects.toThrow(/TOPIC_AUTHORIZATION_FAILED/);
      await l.caughtUp();
      expect(l.runner.lock.self).toMatchObject({ principal: 'User:link', superUser: false, proven: true });
      expect((await unlockTopic({ desired: l.runner.desired }, l.runner.lock, topic)).state).toBe('DONE');
      expect(await listAcls({ bootstrap })).toHaveLength(before.length);
      await expect(write()).resolves.toMatchObject({ offset: '50' });
    });
});
