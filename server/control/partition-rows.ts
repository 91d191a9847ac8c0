// The partitions of one mirror as its page shows them, from the newest frame. Offsets stay exact: bigint to decimal string.
import type { PartitionRow } from '@/lib/contracts/link';
import type { EngineStatus } from '@/server/engine-port';
import type { Frame } from '@/server/metrics/frame';
import { blockedOffsets, partitionLag } from '@/server/metrics/lag';
import type { Metrics } from '@/server/metrics/metrics';
import { partitionVerification } from '@/server/metrics/verification';
import { lagView } from './mirror-facts';

export function partitionRows(
  metrics: Metrics,
  linkId: string,
  topic: string,
  engine: EngineStatus,
): PartitionRow[] {
  const frame = metrics.frame;
  const mirror = frame?.links.get(linkId)?.mirrors.get(topic)?.mirror;
  if (!frame || !mirror) return [];
  const exceptions = new Map(mirror.exceptions.map((exception) => [exception.partition, exception]));
  return Array.from({ length: mirror.partitions }, (_, partition) => {
    const own = exceptions.get(partition) ?? mirror;
    const index = mirror.first + partition;
    const lag = partitionLag(frame.columns, index);
    const rates = metrics.partitionRates(linkId, topic, partition);
    const aheadNote = 'The mirror is ahead of the source’s last stable offset: the lag is unknown.';
    return {
      partition,
      state: own.state,
      error: own.error,
      message: lag.ahead
        ? [exceptions.get(partition)?.message, aheadNote].filter(Boolean).join(' ')
        : (exceptions.get(partition)?.message ?? null),
      since: own.since,
      ...offsets(frame, index),
      verification: partitionVerification(frame.columns, index),
      lag: lagView(lag),
      bytesPerSecond: engine === 'SILENT' ? null : rates.bytesPerSecond,
      recordsPerSecond: engine === 'SILENT' ? null : rates.recordsPerSecond,
    };
  });
}

type Offsets = Omit<
  PartitionRow,
  | 'partition'
  | 'state'
  | 'error'
  | 'message'
  | 'since'
  | 'lag'
  | 'bytesPerSecond'
  | 'recordsPerSecond'
  | 'verification'
>;

function offsets({ columns }: Frame, index: number): Offsets {
  return {
    sourceStart: known(columns.sourceStart[index]),
    sourceLastStable: known(columns.sourceLastStable[index]),
    sourceHighWatermark: known(columns.sourceHighWatermark[index]),
    mirrorStart: known(columns.mirrorStart[index]),
    mirrorEnd: known(columns.mirrorEnd[index]),
    blocked: known(blockedOffsets(columns, index) ?? undefined),
    sourceLeader: leader(columns.sourceLeader[index]),
    sourceReadFrom: leader(columns.sourceReadFrom[index]),
    mirrorLeader: leader(columns.mirrorLeader[index]),
    fills: {
      markers: known(columns.fillMarkers[index]) ?? '0',
      head: known(columns.fillHead[index]) ?? '0',
      copies: known(columns.fillCopies[index]) ?? '0',
    },
  };
}

const known = (value: bigint | undefined) => (value === undefined || value < 0n ? null : value.toString());
const leader = (value: number | undefined) => (value === undefined || value < 0 ? null : value);
