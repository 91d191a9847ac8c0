// Decides how a recovered partition goes on: is it still a prefix of the source, must a head be filled, has the source's start passed it?
import { readBatches } from '@/server/kafka/wire/record-batch';
import type { LinkContext } from './link-context';
import type { MirrorPartition } from './partition';
import { type Ends, endsOf, fetchOne, logEndOf, type PartitionAt } from './source-probe';
import { compareTail } from './tail-check';

/** Holes of compacted topics in front of the first record, above which the head is filled with records that are deleted again. */
const HEAD_HOLE_LIMIT = 10_000n;

export type Located =
  | { kind: 'RUN'; ends: Ends }
  /** Fill [acked, target), then run; `start` is where the mirror's log will begin. */
  | { kind: 'HEAD'; ends: Ends; target: bigint; start: bigint }
  /** The source's start has passed the mirror's end: [acked, to) is gone. */
  | { kind: 'RANGE_LOST'; ends: Ends; to: bigint }
  /** The mirror isn't a prefix of the source any more: the source lost records, or somebody else wrote to the mirror. */
  | { kind: 'PARTED'; error: 'UNEXPECTED_TRUNCATION' | 'UNEXPECTED_WRITE'; message: string }
  | { kind: 'UNKNOWN'; message: string };

export function sourcePlace(partition: MirrorPartition): PartitionAt {
  return {
    topic: partition.sourceTopic,
    topicId: partition.sourceTopicId,
    partition: partition.index,
    leader: partition.sourceLeader,
    leaderEpoch: partition.sourceLeaderEpoch,
  };
}

/** @throws KafkaError when a broker doesn't answer: try again */
export async function locate(
  link: LinkContext,
  partition: MirrorPartition,
  mirrorTopicId: string,
  compacted: boolean,
): Promise<Located> {
  const source = sourcePlace(partition);
  const ends = (await endsOf(link.source, [source])).get(`${partition.sourceTopic}-${partition.index}`);
  if (!ends)
    return {
      kind: 'UNKNOWN',
      message: `Waiting for the source's leader of ${partition.sourceTopic} partition ${partition.index}.`,
    };
  const mirror: PartitionAt = {
    topic: partition.topic,
    topicId: mirrorTopicId,
    partition: partition.index,
    leader: partition.mirrorLeader,
    leaderEpoch: partition.mirrorLeaderEpoch,
  };
  const end = partition.acked;
  if (end > ends.highWatermark) {
    // A new leader has every committed record, but may learn the high watermark a moment later: its log's end decides.
    const logEnd = await logEndOf(link.source, source);
    if (logEnd === null || end <= logEnd) {
      return {
        kind: 'UNKNOWN',
        message: `Waiting for the high watermark of ${partition.sourceTopic} partition ${partition.index} (${ends.highWatermark}) to reach the mirror's end ${end}.`,
      };
    }
    return parted(
      link,
      mirror,
      end - 1n,
      `the mirror ends at ${end}, the source at ${ends.highWatermark}`,
      'the source has lost records that the mirror has',
    );
  }
  const first = partition.start > ends.start ? partition.start : ends.start;
  const emptyLog = partition.mirrorStart === end;
  if (!partition.tailChecked && !emptyLog && end > partition.start) {
    const own = partition.comparableFrom;
    const from = partition.mirrorStart > own ? partition.mirrorStart : own;
    const verdict = await compareTail(
      { client: link.source, at: source },
      { client: link.destination, at: mirror },
      from,
      end,
      ends.start,
      compacted,
    );
    if (!verdict.equal) {
      return parted(
        link,
        mirror,
        verdict.offset,
        `at offset ${verdict.offset}, ${verdict.message}`,
        'the source has other records than the mirror',
      );
    }
  }
  partition.tailChecked = true;

  if (end < first) {
    // Nothing of the source stands in the mirror yet: the head is just longer.
    if (end > partition.start) return { kind: 'RANGE_LOST', ends, to: first };
    return { kind: 'HEAD', ends, ...(await headOf(link, source, first, end, compacted)) };
  }
  if (compacted && emptyLog && end === first && end < ends.lastStable) {
    const head = await headOf(link, source, first, end, compacted);
    if (head.target - end > HEAD_HOLE_LIMIT) return { kind: 'HEAD', ends, ...head };
  }
  return { kind: 'RUN', ends };
}

/** Fillers go up to the base of the batch that holds the first offset: it's appended whole, and its front deleted again. */
async function headOf(
  link: LinkContext,
  source: PartitionAt,
  first: bigint,
  end: bigint,
  compacted: boolean,
): Promise<{ target: bigint; start: bigint }> {
  const fetched = await fetchOne(link.source, source, first, { readCommitted: true });
  const base = readBatches(fetched.records)[0]?.baseOffset;
  if (base === undefined) return { target: first, start: first };
  if (base > first) {
    const skip = compacted && base - first > HEAD_HOLE_LIMIT;
    return skip ? { target: base, start: base } : { target: first, start: first };
  }
  return { target: base > end ? base : end, start: first };
}

/** Whose batch stands where both sides part: ours says that the source has changed, another one that somebody else wrote. */
async function parted(
  link: LinkContext,
  mirror: PartitionAt,
  offset: bigint,
  where: string,
  otherwise: string,
): Promise<Located> {
  const fetched = await fetchOne(link.destination, mirror, offset, { readCommitted: false });
  const batch = readBatches(fetched.records).find((b) => b.lastOffset >= offset);
  if (batch?.control && link.fills.owns(batch.producerId))
    return {
      kind: 'PARTED',
      error: 'UNEXPECTED_WRITE',
      message:
        `${where}: Kafka wrote the marker of an empty transaction twice there, as it does when a broker of the destination fails in that moment. ` +
        'With ALTER on the cluster the link writes markers itself, and looks before it repeats one',
    };
  const foreign = batch !== undefined && batch.producerId !== link.identity.producerId;
  return foreign
    ? {
        kind: 'PARTED',
        error: 'UNEXPECTED_WRITE',
        message: `${where}: somebody else wrote to the mirror at offset ${offset} (producer id ${batch.producerId})`,
      }
    : { kind: 'PARTED', error: 'UNEXPECTED_TRUNCATION', message: `${where}: ${otherwise}` };
}
