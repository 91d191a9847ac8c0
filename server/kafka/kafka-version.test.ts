import { describe, expect, it } from 'vitest';
import { kafkaVersionOf } from './kafka-version';

const fetchUpTo = (max: number) => [{ key: 1, min: 4, max }];

describe('kafkaVersionOf', () => {
  it('names the release line by the metadata version that the software supports', () => {
    const known: [number, string | null][] = [
      [31, '4.3'],
      [30, '4.3'],
      [26, '4.1'],
      [25, '4.0'],
      [21, '3.9'],
      [14, '3.6'],
      [4, '3.3'],
      [1, '3.0'],
      [0, null],
    ];
    for (const [level, release] of known)
      expect([level, kafkaVersionOf([], level)]).toEqual([level, release]);
  });

  it('says "or newer" for brokers that only tell their Fetch versions, and null for those it cannot place', () => {
    expect(kafkaVersionOf(fetchUpTo(12), null)).toBe('2.7 or newer');
    expect(kafkaVersionOf(fetchUpTo(13), null)).toBe('3.1 or newer');
    expect(kafkaVersionOf(fetchUpTo(18), null)).toBe('3.9 or newer');
    expect(kafkaVersionOf(fetchUpTo(11), null)).toBeNull();
    expect(kafkaVersionOf([], null)).toBeNull();
  });
});
