// A topic on one cluster before it is deleted: which one it is, what it holds, who still reads it, and whether the link's principal may do all that
// making it anew takes. Changes nothing.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { OldTopicLook } from '@/lib/contracts/remake';
import type { AclOperation } from '@/lib/contracts/rights';
import type { ClusterAdmin } from '@/server/kafka/admin';
import { committedOffsets, listAllGroups } from '@/server/kafka/groups';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, errorName, KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { markOf } from '../groups/group-memory';
import type { GroupPlaces } from '../link-core';
import { grantCommand, missingTopicRights } from '../rights';
import { endsOf, placesOf } from '../source-probe';

export type TopicSide = { client: ClusterClient; admin: ClusterAdmin; cluster: ClusterConfig };

/** Groups without members: what they have committed goes with the topic, and nobody notices before they come back. */
const IDLE: ReadonlySet<string> = new Set(['Empty', 'Dead']);
/** Groups that are named. */
const NAMED = 20;

/** @returns null when there is no such topic. @throws KafkaError when the cluster doesn't answer, or may not be asked */
export async function findTopic(client: ClusterClient, name: string): Promise<TopicMetadata | null> {
  const { topics } = await client.metadata([name], { operations: true });
  const found = topics.find((topic) => topic.name === name);
  if (!found || found.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return null;
  if (found.errorCode !== 0) throw new ProtocolError(found.errorCode, client.name, 'Metadata', name);
  return { ...found, partitions: found.partitions.toSorted((a, b) => a.partition - b.partition) };
}

export async function lookAtTopic(side: TopicSide, topic: string): Promise<OldTopicLook | null> {
  const found = await findTopic(side.client, topic);
  if (!found) return null;
  const ends = await endsOf(side.client, placesOf(found));
  let offsets = 0n;
  for (const { partition } of found.partitions) {
    const at = ends.get(`${topic}-${partition}`);
    if (!at)
      throw new KafkaError(
        `the ends of ${topic} partition ${partition} on ${side.client.name} can't be read`,
        {
          retriable: true,
        },
      );
    offsets += at.highWatermark - at.start;
  }
  return {
    topicId: found.topicId,
    partitions: found.partitions.length,
    replicationFactor: Math.max(1, ...found.partitions.map(({ replicas }) => replicas.length)),
    offsets: String(offsets),
    activeGroups: await activeGroups(side.client, topic),
    rightsMissing: await missingRights(side, topic, found.operations),
  };
}

/** Groups that have members and have committed for the topic. @throws KafkaError when a broker doesn't tell: one that is not seen could be active */
export async function activeGroups(client: ClusterClient, topic: string): Promise<string[]> {
  const { groups, troubles } = await listAllGroups(client);
  if (troubles[0]) throw troubles[0];
  const busy = [...groups.values()].filter(({ state }) => !IDLE.has(state));
  if (busy.length === 0) return [];
  const at = new Map(busy.map(({ group, coordinator }) => [group, coordinator]));
  const committed = await committedOffsets(client, at, { requireStable: false });
  return busy
    .map(({ group }) => group)
    .filter((group) =>
      committed.get(group)?.value?.some((offset) => offset.topic === topic && offset.offset >= 0n),
    )
    .toSorted()
    .slice(0, NAMED);
}

/** Where groups stand in a topic. @throws KafkaError when a broker doesn't tell */
export async function groupsOn(client: ClusterClient, topic: string): Promise<GroupPlaces> {
  const { groups, troubles } = await listAllGroups(client);
  if (troubles[0]) throw troubles[0];
  const at = new Map([...groups.values()].map(({ group, coordinator }) => [group, coordinator]));
  const committed = await committedOffsets(client, at, { requireStable: false });
  return [...committed].flatMap(([group, { value }]) => {
    const own = (value ?? []).filter((found) => found.topic === topic && found.offset >= 0n);
    const places = own.map(
      ({ partition, offset, metadata }) => [partition, markOf(offset, metadata)] as const,
    );
    return places.length > 0 ? [{ group, places }] : [];
  });
}

/** A fence of a reverse or promote denies writing to everybody, whatever is granted. */
export const FENCE_HINT =
  ' Where a reverse or a promote has fenced the topic, no grant helps: lift the fence under Access on the page of the link that has set it.';

/** What the principal lacks to delete the topic, to create it and to mirror to it, with the command; null: nothing. Asked before anything is deleted. */
async function missingRights(
  { client, admin, cluster }: TopicSide,
  topic: string,
  operations: number | null,
): Promise<string | null> {
  const lacking: AclOperation[] = missingTopicRights('DESTINATION', operations).map(
    ({ operation }) => operation,
  );
  if (!(await mayCreate(admin, topic))) lacking.push('CREATE');
  if (lacking.length === 0) return null;
  const command = grantCommand(cluster, 'TOPIC', lacking, [topic]);
  return `The link's principal lacks ${lacking.join(', ')} on topic ${topic} of ${client.name}. Grant it: ${command}.${lacking.includes('WRITE') ? FENCE_HINT : ''}`;
}

/** Brokers look at the right before they find that the topic is there. */
async function mayCreate(admin: ClusterAdmin, topic: string): Promise<boolean> {
  try {
    await admin.createTopic({ topic, partitions: 1, replicationFactor: null, configs: {} }, true);
    return true;
  } catch (error) {
    if (/AUTHORIZATION_FAILED/.test((error as Error).message)) return false;
    throw error;
  }
}

/** @throws KafkaError naming a partition without a leader */
export function requireLeaders(client: ClusterClient, { name, partitions }: TopicMetadata): void {
  const without = partitions.find(({ leader }) => leader < 0);
  if (!without) return;
  throw new KafkaError(
    `partition ${without.partition} of ${name} has no leader on ${client.name} (${errorName(without.errorCode)})`,
    { retriable: true },
  );
}
