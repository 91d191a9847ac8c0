// Groups and transactions that no broker can tell of: those kept by a partition without a leader, or one whose leader has just changed and may not have
// read it yet. Their brokers answer without an error, and leave them out. No I/O.
import type { SweepPart } from '@/lib/contracts/monitoring/seen';
import { plural } from '@/lib/format';
import { coordinatorReadsMs } from './limits';
import type { Run } from './run';
import type { Shape } from './shape';
import type { ClusterSweep } from './sweep';

const keptIn: readonly (readonly [topic: string, what: SweepPart, words: string])[] = [
  ['__consumer_offsets', 'GROUPS', 'groups'],
  ['__transaction_state', 'TRANSACTIONS', 'transactions'],
];

/**
 * Leaders of the partitions that keep groups and transactions, from sweep to sweep, however soon one follows the other. By their epochs, too:
 * the same broker reads everything again after a restart.
 */
export class LeaderMoves {
  /** Topic and partition → when it was first seen with the leader, or the epoch of it, that it has. */
  readonly #movedMs = new Map<string, number>();
  #nowMs = 0;

  /** Once a sweep. @param nowMs by a clock that is never set */
  look({ topics, partitions }: Shape, before: ClusterSweep | null, nowMs: number): void {
    this.#nowMs = nowMs;
    for (const [topic] of keptIn) {
      const [from, to] = placesOf(topics, topic);
      const [oldFrom, oldTo] = before ? placesOf(before.topics, topic) : [0, 0];
      for (let p = 0; p < Math.min(to - from, oldTo - oldFrom); p++) {
        const isSame =
          before?.partitions.leader[oldFrom + p] === partitions.leader[from + p] &&
          before?.partitions.leaderEpoch[oldFrom + p] === partitions.leaderEpoch[from + p];
        if (!isSame) this.#movedMs.set(`${topic} ${p}`, nowMs);
      }
    }
  }

  /** Partitions of a topic without a leader, and with one that may not have read them yet, as of the last look. */
  unsettled({ topics, partitions }: Shape, topic: string): { leaderless: number; moved: number } {
    const counts = { leaderless: 0, moved: 0 };
    const [from, to] = placesOf(topics, topic);
    for (let p = 0; p < to - from; p++) {
      const movedMs = this.#movedMs.get(`${topic} ${p}`);
      if ((partitions.leader[from + p] as number) < 0) counts.leaderless++;
      else if (movedMs !== undefined && this.#nowMs - movedMs < coordinatorReadsMs) counts.moved++;
    }
    return counts;
  }
}

export function noteUnsettled({ shape, memory, gaps }: Pick<Run, 'shape' | 'memory' | 'gaps'>): void {
  for (const [topic, what, words] of keptIn) {
    const { leaderless, moved } = memory.moves.unsettled(shape, topic);
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
        `${plural(moved, 'partition')} of ${topic} ${moved === 1 ? 'has' : 'have'} been given a leader a moment ago, which may still be reading: ${words} kept there may not be told yet`,
      );
  }
}

/** From the first partition of a topic to behind its last; nothing where there is no such topic. */
function placesOf(
  { byName, first }: ClusterSweep['topics'] | Shape['topics'],
  topic: string,
): [number, number] {
  const t = byName.get(topic);
  return t === undefined ? [0, 0] : [first[t] as number, first[t + 1] as number];
}
