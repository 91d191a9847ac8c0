// What stays claimed of a mirror partition when its log was cut, and when the engine before this one stopped in the middle of a sweep. No brokers.
import { describe, expect, it } from 'vitest';
import type { LinkCore, LinkPorts } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import { MirrorPartition } from '../partition';
import { PartitionProgress, serialise } from './progress';
import { Scan } from './scan';
import { Verification } from './verification';

const progress = (over: Partial<PartitionProgress>) => Object.assign(new PartitionProgress(), over);
const difference = { offset: 4n, error: 'UNEXPECTED_WRITE' as const, message: 'differs', atMs: 1 };
const ids = { sourceTopicId: 'source', mirrorTopicId: 'mirror', sweepId: 'sweep' };

/** A mirror whose store has `stored` of its partitions, and what is told to the store. */
function restored(stored: PartitionProgress[]) {
  const told: Parameters<LinkPorts['verified']>[1][] = [];
  const partitions = stored.map(
    (_, index) =>
      new MirrorPartition({ linkId: 'l', topic: 't', sourceTopic: 't', sourceTopicId: 'source', index }),
  );
  const verified = serialise(
    ids,
    stored.map((one, index): [number, PartitionProgress] => [index, one]),
  );
  const desired = { verified, sweep: { id: 'sweep' } };
  const topic = { name: 't', phase: 'READY', sourceTopicId: 'source', desired, partitions };
  const verification = new Verification({
    topics: new Map([['t', topic]]),
    destinationIds: new Map([['t', 'mirror']]),
    ports: { verified: (_: string, facts: (typeof told)[number]) => told.push(facts) },
  } as unknown as LinkCore);
  const outcomes = () => told.flatMap(({ sweepEnded }) => sweepEnded?.outcome ?? []);
  return { verification, topic: topic as unknown as MirrorTopic, partitions, outcomes };
}

describe('a mirror whose end was lost', () => {
  const verified = { from: 2n, to: 90n, sinceMs: 1 };
  const cut = (end: bigint) => {
    const one = progress({ verified, scan: new Scan(95n) });
    one.sweep = { scan: new Scan(80n), from: 0n, target: 100n, startedMs: 1 };
    one.cutTo(end);
    return [one.verified?.to, one.scan?.cursor, one.sweep.scan.cursor];
  };

  it('is not called verified behind that end, and is compared again from there, also by a sweep', () => {
    expect(cut(100n)).toEqual([90n, 95n, 80n]);
    expect(cut(92n)).toEqual([90n, 90n, 80n]);
    expect(cut(70n)).toEqual([70n, 70n, 70n]);
    expect(cut(1n)).toEqual([2n, 2n, 1n]);
  });

  it('is told by its partition, however far it has grown again since', () => {
    const { verification, partitions } = restored([progress({ verified })]);
    const [partition] = partitions as [MirrorPartition];
    expect(verification.of(partition).verified?.to).toBe(90n);
    partition.takenUpAt = 60n;
    partition.mirrorHighWatermark = 500n;
    expect(verification.of(partition).verified?.to).toBe(60n);
  });
});

describe('a sweep that a restart has cut in two', () => {
  it('ends different when a partition was found different before', () => {
    const { verification, topic, partitions, outcomes } = restored([
      progress({ difference }),
      progress({ sweep: 'WANTED' }),
    ]);
    verification.followWish();
    expect(outcomes()).toEqual([]);
    verification.of(partitions[1] as MirrorPartition).sweep = null;
    verification.partitionSwept(topic, true);
    expect(outcomes()).toEqual(['DIFFERENT']);
  });

  it('ends equal when all else was', () => {
    const { verification, topic, partitions, outcomes } = restored([
      progress({ verified: { from: 0n, to: 9n, sinceMs: 1 } }),
      progress({ difference, sweep: 'WANTED' }),
    ]);
    verification.followWish();
    const second = verification.of(partitions[1] as MirrorPartition);
    second.sweep = null;
    second.difference = null;
    verification.partitionSwept(topic, true);
    expect(outcomes()).toEqual(['EQUAL']);
  });

  it('ends also when the engine before had done all of it and not said so', () => {
    const { verification, outcomes } = restored([progress({ difference })]);
    verification.followWish();
    verification.followWish();
    expect(outcomes()).toEqual(['DIFFERENT']);
  });
});
