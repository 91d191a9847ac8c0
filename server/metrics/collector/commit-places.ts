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
  for (const one of commits) {
    const t = topics.byName.get(one.topic);
    if (t !== undefined) found.push({ t, commits: one });
    else if (one.partitions.length > 0) deletedTopics.push(one.topic);
  }
  found.sort((a, b) => a.t - b.t);
  const at: number[] = [];
  const offsets: bigint[] = [];
  for (const { t, commits: of } of found) {
    const first = topics.first[t] as number;
    const count = (topics.first[t + 1] as number) - first;
    const order = [...of.partitions.keys()].filter((i) => (of.partitions[i] as number) < count);
    order.sort((a, b) => (of.partitions[a] as number) - (of.partitions[b] as number));
    for (const i of order) {
      at.push(first + (of.partitions[i] as number));
      offsets.push(of.offsets[i] as bigint);
    }
  }
  return {
    at: Int32Array.from(at),
    commit: BigInt64Array.from(offsets),
    deletedTopics: deletedTopics.sort(),
  };
}
