// What is known to be equal of one mirror partition, and how that is kept over a restart. State only.
import { z } from 'zod';
import { bigintString, timestampMs } from '@/lib/contracts/common';
import { type MirrorError, mirrorError } from '@/lib/contracts/link';
import { Scan } from './scan';

/** All of [from, to) was compared, nothing left out, the first of it at `sinceMs`. */
export type Verified = { from: bigint; to: bigint; sinceMs: number };

export type Sweep = { scan: Scan; from: bigint; target: bigint; startedMs: number };

export class PartitionProgress {
  verified: Verified | null = null;
  /** When `verified` was last extended (ms). */
  verifiedAtMs = Number.NaN;
  scan: Scan | null = null;
  /** WANTED: both ends are not read yet. */
  sweep: Sweep | 'WANTED' | null = null;
  /** End of the last look at the mirror's end, and when (ms). */
  endChecked = -1n;
  endCheckedMs = Number.NaN;
  samples = 0;
  sampledMs = Number.NaN;
  /** Not tried before (monotonic ms). */
  notBeforeMs = 0;
  failures = 0;
  /** Why it can't be compared now. */
  trouble: string | null = null;
  /** Why the partition was failed; kept until a sweep finds both sides equal. */
  difference: { offset: bigint; error: MirrorError; message: string; atMs: number } | null = null;
  /** Changed since it was last told to the store. */
  dirty = false;

  /** Extends what is verified by what the background scan has settled. */
  settle(nowMs: number): void {
    if (!this.scan || !this.verified || this.scan.settled <= this.verified.to) return;
    this.verified = { ...this.verified, to: this.scan.settled };
    this.verifiedAtMs = nowMs;
    this.dirty = true;
  }

  /** The mirror ended there since the last look: what stands behind it now is not what was compared. */
  cutTo(end: bigint): void {
    if (this.verified) this.clamp(this.verified.from, end);
    // From what is certain: keys that are still open were looked for in what is gone, too.
    if (this.scan && this.scan.cursor > end) this.scan = new Scan(this.verified?.to ?? end);
    const { sweep } = this;
    if (!sweep || sweep === 'WANTED' || sweep.scan.cursor <= end) return;
    const { settled } = sweep.scan;
    sweep.scan = new Scan([settled, end].reduce((a, b) => (a < b ? a : b)));
    this.dirty = true;
  }

  /** The logs begin and end there: nothing is claimed outside. */
  clamp(start: bigint, end: bigint): void {
    const { verified } = this;
    if (!verified) return;
    const from = verified.from > start ? verified.from : start;
    const cut = verified.to > end ? end : verified.to;
    const to = cut > from ? cut : from;
    if (from === verified.from && to === verified.to) return;
    this.verified = { ...verified, from, to };
    if (to !== verified.to) this.scan = new Scan(to);
    this.dirty = true;
  }

  /** A sweep has found everything equal: its claim replaces an older one, and keeps what was compared behind its end meanwhile. */
  sweptThrough(sweep: Sweep, nowMs: number): void {
    const known = this.verified;
    const meets = known !== null && known.from <= sweep.target && known.to > sweep.target;
    this.verified = {
      from: sweep.from,
      to: meets ? known.to : sweep.target,
      sinceMs: sweep.startedMs,
    };
    this.verifiedAtMs = nowMs;
    // A scan that is somewhere else would leave a gap in the claim.
    if (!meets || !this.scan) this.scan = new Scan(this.verified.to);
    this.sweep = null;
    this.dirty = true;
  }
}

const storedPartition = z.object({
  verified: z
    .object({
      from: bigintString,
      to: bigintString,
      sinceMs: timestampMs,
      atMs: timestampMs.nullable(),
    })
    .optional(),
  sweep: z
    .union([
      z.literal('WANTED'),
      z.object({ from: bigintString, at: bigintString, target: bigintString, startedMs: timestampMs }),
    ])
    .optional(),
  difference: z
    .object({ offset: bigintString, error: mirrorError, message: z.string(), atMs: timestampMs })
    .optional(),
});
/** Ids of both topics, because a claim is about these logs and no others. */
const storedMirror = z.object({
  sourceTopicId: z.string(),
  mirrorTopicId: z.string(),
  /** Of the sweep that the partitions are in. */
  sweepId: z.string().nullable(),
  partitions: z.record(z.string(), storedPartition),
});
export type StoredMirror = z.infer<typeof storedMirror>;

export function serialise(
  ids: Pick<StoredMirror, 'sourceTopicId' | 'mirrorTopicId' | 'sweepId'>,
  partitions: Iterable<[number, PartitionProgress]>,
): string {
  const stored: StoredMirror = { ...ids, partitions: {} };
  for (const [index, { verified, verifiedAtMs, sweep, difference }] of partitions) {
    if (!verified && !sweep && !difference) continue;
    const entry: StoredMirror['partitions'][string] = {};
    if (verified)
      entry.verified = {
        from: String(verified.from),
        to: String(verified.to),
        sinceMs: verified.sinceMs,
        atMs: Number.isNaN(verifiedAtMs) ? null : verifiedAtMs,
      };
    if (sweep) entry.sweep = sweep === 'WANTED' ? sweep : storedSweep(sweep);
    if (difference) entry.difference = { ...difference, offset: String(difference.offset) };
    stored.partitions[String(index)] = entry;
  }
  return JSON.stringify(stored);
}

const storedSweep = ({ scan, from, target, startedMs }: Sweep) => ({
  from: String(from),
  // What is open is found again.
  at: String(scan.settled),
  target: String(target),
  startedMs,
});

/** Null for what cannot be read: everything is compared anew, which costs time and claims nothing. */
export function parseStored(text: string | null): StoredMirror | null {
  if (text === null) return null;
  try {
    return storedMirror.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A partition that the sweep found different is out of it, and stays different until another sweep. */
export const differsInSweep = ({ partitions }: StoredMirror): boolean =>
  Object.values(partitions).some(({ difference, sweep }) => difference !== undefined && sweep === undefined);

export function restore(stored: StoredMirror | null, index: number): PartitionProgress {
  const progress = new PartitionProgress();
  const known = stored?.partitions[String(index)];
  if (!known) return progress;
  const { verified, sweep, difference } = known;
  if (verified) {
    progress.verified = {
      from: BigInt(verified.from),
      to: BigInt(verified.to),
      sinceMs: verified.sinceMs,
    };
    progress.verifiedAtMs = verified.atMs ?? Number.NaN;
    progress.scan = new Scan(progress.verified.to);
  }
  if (difference) progress.difference = { ...difference, offset: BigInt(difference.offset) };
  if (sweep === 'WANTED') progress.sweep = sweep;
  else if (sweep)
    progress.sweep = {
      scan: new Scan(BigInt(sweep.at)),
      from: BigInt(sweep.from),
      target: BigInt(sweep.target),
      startedMs: sweep.startedMs,
    };
  return progress;
}
