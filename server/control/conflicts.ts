// Which mirrors cannot stand together, judged from the registered links alone. Pure: Kafka is asked elsewhere.
import type { StoredLink } from '@/server/store/links';

export type Edge = {
  sourceClusterId: string;
  sourceTopic: string;
  destinationClusterId: string;
  topic: string;
};
type LinkWithMirrors = Pick<StoredLink, 'sourceClusterId' | 'destinationClusterId'> & {
  /** Null: the one who asks may not see this link. */
  name: string | null;
  /** A mirror that was stopped is an ordinary topic: nothing feeds it any more. */
  mirrors: Iterable<{ topic: string; sourceTopic: string; stopped: object | null }>;
};
export type Conflict = { topic: string; code: 'MIRROR_TOPIC_TAKEN' | 'MIRROR_CYCLE'; message: string };

/** A topic that is to be deleted: whatever took it up now would be deleted with it. */
export type Leaving = { clusterId: string; topic: string };

/** One conflict per topic at most: a topic that a link feeds already, or a path that leads back to the source topic. */
export function findConflicts(
  wanted: readonly Edge[],
  links: Iterable<LinkWithMirrors>,
  leaving: Iterable<Leaving> = [],
): Conflict[] {
  const deleted = new Set([...leaving].map(({ clusterId, topic }) => node(clusterId, topic)));
  const feeders = new Map<string, string>();
  const next = new Map<string, string[]>();
  for (const link of links) {
    for (const mirror of link.mirrors) {
      if (mirror.stopped !== null) continue;
      const to = node(link.destinationClusterId, mirror.topic);
      feeders.set(to, link.name === null ? 'another link' : `link "${link.name}"`);
      addEdge(next, node(link.sourceClusterId, mirror.sourceTopic), to);
    }
  }
  const conflicts: Conflict[] = [];
  for (const edge of wanted) {
    const from = node(edge.sourceClusterId, edge.sourceTopic);
    const to = node(edge.destinationClusterId, edge.topic);
    const feeder = feeders.get(to);
    if (deleted.has(to)) {
      conflicts.push({
        topic: edge.topic,
        code: 'MIRROR_TOPIC_TAKEN',
        message: `The former mirror topic "${edge.topic}" is being deleted on the destination. Try again when it is gone.`,
      });
    } else if (feeder !== undefined) {
      conflicts.push({
        topic: edge.topic,
        code: 'MIRROR_TOPIC_TAKEN',
        message: `Topic "${edge.topic}" is already a mirror topic of ${feeder}. A topic has one link that feeds it.`,
      });
    } else if (reaches(next, to, from)) {
      conflicts.push({
        topic: edge.topic,
        code: 'MIRROR_CYCLE',
        message: `Mirrors lead from topic "${edge.topic}" on the destination back to "${edge.sourceTopic}" on the source: the records would go round for ever.`,
      });
    } else {
      feeders.set(to, 'this link');
      addEdge(next, from, to);
    }
  }
  return conflicts;
}

/**
 * Tells whether a topic's records come, over whatever links, from a cluster: mirrored there by a filter, they would come round
 * under ever longer names.
 */
export function originsOf(
  links: Iterable<LinkWithMirrors>,
): (at: { clusterId: string; topic: string }, clusterId: string) => boolean {
  const feeder = new Map<string, { clusterId: string; topic: string }>();
  for (const link of links)
    for (const mirror of link.mirrors)
      if (mirror.stopped === null)
        feeder.set(node(link.destinationClusterId, mirror.topic), {
          clusterId: link.sourceClusterId,
          topic: mirror.sourceTopic,
        });
  return (at, clusterId) => {
    const seen = new Set<string>();
    for (let from = feeder.get(node(at.clusterId, at.topic)); from; ) {
      if (from.clusterId === clusterId) return true;
      const here = node(from.clusterId, from.topic);
      if (seen.has(here)) return false;
      seen.add(here);
      from = feeder.get(here);
    }
    return false;
  };
}

const node = (clusterId: string, topic: string) => `${clusterId}/${topic}`;

function addEdge(next: Map<string, string[]>, from: string, to: string): void {
  const known = next.get(from);
  if (known) known.push(to);
  else next.set(from, [to]);
}

function reaches(next: Map<string, string[]>, from: string, target: string): boolean {
  const open = [from];
  const seen = new Set<string>();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === target) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(next.get(at) ?? []));
  }
  return false;
}
