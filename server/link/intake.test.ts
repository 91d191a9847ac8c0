// What is believed of whom: a leader's errors and ends decide, a follower's lead back to the leader.
import { describe, expect, it } from 'vitest';
import type { FetchedPartition } from '@/server/kafka/wire/apis/fetch';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { buildBatch } from '@/server/kafka/wire/testing/batch-builder';
import { Intake } from './intake';
import type { LinkCore } from './link-core';
import { MirrorPartition } from './partition';

const [LEADER, FOLLOWER] = [1, 3];

function batchAt(offset: bigint, records = 2): Buffer {
  return buildBatch({
    baseOffset: offset,
    leaderEpoch: 4,
    records: Array.from({ length: records }, (_, index) => ({
      ...{ offset: offset + BigInt(index), timestamp: 1n, key: null, value: Buffer.from('v') },
    })),
    ...{ producerId: -1n, producerEpoch: -1, baseSequence: -1 },
  });
}

/** A partition of which everything below 100 is mirrored, and what its link was told to do. */
function reading(from: number, mayMissRecords = false) {
  const partition = new MirrorPartition({
    ...{ linkId: 'l', topic: 't', sourceTopic: 't', sourceTopicId: '0', index: 0 },
  });
  Object.assign(partition, { mode: 'RUNNING', headDone: true, sourceLeader: LEADER });
  Object.assign(partition, { planned: 100n, sent: 100n, acked: 100n, fetchOffset: 100n });
  partition.source = { brokerId: from, silentMs: 0, trouble: null, heldBack: false };
  partition.sourceSeen(0n, 150n, 150n, 1_000);
  const told: string[] = [];
  const note = (what: string) => () => void told.push(what);
  const core = {
    context: {
      ...{ settings: { 'compacted.gap.fill': 'markers' }, source: { brokers: [1, 2, 3] } },
      ...{ budget: { limitBytes: 1e9 }, fetching: () => 1 },
      ...{ refreshMetadata: note('refresh'), recover: note('recover'), writable: note('writable') },
      ...{ leaveFollower: note('leave'), stopFetching: note('stop'), log: () => {} },
    },
    ...{ topics: new Map([['t', { mayMissRecords }]]), later: () => {}, failPartition: note('fail') },
  };
  // Of a link only what an answer may set off.
  const intake = new Intake(core as unknown as LinkCore);
  const answer = (fetched: Partial<FetchedPartition>) =>
    intake.fetched(
      partition,
      {
        ...{ partition: 0, errorCode: 0, highWatermark: 140n, lastStableOffset: 140n, logStartOffset: 0n },
        ...{ aborted: [], preferredReadReplica: -1, divergingEndOffset: null, records: Buffer.alloc(0) },
        ...fetched,
      },
      null,
    );
  return { partition, told, answer };
}

describe('an answer of a follower', () => {
  const doubtful: [string, Partial<FetchedPartition>][] = [
    ['does not have the offset', { errorCode: ErrorCode.OFFSET_OUT_OF_RANGE }],
    ['knows another leader', { errorCode: ErrorCode.UNKNOWN_LEADER_EPOCH }],
    ['is none any more', { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER }],
    ['may not be read', { errorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED }],
    ['has other formats', { errorCode: ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT }],
    ['has parted, or not heard of the epoch', { divergingEndOffset: 90n }],
    ['begins behind the position', { logStartOffset: 101n, records: batchAt(101n) }],
    ['shows nothing at the position', { records: batchAt(102n) }],
    ['shows a hole between batches', { records: Buffer.concat([batchAt(100n), batchAt(104n)]) }],
    ['has a damaged batch', { records: damaged(batchAt(100n)) }],
  ];
  for (const [what, fetched] of doubtful)
    it(`that ${what} leads back to the leader, and nothing is planned, recovered or failed`, () => {
      const { partition, told, answer } = reading(FOLLOWER);
      answer(fetched);
      expect(told.filter((one) => one !== 'refresh')).toEqual(['leave']);
      expect([partition.planned, partition.fetchOffset, partition.queueLength]).toEqual([100n, 100n, 0]);
    });

  it('moves the mirror on up to its own end, without a word about the source', () => {
    const { partition, told, answer } = reading(FOLLOWER);
    answer({
      ...{ records: Buffer.concat([batchAt(100n), batchAt(102n), batchAt(104n)]) },
      ...{ lastStableOffset: 104n, highWatermark: 104n, logStartOffset: 50n },
    });
    expect([partition.planned, partition.queueLength, told]).toEqual([104n, 2, ['writable']]);
    const { sourceStart, sourceLastStable, sourceHighWatermark, sourceSeenAt } = partition;
    expect([sourceStart, sourceLastStable, sourceHighWatermark, sourceSeenAt]).toEqual([
      ...[0n, 150n, 150n, 1_000],
    ]);
  });

  it('may show holes where a cleaner works: every replica has its own', () => {
    const { partition, told, answer } = reading(FOLLOWER, true);
    answer({ records: batchAt(110n) });
    expect([partition.planned, partition.queueLength, told]).toEqual([112n, 2, ['writable']]);
  });
});

describe('an answer of a leader', () => {
  it('is what both sides are judged by', () => {
    const { partition, told, answer } = reading(LEADER);
    answer({ records: batchAt(104n), logStartOffset: 20n });
    expect([partition.planned, partition.sourceStart, partition.sourceLastStable]).toEqual([106n, 20n, 140n]);
    answer({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE });
    answer({ divergingEndOffset: 90n });
    expect(told).toEqual(['writable', 'recover', 'recover']);
  });
});

/** Claims more records than offsets. */
function damaged(batch: Buffer): Buffer {
  batch.writeInt32BE(1_000, 57);
  return batch;
}
