// Looks again at an offset where both sides seemed to differ. Only what several looks agree on, between which nothing has moved, is a difference:
// retention, cleaners and new leaders work on both logs all the time.
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import type { RecordBatch } from '@/server/kafka/wire/record-batch';
import type { SlabPool } from '@/server/kafka/wire/slab';
import type { PartitionAt } from '../source-probe';
import { compareShown, type Difference, type Lone } from './compare';
import { endsOfBoth, isOutOfRange, readPair, type Sides } from './read-pair';
import type { Suspect } from './scan';

/** The batch of the mirror in which the offset lies. */
export type MirrorBatch = {
  baseOffset: bigint;
  producerId: bigint;
  producerEpoch: number;
  control: boolean;
};

export type Confirmation =
  | { verdict: 'STANDS'; difference: Difference; batch: MirrorBatch | null }
  /** Equal now, or not there any more. */
  | { verdict: 'GONE' }
  /** Both sides must be compared again from there. */
  | { verdict: 'UNKNOWN'; why: string };

const LOOKS = 3;

/**
 * @param spacingMs between looks
 * @param unmoved false once the partition has been recovered, paused or taken off: what was seen proves nothing
 * @throws KafkaError when a broker doesn't answer: nothing is known
 */
export async function confirm(
  sides: Sides,
  pool: SlabPool,
  suspect: Suspect,
  options: { cleaned: boolean; spacingMs: number; unmoved: () => boolean },
): Promise<Confirmation> {
  let first: { found: Difference | Lone; batch: MirrorBatch | null } | null = null;
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, options.spacingMs));
    const seen = await lookAt(sides, pool, suspect.offset, options.cleaned);
    if (seen === 'GONE') return { verdict: 'GONE' };
    if (seen === 'UNKNOWN') return { verdict: 'UNKNOWN', why: 'an end of a log has moved in front of it' };
    if (isLone(seen.found) !== isLone(suspect.found))
      return { verdict: 'UNKNOWN', why: 'a cleaner is at work there' };
    if (first && signature(first) !== signature(seen))
      return { verdict: 'UNKNOWN', why: 'it was another difference each time' };
    first = seen;
  }
  if (!first) return { verdict: 'UNKNOWN', why: 'nothing was seen' };
  const same = (await Promise.all([sides.source, sides.mirror].map(leadsAsBefore))).every(Boolean);
  if (!same || !options.unmoved()) return { verdict: 'UNKNOWN', why: 'the topic or its leader has changed' };
  return { verdict: 'STANDS', difference: differenceOf(first.found), batch: first.batch };
}

/** A lone record that nothing supersedes is missing on the other side, or too many on its own. */
export function differenceOf(found: Difference | Lone): Difference {
  if (!isLone(found)) return found;
  return found.side === 'SOURCE'
    ? { offset: found.offset, kind: 'MISSING', source: found.facts, mirror: null }
    : { offset: found.offset, kind: 'EXTRA', source: null, mirror: found.facts };
}

const isLone = (found: Difference | Lone): found is Lone => 'side' in found;

async function lookAt(
  sides: Sides,
  pool: SlabPool,
  offset: bigint,
  cleaned: boolean,
): Promise<{ found: Difference | Lone; batch: MirrorBatch | null } | 'GONE' | 'UNKNOWN'> {
  try {
    const pair = await readPair(sides, pool, offset, { maxBytes: 1, cleaned, upTo: offset + 1n });
    if (!pair) return 'UNKNOWN';
    try {
      const { differences, lone } = compareShown(offset, offset + 1n, pair.source, pair.mirror);
      const found = differences[0] ?? lone[0];
      if (!found) return 'GONE';
      const batch = pair.mirror.batches.find((b) => b.baseOffset <= offset && offset <= b.lastOffset);
      return { found, batch: batch ? describe(batch) : null };
    } finally {
      pair.release();
    }
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
    const ends = await endsOfBoth(sides);
    return ends && ends.start > offset ? 'GONE' : 'UNKNOWN';
  }
}

function describe(batch: RecordBatch): MirrorBatch {
  const { baseOffset, producerId, producerEpoch, control } = batch;
  return { baseOffset, producerId, producerEpoch, control };
}

function signature({ found, batch }: { found: Difference | Lone; batch: MirrorBatch | null }): string {
  return JSON.stringify([found, batch], (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
}

async function leadsAsBefore({ client, at }: { client: ClusterClient; at: PartitionAt }): Promise<boolean> {
  const { topics } = await client.metadata([at.topic]);
  const topic = topics.find((t) => t.name === at.topic);
  const partition = topic?.partitions.find((p) => p.partition === at.partition);
  return topic?.topicId === at.topicId && partition?.leader === at.leader;
}
