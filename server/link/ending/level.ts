// Behind the fence of a reverse: what the source has got behind the end that was drained. Markers of transactions that ended late are filled at the mirror,
// so that the old source is never the longer one; a record there means that the two have parted, and nothing is turned.
import { readBatches } from '@/server/kafka/wire/record-batch';
import { fetchOne } from '../source-probe';
import type { Ending } from './ending';
import type { SourcePartition } from './source-look';
import type { PartitionEnd } from './statement';

/** A source that has gone away now must not keep the mirror from its users for ever. */
const LEVEL_LIMIT_MS = 60_000;
/** Late markers: one a transaction that was open. More are no accident. */
const MARKERS_AT_MOST = 10_000n;

export async function level(ending: Ending): Promise<void> {
  const { steps, fenceWork, topic, parts, core } = ending;
  if (fenceWork.levelled) return;
  const deadlineMs = performance.now() + LEVEL_LIMIT_MS;
  await ending.until('LEVEL', async () => {
    try {
      const look = await parts.sources.look(topic.desired.sourceTopic);
      const unknown = look.partitions > look.ends.size;
      const waits = unknown
        ? 'Not every leader of the source answers.'
        : await levelAll(ending, look.ends, look.atMs);
      if (waits === null || performance.now() < deadlineMs) return waits;
    } catch (error) {
      if (performance.now() < deadlineMs) throw error;
    }
    ending.note(
      `${core.desired.source.name} did not answer behind the fence, so that it is not known whether it has got anything more: there is no way back but by a copy (fail it back).`,
    );
    for (const end of fenceWork.ends.values()) end.turnAt ??= null;
    return null;
  });
  const parted = [...fenceWork.ends.values()].filter(({ turnAt }) => turnAt === null);
  const said = `The source ends where the mirror does, on ${fenceWork.ends.size} partitions.`;
  if (parted.length === 0) steps.done('LEVEL', said);
  else steps.skip('LEVEL', `Parted: partitions ${parted.map(({ index }) => index).join(', ')}.`);
  // From here on the topic is opened to others: nothing is filled any more.
  await ending.persist(null, null, fenceWork.statement());
}

async function levelAll(
  ending: Ending,
  ends: ReadonlyMap<number, SourcePartition>,
  atMs: number,
): Promise<string | null> {
  for (const end of ending.fenceWork.ends.values()) {
    const there = ends.get(end.index);
    if (!there) return `The source’s leader of partition ${end.index} does not answer.`;
    if (there.logEnd !== there.highWatermark || there.lastStable !== there.highWatermark)
      return `Partition ${end.index} of the source ends at ${there.logEnd}, of which ${there.lastStable} is stable.`;
    const waits = await levelOne(ending, end, there);
    if (waits !== null) return waits;
    end.source = { stable: there.lastStable, high: there.highWatermark, atMs };
  }
  noteAdded(ending, ends);
  return null;
}

/** Partitions that the source has got behind the fence; this topic has them not, and is in nobody's hands but its users' from here on. */
function noteAdded(ending: Ending, ends: ReadonlyMap<number, SourcePartition>): void {
  const own = ending.fenceWork.ends;
  for (const [index, { highWatermark }] of ends) {
    if (own.has(index)) continue;
    const why = `${ending.topic.desired.sourceTopic} has got partition ${index} at the source behind the fence; this topic does not have it.`;
    if (highWatermark === 0n) {
      ending.note(why);
      continue;
    }
    for (const end of own.values()) end.turnAt = null;
    ending.note(
      `${why} ${highWatermark} offsets stand there. The two topics have parted: there is no way back but by a copy (fail it back).`,
    );
  }
}

async function levelOne(ending: Ending, end: PartitionEnd, there: SourcePartition): Promise<string | null> {
  const drained = end.mirrorEnd ?? 0n;
  const { sourceTopic } = ending.topic.desired;
  const where = `${sourceTopic} partition ${end.index}`;
  const parted = (why: string) => {
    end.turnAt = null;
    end.note = end.note === null ? why : `${end.note} ${why}`;
    ending.note(`${why} The two topics have parted: there is no way back but by a copy (fail it back).`);
    return null;
  };
  if (there.highWatermark < drained)
    return parted(
      `${where} ended at ${drained} and ends at ${there.highWatermark} now: its leader has lost the end of the log.`,
    );
  const late = there.highWatermark - drained;
  if (late > MARKERS_AT_MOST) return parted(`${where} got ${late} offsets behind its end ${drained}.`);
  const record = await firstRecord(ending, there, drained);
  if (record !== null)
    return parted(
      `A record was written to ${where} at offset ${record.offset} behind its end ${drained} ${record.by}; this topic does not have it.`,
    );
  const waits = await fillTo(ending, end, there.highWatermark);
  if (waits !== null) return waits;
  end.turnAt = there.highWatermark;
  if (late > 0n) {
    const said = `${late} transaction markers came behind its end ${drained} at the source; they hold no records.`;
    end.note = end.note === null ? said : `${end.note} ${said}`;
  }
  return null;
}

/** First thing behind the end that is not a transaction marker. */
async function firstRecord(
  ending: Ending,
  { at, highWatermark }: SourcePartition,
  from: bigint,
): Promise<{ offset: bigint; by: string } | null> {
  for (let next = from; next < highWatermark; ) {
    const fetched = await fetchOne(ending.core.context.source, at, next, { readCommitted: false });
    const batches = readBatches(fetched.records).filter(({ lastOffset }) => lastOffset >= next);
    // Cleaned away already: it held a record once, or markers; nobody can tell.
    if (batches.length === 0) return { offset: next, by: 'and is gone again' };
    for (const batch of batches) {
      if (batch.baseOffset >= highWatermark) return null;
      if (!batch.control) {
        const offset = batch.baseOffset > next ? batch.baseOffset : next;
        const by = batch.producerId < 0n ? 'by a producer without an id' : `by producer ${batch.producerId}`;
        return { offset, by };
      }
      next = batch.lastOffset + 1n;
    }
  }
  return null;
}

/** One marker after the other behind the fence, until the mirror is as long. */
async function fillTo(ending: Ending, end: PartitionEnd, target: bigint): Promise<string | null> {
  const partition = ending.topic.partitions[end.index];
  if (!partition) return `Partition ${end.index} of the mirror is not known yet.`;
  while (partition.acked < target) {
    const settled = await ending.parts.fences.settle(partition);
    if (settled !== null) return `Partition ${end.index}: ${settled}.`;
    if (partition.acked >= target) break;
    const waits = await ending.parts.fences.fence(partition);
    if (waits !== null) return `Partition ${end.index}: ${waits}.`;
  }
  return null;
}
