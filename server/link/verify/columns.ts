// What verification knows of a partition, as it stands in a snapshot's columns.
import type { PartitionColumns } from '@/lib/contracts/engine';
import type { MirrorPartition } from '../partition';
import type { PartitionProgress } from './progress';

const UNKNOWN = -1n;

export function emptyVerifiedColumns(rows: number) {
  return {
    verifiedFrom: new BigInt64Array(rows),
    verifiedTo: new BigInt64Array(rows),
    verifiedSince: new Float64Array(rows),
    verifiedAt: new Float64Array(rows),
    endCheckedAt: new Float64Array(rows),
    sampledAt: new Float64Array(rows),
    samples: new Int32Array(rows),
    sweepDone: new BigInt64Array(rows),
    sweepTotal: new BigInt64Array(rows),
  };
}

export function writeVerified(
  columns: PartitionColumns,
  row: number,
  { mirrorHighWatermark, mirrorStart, start }: MirrorPartition,
  { verified, verifiedAtMs, endCheckedMs, sampledMs, samples, sweep }: PartitionProgress,
): void {
  columns.verifiedFrom[row] = verified?.from ?? UNKNOWN;
  columns.verifiedTo[row] = verified?.to ?? UNKNOWN;
  columns.verifiedSince[row] = verified?.sinceMs ?? Number.NaN;
  columns.verifiedAt[row] = verifiedAtMs;
  columns.endCheckedAt[row] = endCheckedMs;
  columns.sampledAt[row] = sampledMs;
  columns.samples[row] = samples;
  columns.sweepDone[row] = UNKNOWN;
  columns.sweepTotal[row] = UNKNOWN;
  if (sweep === 'WANTED') {
    // Not begun: what there is to do is estimated by what the mirror holds.
    const from = mirrorStart > start ? mirrorStart : start;
    columns.sweepDone[row] = 0n;
    columns.sweepTotal[row] = mirrorHighWatermark > from ? mirrorHighWatermark - from : 0n;
  } else if (sweep) {
    columns.sweepDone[row] = sweep.scan.settled - sweep.from;
    columns.sweepTotal[row] = sweep.target - sweep.from;
  }
}
