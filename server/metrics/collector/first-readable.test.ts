// Which record comes next: markers and given-up data are passed over, as consumers do.
import { describe, expect, it } from 'vitest';
import { buildBatch, endMarker } from '@/server/kafka/wire/testing/batch-builder';
import { nextRecord } from './first-readable';

const T = 1_700_000_000_000;
const batch = (first: number, count: number, more: object = {}) =>
  buildBatch({
    baseOffset: BigInt(first),
    records: Array.from({ length: count }, (_, i) => ({
      ...{ offset: BigInt(first + i), timestamp: BigInt(T + i * 1_000), key: null, value: Buffer.from('v') },
    })),
    ...more,
  });
const given = { producerId: 7n, producerEpoch: 0, baseSequence: 0, transactional: true };
const marker = (offset: number, commit: boolean) =>
  endMarker({
    offset: BigInt(offset),
    producerId: 7n,
    producerEpoch: 0,
    commit,
    timestamp: BigInt(T),
  });

describe('what is read next', () => {
  it('is the record at the commit, its time between the batch’s first and last', () => {
    const records = Buffer.concat([batch(0, 5), batch(5, 11)]);
    expect(nextRecord(records, [], 5n)).toEqual({ kind: 'RECORD', offset: 5n, atMs: T });
    expect(nextRecord(records, [], 10n)).toEqual({ kind: 'RECORD', offset: 10n, atMs: T + 5_000 });
  });
  it('is the first record behind the commit where the cleaner has been', () => {
    expect(nextRecord(batch(8, 1), [], 5n)).toEqual({ kind: 'RECORD', offset: 8n, atMs: T });
  });
  it('has the time at which it was appended where the topic says so', () => {
    const records = batch(0, 3, { logAppendTime: BigInt(T + 9) });
    expect(nextRecord(records, [], 1n)).toEqual({ kind: 'RECORD', offset: 1n, atMs: T + 9 });
  });
  it('is nothing where only markers and data that was given up follow', () => {
    const records = Buffer.concat([batch(5, 2, given), marker(7, false)]);
    const aborted = [{ producerId: 7n, firstOffset: 5n }];
    expect(nextRecord(records, aborted, 5n)).toEqual({ kind: 'NOTHING', upTo: 8n });
    expect(nextRecord(Buffer.alloc(0), [], 5n)).toEqual({ kind: 'NOTHING', upTo: 5n });
  });
  it('is what the same producer commits later', () => {
    const records = Buffer.concat([
      batch(5, 2, given),
      marker(7, false),
      batch(8, 1, given),
      marker(9, true),
    ]);
    const aborted = [{ producerId: 7n, firstOffset: 5n }];
    expect(nextRecord(records, aborted, 5n)).toEqual({ kind: 'RECORD', offset: 8n, atMs: T });
  });
  it('may have no time', () => {
    const records = buildBatch({
      baseOffset: 0n,
      records: [{ offset: 0n, timestamp: -1n, key: null, value: null }],
    });
    expect(nextRecord(records, [], 0n)).toEqual({ kind: 'RECORD', offset: 0n, atMs: null });
  });
});
