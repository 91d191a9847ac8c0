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
  for (const { t, commits: of } of found) {
    const first = topics.first[t] as number;
    const end = topics.first[t + 1] as number;
    for (const i of risingOrder(of.partitions)) {
      const place = first + (of.partitions[i] as number);
      if (place >= end) continue;
      at[n] = place;
      commit[n] = of.offsets[i] as bigint;
      n++;
    }
  }
  return { at: at.subarray(0, n), commit: commit.subarray(0, n), deletedTopics: deletedTopics.sort() };
}

function risingOrder(partitions: readonly number[]): Iterable<number> {
  const order = [...partitions.keys()];
  return order.sort((a, b) => (partitions[a] as number) - (partitions[b] as number));
}
