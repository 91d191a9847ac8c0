import { describe, expect, it } from 'vitest';
import { configMeaning, retentionText, topicLook } from './topic-words';

describe('how a topic is shown', () => {
  it('is as bad as its worst partition', () => {
    expect(topicLook({ offline: 1, underMinIsr: 2, underReplicated: 3, untold: 1 })).toMatchObject({
      word: 'Offline',
      detail: '1',
    });
    expect(topicLook({ offline: 0, underMinIsr: 2, underReplicated: 3, untold: 1 }).word).toBe(
      'Under min ISR',
    );
    expect(topicLook({ offline: 0, underMinIsr: null, underReplicated: 3, untold: 1 }).word).toBe(
      'Under-replicated',
    );
    const well = { offline: 0, underMinIsr: 0, underReplicated: 0, untold: 0 };
    expect(topicLook(well).word).toBe('In sync');
    expect(topicLook({ ...well, untold: 1 })).toMatchObject({ shape: 'hollow', word: 'Not all known' });
  });

  it('says configs in units that people read, and leaves alone what says it itself', () => {
    expect(configMeaning('retention.ms', '604800000')).toBe('7 d');
    expect(configMeaning('retention.ms', '-1')).toBe('no limit');
    expect(configMeaning('segment.bytes', '1073741824')).toBe('1.0 GiB');
    expect(configMeaning('flush.messages', '9223372036854775807')).toBe('no limit');
    expect(configMeaning('max.compaction.lag.ms', '9223372036854775807')).toBe('no limit');
    expect(configMeaning('local.retention.ms', '-2')).toBe('as retention.ms');
    expect(configMeaning('local.retention.bytes', '-2')).toBe('as retention.bytes');
    expect(configMeaning('local.retention.bytes', '1048576')).toBe('1.0 MiB');
    expect(configMeaning('cleanup.policy', 'compact,delete')).toBeNull();
    expect(configMeaning('min.insync.replicas', '2')).toBeNull();
    expect(retentionText('-1')).toBe('for ever');
  });
});
