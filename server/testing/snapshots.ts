// For tests: snapshots as the engine sends them, of any size, with numbers that a test can set per partition.
import type { LinkSnapshot, PartitionColumns } from '@/lib/contracts/engine';
import type { Snapshot } from '@/server/metrics/frame';

type MirrorInput = Partial<Omit<LinkSnapshot['mirrors'][number], 'first' | 'partitions'>> & {
  topic: string;
  /** One object per partition. */
  numbers: PartitionInput[];
};
export type PartitionInput = {
  stable?: bigint;
  end?: bigint;
  highWatermark?: bigint;
  lagBytes?: bigint;
  lagSeconds?: number;
  bytesTotal?: bigint;
  recordsTotal?: bigint;
};

export function snapshotOf(at: number, links: { id: string; mirrors: MirrorInput[] }[]): Snapshot {
  const count = links.reduce(
    (sum, link) => sum + link.mirrors.reduce((own, m) => own + m.numbers.length, 0),
    0,
  );
  const columns = emptyColumns(count);
  let next = 0;
  const linkSnapshots = links.map(
    ({ id, mirrors }): LinkSnapshot => ({
      id,
      state: 'ACTIVE',
      error: 'NO_ERROR',
      message: null,
      since: at,
      latencyMs: { p50: 1, p99: 5 },
      sourceBrokers: 1,
      destinationBrokers: 1,
      memoryBytes: 1024,
      tasks: [],
      locks: [],
      mirrors: mirrors.map(({ numbers, ...mirror }) => {
        const first = next;
        for (const input of numbers) setPartition(columns, next++, input);
        return {
          sourceTopic: mirror.topic,
          state: 'ACTIVE',
          error: 'NO_ERROR',
          message: null,
          since: at,
          compacted: false,
          lock: null,
          exceptions: [],
          ...mirror,
          first,
          partitions: numbers.length,
        };
      }),
    }),
  );
  return { type: 'snapshot', at, links: linkSnapshots, columns };
}

function setPartition(columns: PartitionColumns, index: number, input: PartitionInput): void {
  const stable = input.stable ?? 1_000n;
  columns.sourceStart[index] = 0n;
  columns.sourceLastStable[index] = stable;
  columns.sourceHighWatermark[index] = input.highWatermark ?? stable;
  columns.mirrorStart[index] = 0n;
  columns.mirrorEnd[index] = input.end ?? stable;
  columns.lagBytes[index] = input.lagBytes ?? -1n;
  columns.lagSeconds[index] = input.lagSeconds ?? Number.NaN;
  columns.bytesTotal[index] = input.bytesTotal ?? 0n;
  columns.recordsTotal[index] = input.recordsTotal ?? 0n;
}

const nothing = <T extends BigInt64Array | Float64Array>(column: T): T => {
  if (column instanceof BigInt64Array) column.fill(-1n);
  else column.fill(Number.NaN);
  return column;
};

function emptyVerifiedColumns(count: number) {
  return {
    verifiedFrom: nothing(new BigInt64Array(count)),
    verifiedTo: nothing(new BigInt64Array(count)),
    verifiedSince: nothing(new Float64Array(count)),
    verifiedAt: nothing(new Float64Array(count)),
    endCheckedAt: nothing(new Float64Array(count)),
    sampledAt: nothing(new Float64Array(count)),
    samples: new Int32Array(count),
    sweepDone: nothing(new BigInt64Array(count)),
    sweepTotal: nothing(new BigInt64Array(count)),
  };
}

function emptyColumns(count: number): PartitionColumns {
  const offsets = () => new BigInt64Array(count);
  return {
    sourceStart: offsets(),
    sourceLastStable: offsets(),
    sourceHighWatermark: offsets(),
    mirrorStart: offsets(),
    mirrorEnd: offsets(),
    lagBytes: offsets(),
    lagSeconds: new Float64Array(count),
    bytesTotal: offsets(),
    recordsTotal: offsets(),
    fillMarkers: offsets(),
    fillHead: offsets(),
    lostTotal: offsets(),
    fillCopies: offsets(),
    ...emptyVerifiedColumns(count),
    sourceLeader: new Int32Array(count).fill(1),
    sourceReadFrom: new Int32Array(count).fill(1),
    mirrorLeader: new Int32Array(count).fill(1),
  };
}
