// Groups and transactions that no broker can tell of: those kept by a partition without a leader, or one whose leader has just changed and may not have
// read it yet. Their brokers answer without an error, and leave them out. No I/O.
import type { SweepPart } from '@/lib/contracts/monitoring/seen';
import { plural } from '@/lib/format';
import type { Run } from './run';
import type { Shape } from './shape';
import type { ClusterSweep } from './sweep';

const keptIn: readonly (readonly [topic: string, what: SweepPart, words: string])[] = [
  ['__consumer_offsets', 'GROUPS', 'groups'],
  ['__transaction_state', 'TRANSACTIONS', 'transactions'],
];

export function noteUnsettled({ shape, memory, gaps }: Pick<Run, 'shape' | 'memory' | 'gaps'>): void {
  for (const [topic, what, words] of keptIn) {
    const { leaderless, moved } = unsettled(shape, memory.last, topic);
    if (leaderless > 0)
      gaps.missing(
        what,
        null,
        `${plural(leaderless, 'partition')} of ${topic} ${leaderless === 1 ? 'has' : 'have'} no leader: ${words} kept there are not told`,
      );
    if (moved > 0)
      gaps.missing(
        what,
        null,
        `${plural(moved, 'partition')} of ${topic} ${moved === 1 ? 'has' : 'have'} another leader than in the sweep before, which may still be reading: ${words} kept there may not be told yet`,
      );
  }
}

/** Partitions of a topic without a leader, and with another one than in the sweep before. */
export function unsettled(
  { topics, partitions }: Shape,
  before: ClusterSweep | null,
  topic: string,
): { leaderless: number; moved: number } {
  const counts = { leaderless: 0, moved: 0 };
  const t = topics.byName.get(topic);
  if (t === undefined) return counts;
  const first = topics.first[t] as number;
  const old = before?.topics.byName.get(topic);
  const oldFirst = old === undefined ? 0 : (before?.topics.first[old] as number);
  const oldCount = old === undefined ? 0 : (before?.topics.first[old + 1] as number) - oldFirst;
  for (let p = 0; p < (topics.first[t + 1] as number) - first; p++) {
    const leader = partitions.leader[first + p] as number;
    if (leader < 0) counts.leaderless++;
    else if (p < oldCount && before?.partitions.leader[oldFirst + p] !== leader) counts.moved++;
  }
  return counts;
}
