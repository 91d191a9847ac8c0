import { describe, expect, it } from 'vitest';
import { DEFAULT_INCLUDE, topicConfigInclude } from '@/lib/contracts/topic-config-sync';
import type { TopicConfig } from '@/server/kafka/admin';
import { configDrift } from './config-drift';
import {
  changedConfigs,
  FIXED_WHILE_MIRRORING,
  isCompacted,
  isDeleting,
  mirrorConfigs,
  standing,
  wideTimestamps,
} from './topic-configs';

const own = (name: string, value: string | null): TopicConfig => ({ name, value, overridden: true });
const inherited = (name: string, value: string): TopicConfig => ({ name, value, overridden: false });

describe('configs of a mirror topic', () => {
  it('always keep batches, times and records as they are', () => {
    const source = [
      own('compression.type', 'gzip'),
      own('message.timestamp.type', 'LogAppendTime'),
      own('retention.ms', '1000'),
      own('retention.bytes', '5000'),
    ];
    for (const configs of [
      mirrorConfigs(source, {}, DEFAULT_INCLUDE),
      mirrorConfigs([], {}, DEFAULT_INCLUDE),
    ])
      expect(configs).toMatchObject({
        'compression.type': 'producer',
        'message.timestamp.type': 'CreateTime',
        'retention.ms': '-1',
        'retention.bytes': '-1',
      });
  });

  it('win over an operator who would break exactness', () => {
    const wished = { 'retention.ms': '1000', 'compression.type': 'zstd', 'cleanup.policy': 'compact' };
    expect(mirrorConfigs([inherited('cleanup.policy', 'delete')], wished, DEFAULT_INCLUDE)).toMatchObject({
      'retention.ms': '-1',
      'compression.type': 'producer',
      'cleanup.policy': 'delete',
    });
    for (const name of Object.keys(wished)) expect(FIXED_WHILE_MIRRORING).toContain(name);
  });

  it('take the cleanup policy from the source, also where it is the cluster default there', () => {
    const policy = (source: TopicConfig[]) => mirrorConfigs(source, {}, DEFAULT_INCLUDE)['cleanup.policy'];
    expect(policy([inherited('cleanup.policy', 'compact,delete')])).toBe('compact,delete');
    expect(policy([])).toBe('delete');
  });

  it('take what is set on the source topic, not what the source cluster defaults to, and nothing of replicas', () => {
    const configs = mirrorConfigs(
      [
        own('segment.bytes', '1048576'),
        inherited('segment.ms', '60000'),
        own('min.insync.replicas', '2'),
        own('leader.replication.throttled.replicas', '*'),
        own('delete.retention.ms', null),
      ],
      { 'segment.bytes': '2097152', 'min.insync.replicas': '1' },
      DEFAULT_INCLUDE,
    );
    expect(configs).toMatchObject({ 'segment.bytes': '2097152', 'min.insync.replicas': '1' });
    for (const name of ['segment.ms', 'leader.replication.throttled.replicas', 'delete.retention.ms'])
      expect(configs).not.toHaveProperty([name]);
  });

  it('let the largest batch of the source in, whoever sets which limit', () => {
    const limit = (source: TopicConfig[], overrides: Record<string, string>) =>
      mirrorConfigs(source, overrides, DEFAULT_INCLUDE)['max.message.bytes'];
    expect(limit([], {})).toBe('1048588');
    expect(limit([own('max.message.bytes', '100')], {})).toBe('1048588');
    expect(limit([inherited('max.message.bytes', '8000000')], {})).toBe('8000000');
    expect(limit([own('max.message.bytes', '8000000')], { 'max.message.bytes': '2000000' })).toBe('8000000');
    expect(limit([own('max.message.bytes', '2000000')], { 'max.message.bytes': '8000000' })).toBe('8000000');
  });
});

describe('topic.config.sync.include', () => {
  const source = [own('segment.ms', '60000'), own('flush.ms', '5'), own('cleanup.policy', 'compact')];
  it('lets those travel that are named, and always the policy and the limit of batches', () => {
    const configs = mirrorConfigs(source, {}, 'flush.ms');
    expect(configs).toMatchObject({
      'flush.ms': '5',
      'cleanup.policy': 'compact',
      'max.message.bytes': '1048588',
    });
    expect(configs).not.toHaveProperty(['segment.ms']);
    expect(mirrorConfigs(source, {}, '')).not.toHaveProperty(['flush.ms']);
  });

  it('is told without blanks and repetitions, and refuses by name what mirroring rules and what nobody knows', () => {
    expect(topicConfigInclude.parse(' segment.ms , flush.ms,segment.ms,')).toBe('segment.ms,flush.ms');
    const refused = [
      'retention.ms',
      'compression.type',
      'message.timestamp.type',
      'remote.storage.enable',
      'segmnet.ms',
    ];
    for (const name of refused) {
      const { error } = topicConfigInclude.safeParse(`flush.ms,${name}`);
      expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(name)]);
    }
  });
});

describe('drift', () => {
  const chosen = { include: new Set(['segment.ms', 'flush.ms']), own: { 'segment.bytes': '200' } };
  const drift = (source: TopicConfig[], mirror: TopicConfig[]) =>
    configDrift({ source, mirror }, chosen).map(({ name, same, rule, holds }) => [name, same, rule, holds]);

  it('says of each config that differs which rule it is under, and whose value stands', () => {
    const source = [
      own('retention.ms', '1000'),
      own('cleanup.policy', 'compact'),
      own('segment.bytes', '100'),
      own('segment.ms', '60000'),
      inherited('flush.ms', '7'),
      own('min.insync.replicas', '2'),
      own('remote.storage.enable', 'true'),
    ];
    const mirror = [
      own('retention.ms', '-1'),
      inherited('cleanup.policy', 'delete'),
      own('segment.bytes', '200'),
      own('segment.ms', '30000'),
      inherited('flush.ms', '9'),
      inherited('min.insync.replicas', '1'),
    ];
    expect(drift(source, mirror)).toEqual([
      ['cleanup.policy', false, 'ALWAYS', 'SOURCE'],
      ['flush.ms', false, 'CHOSEN', 'MIRROR'],
      ['min.insync.replicas', false, 'NOT_CHOSEN', 'MIRROR'],
      ['remote.storage.enable', false, 'NEVER', 'MIRROR'],
      ['retention.ms', false, 'HELD', 'LINK'],
      ['segment.bytes', false, 'OWN', 'OPERATOR'],
      ['segment.ms', false, 'CHOSEN', 'SOURCE'],
    ]);
  });

  it('names what is set on the source and the same, and is silent about defaults that are the same', () => {
    const both = [own('segment.ms', '1'), inherited('flush.ms', '9')];
    expect(drift(both, both)).toEqual([['segment.ms', true, 'CHOSEN', 'BOTH']]);
  });
});

describe('what follows a source while it is mirrored', () => {
  const applied = { 'max.message.bytes': '1048588', 'cleanup.policy': 'compact', 'segment.bytes': '100' };
  it('is what has changed, and no limit of batches is lowered', () => {
    expect(changedConfigs(applied, applied, false)).toEqual({});
    expect(
      changedConfigs(
        applied,
        { 'max.message.bytes': '900', 'cleanup.policy': 'delete', 'segment.bytes': '200' },
        false,
      ),
    ).toEqual({ 'cleanup.policy': 'delete', 'segment.bytes': '200' });
    expect(changedConfigs(applied, { ...applied, 'max.message.bytes': '5000000' }, false)).toEqual({
      'max.message.bytes': '5000000',
    });
  });

  it('lets a refused batch in, whatever was set before', () => {
    const limit = (bytes: number) => changedConfigs(applied, applied, false, bytes)['max.message.bytes'];
    expect([limit(2_000_000), limit(50_000)]).toEqual(['2000000', '1048588']);
  });

  it('includes what somebody else has changed of what the link sets, and nothing else', () => {
    const fixed = mirrorConfigs([], {}, DEFAULT_INCLUDE);
    const stands = standing({ ...fixed, 'segment.bytes': '100' }, [
      own('retention.ms', '1000'),
      own('message.timestamp.type', 'LogAppendTime'),
      own('segment.bytes', '200'),
      own('message.timestamp.before.max.ms', '5'),
    ]);
    const wide = wideTimestamps([own('message.timestamp.before.max.ms', '5')]);
    expect(changedConfigs(stands, { ...fixed, 'segment.bytes': '100', ...wide }, false)).toEqual({
      'retention.ms': '-1',
      'message.timestamp.type': 'CreateTime',
      'message.timestamp.before.max.ms': '9223372036854775807',
      'segment.bytes': '100',
    });
  });

  it('is not set again because a broker tells it in other words', () => {
    const wanted = {
      'min.cleanable.dirty.ratio': '0.50',
      'cleanup.policy': 'delete, compact',
      preallocate: 'TRUE',
    };
    const told = {
      'min.cleanable.dirty.ratio': '0.5',
      'cleanup.policy': 'delete,compact',
      preallocate: 'true',
    };
    expect(changedConfigs(told, wanted, false)).toEqual({});
    expect(changedConfigs(told, { ...wanted, preallocate: 'false' }, false)).toEqual({
      preallocate: 'false',
    });
  });

  it('leaves `delete` in the policy for as long as a head is removed', () => {
    const before = { ...applied, 'cleanup.policy': 'delete' };
    expect(changedConfigs(before, applied, true)).toEqual({});
    expect(changedConfigs(applied, before, true)).toEqual({ 'cleanup.policy': 'delete' });
  });
});

describe('cleanup policies', () => {
  it('are read as Kafka reads them', () => {
    const cases: [string | null, boolean, boolean][] = [
      ['delete', false, true],
      ['compact', true, false],
      ['compact,delete', true, true],
      ['delete, compact', true, true],
      [null, false, true],
    ];
    for (const [policy, compacted, deleting] of cases)
      expect([policy, isCompacted(policy), isDeleting(policy)]).toEqual([policy, compacted, deleting]);
  });
});
