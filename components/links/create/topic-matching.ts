// Which topics a filter lets through, and what selecting "all matching" does. Pure.
import type { TopicView } from '@/lib/contracts/cluster';

/** Every word must occur in the name; internal topics are hidden unless asked for. */
export function matchingTopics(topics: TopicView[], filter: string, internal: boolean): TopicView[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return topics
    .filter((topic) => internal || !isInternal(topic))
    .filter((topic) => words.every((word) => topic.name.toLowerCase().includes(word)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Kafka's own mark, and the underscore by which tools keep their topics apart. */
export const isInternal = (topic: Pick<TopicView, 'name' | 'internal'>): boolean =>
  topic.internal || topic.name.startsWith('_');

export function withAll(selected: string[], matching: TopicView[]): string[] {
  return [...new Set([...selected, ...matching.map((topic) => topic.name)])].sort();
}

export function withoutAll(selected: string[], matching: TopicView[]): string[] {
  const gone = new Set(matching.map((topic) => topic.name));
  return selected.filter((name) => !gone.has(name));
}
