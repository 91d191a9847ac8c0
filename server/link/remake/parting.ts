// Finds where an old topic and the one that took its place part: read record by record, from a little before where the mirror ended. Counts what each
// side has from there on. Judges by what consumers at read_committed see; changes nothing.
import type { PartingPartition } from '@/lib/contracts/remake';
import type { Ends } from '../source-probe';
import { type FlatRecord, RecordStream, type Side, sameRecord } from '../tail-check';

export type PartedSide = Side & { ends: Ends };

/** Compared in front of where the mirror ended: what stands there was mirrored, and is looked at to be sure of it. */
const LOOK_BACK = 1_000n;

export type PartingOptions = {
  /** Where the mirror ended; null: not known, and everything is compared. */
  hint: bigint | null;
  /** Records may be missing on either side in front of the hint, and on the old one without a hint: cleaners never run in step. */
  compacted: boolean;
  /** After that (monotonic ms) nothing is counted any more. */
  untilMs: number;
};

/** @throws KafkaError when a broker doesn't answer, or shows nothing where it must have something */
export async function findParting(
  partition: number,
  old: PartedSide,
  other: PartedSide,
  options: PartingOptions,
): Promise<PartingPartition> {
  const { from, known } = await partedAt(old, other, options);
  const parted = from ?? overhang(old, other);
  const counts =
    parted === null
      ? { records: 0n, otherRecords: null }
      : {
          records: await countRecords(old, parted, old.ends.lastStable, options),
          otherRecords: await countRecords(other, parted, other.ends.lastStable, options),
        };
  return {
    partition,
    start: String(old.ends.start),
    end: String(old.ends.highWatermark),
    otherStart: String(other.ends.start),
    otherEnd: String(other.ends.highWatermark),
    parted: text(parted),
    records: text(counts.records),
    otherRecords: text(counts.otherRecords),
    note: known ?? noteOf(old),
  };
}

/** A partition that the other side does not have is parted from its beginning. @throws KafkaError as above */
export async function lonePartition(
  partition: number,
  old: PartedSide,
  options: PartingOptions,
): Promise<PartingPartition> {
  const { start, lastStable, highWatermark } = old.ends;
  const records = await countRecords(old, start, lastStable, options);
  return {
    ...{ partition, start: String(start), end: String(highWatermark) },
    ...{ otherStart: '0', otherEnd: '0', parted: String(start) },
    ...{ records: text(records), otherRecords: '0' },
    note: noteOf(old) ?? 'Only the old side has this partition.',
  };
}

const text = (value: bigint | null) => (value === null ? null : String(value));

function noteOf({ ends: { lastStable, highWatermark } }: PartedSide): string | null {
  if (lastStable >= highWatermark) return null;
  return `A transaction is open on the old side from offset ${lastStable}: what stands there and behind it is not known yet.`;
}

/**
 * The old side is longer, or undecided: as it is, it can't be a mirror of the other one. What stands beside an open transaction of the other side was
 * compared with nothing.
 */
function overhang({ ends: old }: PartedSide, { ends: other }: PartedSide): bigint | null {
  if (other.lastStable < other.highWatermark && old.lastStable > other.lastStable) return other.lastStable;
  if (old.highWatermark > other.highWatermark) return other.highWatermark;
  return old.lastStable < old.highWatermark ? old.lastStable : null;
}

/** First offset at which what both show differs, up to the end of the shorter one. */
async function partedAt(
  old: PartedSide,
  other: PartedSide,
  { hint, compacted }: PartingOptions,
): Promise<{ from: bigint | null; known: string | null }> {
  const lowest = max(old.ends.start, other.ends.start);
  if (lowest >= old.ends.highWatermark && old.ends.highWatermark > old.ends.start)
    return {
      from: old.ends.start,
      known: `The other side begins at ${other.ends.start}: nothing of the old one can be compared with it.`,
    };
  const end = min(old.ends.lastStable, other.ends.lastStable);
  const first = hint === null ? lowest : max(lowest, min(hint, end) - LOOK_BACK);
  // Where nothing tells what was mirrored, a record that only the old side shows may be one that the other never had.
  const tolerant = (offset: bigint, onOld: boolean) => compacted && (hint === null ? !onOld : offset < hint);
  const differs = (from: bigint) => firstDifference(old, other, { from, end, holes: compacted }, tolerant);
  const { at: found, agreed } = await differs(first);
  // What came behind the mirror's end in front of where the other side begins: only equal records behind it show that both had it.
  const unseen = max(old.ends.start, hint ?? old.ends.start);
  if (!agreed && unseen < other.ends.start && unseen < old.ends.highWatermark)
    return {
      from: unseen,
      known: `The other side begins at ${other.ends.start}: what the old one has in front of that can't be compared, and counts from offset ${unseen}.`,
    };
  // What was mirrored is not what stands there: the two may have parted long before.
  if (found !== null && hint !== null && found < hint && first > lowest)
    return { from: (await differs(lowest)).at, known: null };
  return { from: found, known: null };
}

/** `agreed`: both have shown the same record in front of that. */
async function firstDifference(
  old: Side,
  other: Side,
  { from, end, holes }: { from: bigint; end: bigint; holes: boolean },
  tolerant: (offset: bigint, onOld: boolean) => boolean,
): Promise<{ at: bigint | null; agreed: boolean }> {
  const [left, right] = [new RecordStream(old, from, end, holes), new RecordStream(other, from, end, holes)];
  let [a, b] = await Promise.all([left.next(), right.next()]);
  let agreed = false;
  while (a || b) {
    if (a && b && a.offset === b.offset) {
      if (!sameRecord(a, b)) return { at: a.offset, agreed };
      agreed = true;
      [a, b] = await Promise.all([left.next(), right.next()]);
      continue;
    }
    const onLeft = a !== null && (b === null || a.offset < b.offset);
    const lone = (onLeft ? a : b) as FlatRecord;
    if (!tolerant(lone.offset, onLeft)) return { at: lone.offset, agreed };
    if (onLeft) a = await left.next();
    else b = await right.next();
  }
  return { at: null, agreed };
}

async function countRecords(
  side: PartedSide,
  from: bigint,
  end: bigint,
  { untilMs, compacted }: PartingOptions,
): Promise<bigint | null> {
  const stream = new RecordStream(side, max(from, side.ends.start), end, compacted);
  let count = 0n;
  for (;;) {
    if (performance.now() > untilMs) return null;
    if ((await stream.next()) === null) return count;
    count++;
  }
}

const max = (a: bigint, b: bigint) => (a > b ? a : b);
const min = (a: bigint, b: bigint) => (a < b ? a : b);
