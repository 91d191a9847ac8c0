// Where in a sweep's columns a group's commits are. Commits on topics and partitions that are gone have no place. No I/O.
import type { TopicCommits } from '@/server/kafka/wire/apis/group-commits';
import type { TopicColumns } from './sweep';

export type Places = { at: Int32Array; commit: BigInt64Array; deletedTopics: string[] };

/** Rising by place. */
export function placesOf(
  commits: readonly TopicCommits[],
  topics: Pick<TopicColumns, 'byName' | 'first'>,
): Places {
  const deletedTopics: string[] = [];
  const found: { t: number; commits: TopicCommits }[] = [];
  let most = 0;
  for (const one of commits) {
    const t = topics.byName.get(one.topic);
    if (t === undefined) {
      if (one.partitions.length > 0) deletedTopics.push(one.topic);
      continue;
    }
    found.push({ t, commits: one });
    most += one.partitions.length;
  }
  found.sort((a, b) => a.t - b.t);
  const at = new Int32Array(most);
  const commit = new BigInt64Array(most);
  let n = 0;
  for (const { t, commits: of } of found)
    n = place(of, topics.first[t] as number, topics.first[t + 1] as number, at, commit, n);
  return { at: at.subarray(0, n), commit: commit.subarray(0, n), deletedTopics: deletedTopics.sort() };
}

/** @returns where the next topic's are put */
function place(
  { partitions, offsets }: TopicCommits,
  first: number,
  end: number,
  at: Int32Array,
  commit: BigInt64Array,
  from: number,
): number {
  const order = risingOrder(partitions);
  let n = from;
  for (let i = 0; i < partitions.length; i++) {
    const k = order ? (order[i] as number) % MOST : i;
    const to = first + (partitions[k] as number);
    if (to >= end) continue;
    at[n] = to;
    commit[n++] = offsets[k] as bigint;
  }
  return n;
}

/** More than a topic has. */
const MOST = 2 ** 20;

/** Null: they rise as they are. Sorted as numbers that hold the place, too: without a function, which would be compiled anew each time. */
function risingOrder(partitions: ArrayLike<number>): Float64Array | null {
  let rising = true;
  const keys = new Float64Array(partitions.length);
  for (let i = 0; i < keys.length; i++) {
    keys[i] = (partitions[i] as number) * MOST + i;
    if (i > 0 && (partitions[i] as number) < (partitions[i - 1] as number)) rising = false;
  }
  return rising ? null : keys.sort();
}
