// The control plane against a real broker: topics and their configs.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { waitFor } from '@/harness/wait-for';
import { clusterConfig } from '@/lib/contracts/cluster';
import { ClusterAdmin } from './admin';
import { KafkaError } from './wire/errors';

const cluster = sharedCluster({ name: 'source' });
let admin: ClusterAdmin;
beforeAll(() => {
  admin = new ClusterAdmin(
    clusterConfig.parse({ name: 'east', bootstrapServers: cluster().bootstrap.split(',') }),
    'admin-test',
  );
});
afterAll(() => admin.close());

const newTopic = (topic: string, configs: Record<string, string> = {}) => ({
  topic,
  partitions: 2,
  replicationFactor: null,
  configs,
});

describe('ClusterAdmin', () => {
  it('creates a topic once, with its configs, and tells them apart from the defaults', async () => {
    const topic = uniqueName('admin');
    expect(await admin.createTopic(newTopic(topic, { 'retention.ms': '-1' }), true)).toBe(true);
    expect(await admin.createTopic(newTopic(topic, { 'retention.ms': '-1' }))).toBe(true);
    expect(await admin.createTopic(newTopic(topic))).toBe(false);
    expect(await admin.createTopic(newTopic(topic), true)).toBe(false);
    await waitFor('the topic to be described', async () =>
      (await admin.describeTopicConfigs([topic])).has(topic),
    );
    const missing = Array.from({ length: 7 }, () => uniqueName('missing'));
    const described = await admin.describeTopicConfigs([...missing.slice(3), topic, ...missing.slice(0, 3)]);
    expect([...described.keys()]).toEqual([topic]);
    const of = (name: string) => described.get(topic)?.find((config) => config.name === name);
    expect(of('retention.ms')).toEqual({ name: 'retention.ms', value: '-1', overridden: true });
    expect(of('cleanup.policy')).toMatchObject({ value: 'delete', overridden: false });
    await admin.createPartitions(topic, 5);
    await admin.deleteTopic(topic);
  });

  it('says what the broker refused, on which cluster, and whether to try again', async () => {
    const topic = uniqueName('admin');
    const error = await admin
      .createTopic(newTopic(topic, { 'no.such.config': '1' }))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(KafkaError);
    expect((error as KafkaError).message).toMatch(new RegExp(`creating topic ${topic} on east failed.*`));
    expect(error).toMatchObject({ retriable: false });
    await expect(admin.createPartitions(uniqueName('missing'), 3)).rejects.toThrow(/adding partitions/);
  });

  it('leaves nothing behind that wakes up every millisecond', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    try {
      await admin.brokerConfig(1, 'process.roles');
      expect(timers.mock.calls.filter(([, delayMs]) => (delayMs ?? 0) <= 1)).toEqual([]);
    } finally {
      timers.mockRestore();
    }
  });

  it('reads single configs of a broker, and null for one that is not reported', async () => {
    expect(await admin.brokerConfig(1, 'process.roles')).toBe('broker,controller');
    expect(await admin.brokerConfig(1, 'no.such.config')).toBeNull();
  });

  it('says so when no broker answers, and can be closed at any time', async () => {
    const nobody = new ClusterAdmin(
      clusterConfig.parse({
        name: 'nowhere',
        bootstrapServers: ['127.0.0.1:1'],
        security: { protocol: 'SASL_PLAINTEXT', sasl: { mechanism: 'PLAIN', username: 'a', password: 'b' } },
      }),
      'admin-test',
    );
    await expect(nobody.deleteTopic('t')).rejects.toThrow(/deleting topic t on nowhere failed/);
    await nobody.close();
    await nobody.close();
  });
});
