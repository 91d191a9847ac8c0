// How many gaps a second a source topic makes, from its newest batches: what fills have to keep up with.
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { readBatches } from '@/server/kafka/wire/record-batch';
import { plan } from './plan';
import { type Ends, fetchOne, type PartitionAt } from './source-probe';

/** Offsets looked at, per partition, and partitions per topic: the busiest. */
const SAMPLE_OFFSETS = 2_000n;
const SAMPLE_BYTES = 1024 * 1024;
const SAMPLE_PARTITIONS = 4;
/** A sample of less than this says how full its batches are, not how busy the topic is. */
const SHORTEST_SPAN_MS = 1_000;

export type GapRate = {
  /** Of the partition with the most: gaps a second, from the first batch of the sample until now. */
  gapsPerSecond: number;
  /** Gaps for each offset: what the backlog will need. */
  density: number;
};

/** Null for a topic without gaps in its newest records. @throws KafkaError */
export async function gapRateOf(
  client: ClusterClient,
  places: readonly PartitionAt[],
  ends: ReadonlyMap<string, Ends>,
  nowMs: number,
): Promise<GapRate | null> {
  const endsOfPlace = (at: PartitionAt) => ends.get(`${at.topic}-${at.partition}`);
  const length = (at: PartitionAt) => {
    const found = endsOfPlace(at);
    return found ? Number(found.lastStable - found.start) : 0;
  };
  const busiest = [...places].sort((a, b) => length(b) - length(a)).slice(0, SAMPLE_PARTITIONS);
  const rates = await Promise.all(
    busiest.map(async (at) => {
      const found = endsOfPlace(at);
      return found && found.lastStable > found.start ? rateOf(client, at, found, nowMs) : null;
    }),
  );
  const known = rates.filter((rate) => rate !== null && rate.density > 0);
  return known.reduce<GapRate | null>(
    (worst, rate) => (rate && (!worst || rate.gapsPerSecond > worst.gapsPerSecond) ? rate : worst),
    null,
  );
}

async function rateOf(client: ClusterClient, at: PartitionAt, ends: Ends, nowMs: number): Promise<GapRate> {
  const back = ends.lastStable - SAMPLE_OFFSETS;
  const from = back > ends.start ? back : ends.start;
  const { records, aborted, lastStableOffset } = await fetchOne(client, at, from, { maxBytes: SAMPLE_BYTES });
  const batches = readBatches(records);
  const { steps, cursor } = plan(
    from,
    { batches, aborted, lastStableOffset },
    { compactedGapFill: 'markers' },
  );
  const gaps = steps.filter((step) => step.kind === 'fill').length;
  const offsets = Number(cursor - from);
  const first = batches.find((batch) => batch.maxTimestamp > 0n);
  const spanMs = Math.max(SHORTEST_SPAN_MS, first ? nowMs - Number(first.maxTimestamp) : SHORTEST_SPAN_MS);
  return { gapsPerSecond: (gaps * 1_000) / spanMs, density: offsets > 0 ? gaps / offsets : 0 };
}
