// One snapshot of the engine, worked out once: per link and per mirror lag, rates, fills. Everything that pages show is read from here.
import type { FromEngine, LinkSnapshot, PartitionColumns } from '@/lib/contracts/engine';
import { addLag, emptyLag, type LagSum, sumLag } from './lag';

export type Snapshot = Extract<FromEngine, { type: 'snapshot' }>;
export type MirrorSnapshot = LinkSnapshot['mirrors'][number];

export type Rates = { bytesPerSecond: number | null; recordsPerSecond: number | null };
export type FillSums = { markers: bigint; head: bigint; copies: bigint };
export type Totals = { bytesTotal: bigint; recordsTotal: bigint };

export type MirrorFrame = Totals & { mirror: MirrorSnapshot; lag: LagSum; rates: Rates; fills: FillSums };
export type LinkFrame = Totals & {
  link: LinkSnapshot;
  lag: LagSum;
  rates: Rates;
  fills: FillSums;
  mirrors: Map<string, MirrorFrame>;
};
export type Frame = { at: number; columns: PartitionColumns; links: Map<string, LinkFrame> };

/** @param before an earlier frame of the same engine run to count rates from; null right after a start */
export function buildFrame(snapshot: Snapshot, before: Frame | null): Frame {
  const { columns } = snapshot;
  const seconds = before === null ? 0 : (snapshot.at - before.at) / 1000;
  const links = new Map<string, LinkFrame>();
  for (const link of snapshot.links) {
    const frame: LinkFrame = { link, ...emptySums(), mirrors: new Map() };
    const earlier = before?.links.get(link.id);
    for (const mirror of link.mirrors) {
      const own: MirrorFrame = { mirror, ...mirrorSums(columns, mirror) };
      own.rates = ratesBetween(earlier?.mirrors.get(mirror.topic), own, seconds);
      frame.mirrors.set(mirror.topic, own);
      addToLink(frame, own);
    }
    links.set(link.id, frame);
  }
  return { at: snapshot.at, columns, links };
}

/** Rates of one partition, for the page of its mirror. */
export function partitionRates(
  frame: Frame,
  before: Frame | null,
  linkId: string,
  topic: string,
  partition: number,
): Rates {
  const now = totalsAt(frame, linkId, topic, partition);
  const then = before === null ? undefined : totalsAt(before, linkId, topic, partition);
  if (now === undefined || before === null) return noRates;
  return ratesBetween(then, now, (frame.at - before.at) / 1000);
}

/** Counters start at zero with the engine, so one that went down says nothing about the time between. */
export function ratesBetween(before: Totals | undefined, now: Totals, seconds: number): Rates {
  if (before === undefined || seconds <= 0) return noRates;
  const bytes = Number(now.bytesTotal - before.bytesTotal);
  const records = Number(now.recordsTotal - before.recordsTotal);
  return {
    bytesPerSecond: bytes >= 0 ? bytes / seconds : null,
    recordsPerSecond: records >= 0 ? records / seconds : null,
  };
}

const noRates: Rates = { bytesPerSecond: null, recordsPerSecond: null };

function totalsAt(frame: Frame, linkId: string, topic: string, partition: number): Totals | undefined {
  const mirror = frame.links.get(linkId)?.mirrors.get(topic)?.mirror;
  if (mirror === undefined || partition >= mirror.partitions) return undefined;
  const index = mirror.first + partition;
  return {
    bytesTotal: counted(frame.columns.bytesTotal[index]),
    recordsTotal: counted(frame.columns.recordsTotal[index]),
  };
}

function mirrorSums(columns: PartitionColumns, mirror: MirrorSnapshot): Omit<MirrorFrame, 'mirror'> {
  const sums = { ...emptySums(), lag: sumLag(columns, mirror.first, mirror.partitions) };
  for (let index = mirror.first; index < mirror.first + mirror.partitions; index++) {
    sums.bytesTotal += counted(columns.bytesTotal[index]);
    sums.recordsTotal += counted(columns.recordsTotal[index]);
    sums.fills.markers += counted(columns.fillMarkers[index]);
    sums.fills.head += counted(columns.fillHead[index]);
    sums.fills.copies += counted(columns.fillCopies[index]);
  }
  return sums;
}

function addToLink(link: LinkFrame, mirror: MirrorFrame): void {
  addLag(link.lag, mirror.lag);
  link.lag.unknown += mirror.lag.unknown;
  link.lag.ahead += mirror.lag.ahead;
  link.lag.unknownBytes += mirror.lag.unknownBytes;
  link.lag.unknownSeconds += mirror.lag.unknownSeconds;
  link.bytesTotal += mirror.bytesTotal;
  link.recordsTotal += mirror.recordsTotal;
  link.fills.markers += mirror.fills.markers;
  link.fills.head += mirror.fills.head;
  link.fills.copies += mirror.fills.copies;
  link.rates = {
    bytesPerSecond: addKnown(link.rates.bytesPerSecond, mirror.rates.bytesPerSecond),
    recordsPerSecond: addKnown(link.rates.recordsPerSecond, mirror.rates.recordsPerSecond),
  };
}

const emptySums = () => ({
  lag: emptyLag(),
  rates: noRates,
  fills: { markers: 0n, head: 0n, copies: 0n },
  bytesTotal: 0n,
  recordsTotal: 0n,
});

const addKnown = (a: number | null, b: number | null) => (b === null ? a : (a ?? 0) + b);
const counted = (value: bigint | undefined) => (value !== undefined && value > 0n ? value : 0n);
