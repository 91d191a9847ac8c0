import { beforeAll, describe, expect, it } from 'vitest';
import { codecsReady, restamp } from '@/server/kafka/wire/record-batch';
import { parseBatch } from '@/server/kafka/wire/testing/batch-builder';
import { fillerBatch } from './filler';

beforeAll(() => codecsReady());

const NOW = 1_800_000_123_456;

describe('fillerBatch', () => {
  it('spans as many offsets as asked, with a time that keeps the broker guarding our sequence', () => {
    const { bytes, maxTimestamp } = fillerBatch(1_234, NOW);
    const batch = parseBatch(bytes);
    expect(batch.records).toHaveLength(1_234);
    expect([batch.lastOffset, batch.maxTimestamp]).toEqual([1_233n, maxTimestamp]);
    expect(Number(maxTimestamp)).toBeLessThanOrEqual(NOW);
    expect(Number(maxTimestamp)).toBeGreaterThan(NOW - 3_600_000);
  });

  it('is a copy each time: restamping one leaves the next alone', () => {
    const first = fillerBatch(100, NOW);
    restamp(first.bytes, 7n, 1, 55);
    const second = fillerBatch(100, NOW);
    expect(parseBatch(second.bytes)).toMatchObject({ producerId: -1n, baseSequence: -1 });
    expect(parseBatch(first.bytes)).toMatchObject({ producerId: 7n, baseSequence: 55 });
  });

  it('takes the time anew each hour, and stays right when many sizes are asked for', () => {
    const before = fillerBatch(100, NOW).maxTimestamp;
    expect(fillerBatch(100, NOW + 3_600_000).maxTimestamp).toBe(before + 3_600_000n);
    for (let count = 1; count <= 40; count++)
      expect(parseBatch(fillerBatch(count, NOW).bytes).records).toHaveLength(count);
  });
});
