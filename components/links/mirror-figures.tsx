// The figures of a mirror: lag in three units, where it is going, rates, fills, what an open transaction holds back.
'use client';
import { Figure, Figures } from '@/components/ui/panel';
import { Value } from '@/components/ui/value';
import type { History, MirrorRow, PartitionRow } from '@/lib/contracts/link';
import {
  formatByteRate,
  formatDuration,
  formatEstimatedBytes,
  formatRecordRate,
  groupDigits,
  plural,
} from '@/lib/format';
import { LagMessages } from './lag-messages';
import { LagTrendText } from './lag-trend-text';
import { FillsFigure } from './link-figures';
import { whyNoLag } from './mirror-columns';
import { VerifiedFigure } from './verified-figure';

export function MirrorFigures({
  mirror,
  partitions,
  history,
  on,
}: {
  mirror: MirrorRow;
  partitions: PartitionRow[];
  history: History;
  /** Verification of the link. */
  on: boolean;
}) {
  const why = whyNoLag(mirror);
  const { lag } = mirror;
  return (
    <Figures label="Figures">
      <Figure label="Lag, messages" note={<LagTrendText history={history} current={lag.messages} />}>
        <LagMessages lag={lag} why={why} />
      </Figure>
      <Figure label="Lag, bytes" note="estimated from what was copied">
        <Value value={lag.bytes} format={formatEstimatedBytes} why={why} />
      </Figure>
      <Figure label="Lag, time" note={blockedText(partitions)}>
        <Value value={lag.seconds} format={formatDuration} why={why} />
      </Figure>
      <Figure label="Throughput" note={formatRecordRate(mirror.recordsPerSecond)}>
        <Value value={mirror.bytesPerSecond} format={formatByteRate} why="No rate has been measured yet." />
      </Figure>
      <VerifiedFigure summary={mirror.verification} on={on} />
      <FillsFigure fills={sumOfFills(partitions)} />
    </Figures>
  );
}

function blockedText(partitions: PartitionRow[]): string {
  const held = partitions.filter((row) => row.blocked !== null && row.blocked !== '0');
  if (held.length === 0) return 'nothing held by open transactions';
  const offsets = held.reduce((sum, row) => sum + BigInt(row.blocked ?? 0), 0n);
  return `${groupDigits(offsets)} offsets held by open transactions in ${plural(held.length, 'partition')}`;
}

function sumOfFills(partitions: PartitionRow[]): PartitionRow['fills'] {
  const sum = (kind: keyof PartitionRow['fills']) =>
    String(partitions.reduce((total, row) => total + BigInt(row.fills[kind]), 0n));
  return { markers: sum('markers'), head: sum('head'), copies: sum('copies') };
}
