import { describe, expect, it } from 'vitest';
import type { PartitionRow } from '@/lib/contracts/link';
import { sortPartitions } from './partition-sorting';

const row = (partition: number, messages: string | null): PartitionRow => ({
  partition,
  state: 'ACTIVE',
  error: 'NO_ERROR',
  message: null,
  since: 0,
  sourceStart: '0',
  sourceLastStable: '0',
  sourceHighWatermark: '0',
  mirrorStart: '0',
  mirrorEnd: '0',
  blocked: '0',
  lag: { messages, bytes: null, seconds: null },
  bytesPerSecond: null,
  recordsPerSecond: null,
  sourceLeader: 1,
  sourceReadFrom: 1,
  mirrorLeader: 1,
  fills: { markers: '0', head: '0', copies: '0' },
  verification: { verified: null, endCheckedAt: null, samples: 0, sampledAt: null, sweep: null },
});
const order = (rows: PartitionRow[]) => rows.map((r) => r.partition);

describe('sorting partitions', () => {
  const rows = [
    row(0, '9'),
    row(1, '10'),
    row(2, null),
    row(3, '9007199254740993'),
    row(4, '9007199254740992'),
  ];

  it('compares offsets as whole numbers, also beyond 2^53', () => {
    expect(order(sortPartitions(rows, 'lagMessages', 'asc'))).toEqual([0, 1, 4, 3, 2]);
  });

  it('puts unknown values last in both orders', () => {
    expect(order(sortPartitions(rows, 'lagMessages', 'desc'))).toEqual([3, 4, 1, 0, 2]);
  });

  it('keeps the order of partitions among equals', () => {
    expect(order(sortPartitions(rows, 'state', 'desc'))).toEqual([0, 1, 2, 3, 4]);
  });
});
