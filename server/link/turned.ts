// Takes a topic over that was a source until its mirror was reversed: nothing is copied and nothing of its history read again, because the link has
// checked each append of it. What must hold is that it ends where the reverse has left it, and ends as the new source does. Changes nothing.
import type { DesiredMirror, TurnedMirror } from '@/lib/contracts/engine';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { KafkaError } from '@/server/kafka/wire/errors';
import { readBatches } from '@/server/kafka/wire/record-batch';
import { MirrorRefused } from './mirror-refused';
import { type Ends, endsOf, fetchOne, logEndsOf, type PartitionAt, placesOf } from './source-probe';
import { compareTurned } from './tail-check';

type Sides = { source: ClusterClient; destination: ClusterClient };
type Place = { here: PartitionAt; there: PartitionAt };
type Seen = { own: Ends; logEnd: bigint; source: Ends };

const WAY_OUT =
  'Nothing was written to it. To bring it back, re-seed the mirror: its topic is deleted and copied from the beginning.';

/** @throws KafkaError */
export async function logStarts(
  client: ClusterClient,
  topic: TopicMetadata,
): Promise<Record<string, string>> {
  const ends = await endsOf(client, placesOf(topic));
  if (ends.size < topic.partitions.length)
    throw new KafkaError(`the starts of ${topic.name} can't be read yet`, { retriable: true });
  return Object.fromEntries(
    topic.partitions.map(({ partition }) => [
      String(partition),
      String(ends.get(`${topic.name}-${partition}`)?.start),
    ]),
  );
}

/**
 * @throws MirrorRefused naming partition and offset where it is not what the reverse has left; KafkaError when it can't be told yet
 */
export async function takeOverTurned(
  sides: Sides,
  mirror: DesiredMirror & { turn: TurnedMirror },
  sourceTopic: TopicMetadata,
  destinationTopic: TopicMetadata,
  compacted: boolean,
): Promise<void> {
  const places = placesOf(destinationTopic);
  const [own, logEnds, source] = await Promise.all([
    endsOf(sides.destination, places),
    logEndsOf(sides.destination, places),
    endsOf(sides.source, placesOf(sourceTopic)),
  ]);
  for (const there of places) {
    const here = placesOf(sourceTopic).find(({ partition }) => partition === there.partition);
    if (!here)
      throw new MirrorRefused(
        'SOURCE_PARTITIONS_DECREASED',
        `${mirror.topic} on ${sides.destination.name} has ${places.length} partitions, ${mirror.sourceTopic} on ${sides.source.name} has ${sourceTopic.partitions.length}: partition ${there.partition} came after the reverse began. Nothing was written to it. Where nothing stands there, add as many partitions to ${mirror.sourceTopic} and check again; otherwise re-seed the mirror.`,
      );
    const key = `${there.topic}-${there.partition}`;
    const seen = {
      own: own.get(key),
      logEnd: logEnds.get(key),
      source: source.get(`${sourceTopic.name}-${there.partition}`),
    };
    if (!seen.own || seen.logEnd === undefined || !seen.source)
      throw new KafkaError(`the ends of ${mirror.topic} partition ${there.partition} can't be read yet`, {
        retriable: true,
      });
    await check(sides, mirror, { here, there }, seen as Seen, compacted);
  }
}

async function check(
  sides: Sides,
  mirror: DesiredMirror & { turn: TurnedMirror },
  { here, there }: Place,
  { own, logEnd, source }: Seen,
  compacted: boolean,
): Promise<void> {
  const { partition } = there;
  const refuse = (why: string) =>
    new MirrorRefused(
      'UNEXPECTED_WRITE',
      `${mirror.topic} partition ${partition} on ${sides.destination.name} is not what the reverse has left: ${why}. ${WAY_OUT}`,
    );
  const told = mirror.turn.ends[String(partition)];
  if (told === undefined) {
    if (logEnd === 0n) return;
    throw refuse(`it was not there, and ends at ${logEnd} now`);
  }
  const end = BigInt(told);
  if (logEnd > end) throw refuse(`it ended at ${end}, and ${await writtenBehind(sides, there, end)}`);
  if (logEnd < end)
    throw refuse(`it ended at ${end}, and ends at ${logEnd} now: its leader has lost the end of the log`);
  if (own.highWatermark < end)
    throw new KafkaError(
      `${mirror.topic} partition ${partition}: its end is not yet on all replicas in sync`,
      {
        retriable: true,
      },
    );
  if (source.highWatermark < end)
    throw refuse(
      `it ended at ${end}, and ${mirror.sourceTopic} on ${sides.source.name} ends at ${source.highWatermark}`,
    );
  const start = own.start > source.start ? own.start : source.start;
  const verdict = await compareTurned(
    { client: sides.source, at: here },
    { client: sides.destination, at: there },
    start,
    end,
    compacted,
  );
  if (!verdict.equal) throw refuse(`offset ${verdict.offset}: ${verdict.message}`);
}

/** Who came behind the end, for messages. */
async function writtenBehind({ destination }: Sides, at: PartitionAt, end: bigint): Promise<string> {
  const fetched = await fetchOne(destination, at, end, { readCommitted: false });
  const batch = readBatches(fetched.records).find(({ lastOffset }) => lastOffset >= end);
  if (!batch) return 'something was written behind that since';
  const who = batch.producerId < 0n ? 'by a producer without an id' : `by producer ${batch.producerId}`;
  return batch.control
    ? `a transaction marker came to offset ${end} since (${who}): a transaction that was open at the reverse has ended`
    : `a record was written to offset ${end} since ${who}`;
}
