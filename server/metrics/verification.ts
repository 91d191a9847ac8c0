// What of mirrors is verified, from the columns of a snapshot. Pure. Offsets stay bigint; unknown stays null.
import type { z } from 'zod';
import type { PartitionColumns } from '@/lib/contracts/engine';
import type { PartitionVerification, sweepProgress, VerificationSummary } from '@/lib/contracts/verify';

type SweepSum = z.infer<typeof sweepProgress>;
type Span = { first: number; partitions: number; verifyTrouble?: string | null | undefined };

export const nothingVerified: VerificationSummary = {
  verified: null,
  of: null,
  endsCheckedAt: null,
  sampledAt: null,
  sweeping: null,
  trouble: null,
};

export function partitionVerification(columns: PartitionColumns, index: number): PartitionVerification {
  const from = columns.verifiedFrom[index] ?? -1n;
  const since = timeAt(columns.verifiedSince, index);
  return {
    verified:
      from < 0n || since === null
        ? null
        : {
            from: String(from),
            to: String(columns.verifiedTo[index] ?? from),
            since,
            at: timeAt(columns.verifiedAt, index),
          },
    endCheckedAt: timeAt(columns.endCheckedAt, index),
    samples: columns.samples[index] ?? 0,
    sampledAt: timeAt(columns.sampledAt, index),
    sweep: sweepAt(columns, index),
  };
}

/** @param mirrors where each of them stands in the columns */
export function verificationSummary(columns: PartitionColumns, mirrors: Iterable<Span>): VerificationSummary {
  let verified = 0n;
  let of = 0n;
  let known = true;
  let partitions = 0;
  let endsCheckedAt = Number.POSITIVE_INFINITY;
  let sampledAt: number | null = null;
  const sweeping = { running: false, done: 0n, total: 0n };
  let trouble: string | null = null;
  for (const mirror of mirrors) {
    trouble ??= mirror.verifyTrouble ?? null;
    for (let index = mirror.first; index < mirror.first + mirror.partitions; index++) {
      partitions++;
      const start = columns.mirrorStart[index] ?? -1n;
      const end = columns.mirrorEnd[index] ?? -1n;
      const from = columns.verifiedFrom[index] ?? -1n;
      if (start < 0n || end < 0n) known = false;
      else {
        of += end - start;
        const first = from > start ? from : start;
        const to = min(columns.verifiedTo[index] ?? -1n, end);
        if (from >= 0n && to > first) verified += to - first;
        // An empty log has no end to look at.
        if (end > start) endsCheckedAt = Math.min(endsCheckedAt, columns.endCheckedAt[index] ?? Number.NaN);
      }
      const sampled = timeAt(columns.sampledAt, index);
      if (sampled !== null && sampled > (sampledAt ?? 0)) sampledAt = sampled;
      const sweep = sweepAt(columns, index);
      if (!sweep) continue;
      sweeping.running = true;
      sweeping.done += BigInt(sweep.done);
      sweeping.total += BigInt(sweep.total);
    }
  }
  if (partitions === 0) return { ...nothingVerified, trouble };
  return {
    verified: known ? String(verified) : null,
    of: known ? String(of) : null,
    endsCheckedAt: Number.isFinite(endsCheckedAt) ? Math.trunc(endsCheckedAt) : null,
    sampledAt,
    sweeping: sweeping.running ? { done: String(sweeping.done), total: String(sweeping.total) } : null,
    trouble,
  };
}

function sweepAt(columns: PartitionColumns, index: number): SweepSum | null {
  const total = columns.sweepTotal[index] ?? -1n;
  if (total < 0n) return null;
  const done = columns.sweepDone[index] ?? 0n;
  return { done: String(done < 0n ? 0n : min(done, total)), total: String(total) };
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);

function timeAt(column: Float64Array, index: number): number | null {
  const time = column[index] ?? Number.NaN;
  return Number.isNaN(time) ? null : Math.trunc(time);
}
