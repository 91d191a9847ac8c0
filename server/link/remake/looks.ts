// Dry runs and downloads of a running link: a topic before it is re-seeded, where two sides part before a failback, and the records that only the old
// one has. Each is one question with a bounded answer; changes nothing.
import type { EngineRequest, RecordLines } from '@/lib/contracts/engine';
import type { OldTopicLook, PartingLook, PartingPartition } from '@/lib/contracts/remake';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import { KafkaError } from '@/server/kafka/wire/errors';
import type { LinkCore } from '../link-core';
import { endsOf, type PartitionAt, placesOf } from '../source-probe';
import { readPage } from '../tail-check';
import { configValue, isCompacted } from '../topic-configs';
import { findParting, lonePartition, type PartedSide } from './parting';
import { lineOf } from './record-lines';
import { findTopic, lookAtTopic, requireLeaders, type TopicSide } from './topic-look';

type Of<Op extends EngineRequest['op']> = Extract<EngineRequest, { op: Op }>;

/** Counting ends in time for an answer. */
const COUNT_MS = 15_000;
const PAGE_BYTES = 1024 * 1024;

export const destinationSide = (core: LinkCore): TopicSide => ({
  client: core.context.destination,
  admin: core.destinationAdmin,
  cluster: core.desired.destination,
});
export const sourceSide = (core: LinkCore): TopicSide => ({
  client: core.context.source,
  admin: core.sourceAdmin,
  cluster: core.desired.source,
});

/** @throws Error when the topic is not the mirror any more */
export async function lookAtMirror(core: LinkCore, topic: string): Promise<OldTopicLook | null> {
  const look = await lookAtTopic(destinationSide(core), topic);
  const known = core.destinationIds.get(topic);
  if (look && known !== undefined && known !== look.topicId)
    throw new Error(
      `${topic} on ${core.desired.destination.name} is not this link's mirror any more: somebody has deleted it and created another topic (id ${known} → ${look.topicId}). That one is not the link's to delete: delete it by hand, or take the mirror off the link`,
    );
  return look;
}

/** Of a mirror that was failed over: the old side is this link's source, the other one what stands on its destination. */
export async function lookAtParting(core: LinkCore, request: Of<'lookAtParting'>): Promise<PartingLook> {
  const [old, other] = [sourceSide(core), destinationSide(core)];
  const look = await lookAtTopic(old, request.sourceTopic);
  const [oldTopic, otherTopic] = await Promise.all([
    findTopic(old.client, request.sourceTopic),
    findTopic(other.client, request.topic),
  ]);
  if (!otherTopic) throw new Error(`${request.topic} does not exist on ${other.client.name}`);
  if (!look || !oldTopic)
    return { old: null, partitions: [], records: '0', diverged: false, compacted: false };
  const untilMs = performance.now() + COUNT_MS;
  const compacted = await anyCompacted(old, request.sourceTopic, other, request.topic);
  const partitions = await partingsOf(
    { ...old, topic: oldTopic },
    { ...other, topic: otherTopic },
    request.ends,
    {
      compacted,
      untilMs,
    },
  );
  return { old: look, ...summed(partitions), partitions, compacted };
}

export async function anyCompacted(
  a: TopicSide,
  topicA: string,
  b: TopicSide,
  topicB: string,
): Promise<boolean> {
  const policies = await Promise.all(
    [[a, topicA] as const, [b, topicB] as const].map(async ([side, topic]) => {
      const configs = (await side.admin.describeTopicConfigs([topic])).get(topic);
      return configs ? configValue(configs, 'cleanup.policy') : null;
    }),
  );
  return policies.some(isCompacted);
}

export function summed(partitions: readonly PartingPartition[]): Pick<PartingLook, 'records' | 'diverged'> {
  let records: bigint | null = 0n;
  for (const one of partitions)
    records = records === null || one.records === null ? null : records + BigInt(one.records);
  return {
    records: records === null ? null : String(records),
    diverged: partitions.some(({ parted }) => parted !== null),
  };
}

type Parted = TopicSide & { topic: TopicMetadata };

/** Partition by partition; one that only the old side has is parted from its beginning. @param ends where the mirror ended */
export async function partingsOf(
  old: Parted,
  other: Parted,
  ends: Readonly<Record<string, string>>,
  options: { compacted: boolean; untilMs: number; said?: (partition: number) => void },
): Promise<PartingPartition[]> {
  const [left, right] = await Promise.all([placed(old), placed(other)]);
  const partings: PartingPartition[] = [];
  for (const [index, side] of left) {
    options.said?.(index);
    const there = right.get(index);
    const hint = ends[String(index)];
    const all = { ...options, hint: hint === undefined ? null : BigInt(hint) };
    partings.push(there ? await findParting(index, side, there, all) : await lonePartition(index, side, all));
  }
  return partings;
}

async function placed({ client, topic }: Parted): Promise<Map<number, PartedSide>> {
  requireLeaders(client, topic);
  const places = placesOf(topic);
  const ends = await endsOf(client, places);
  return new Map(
    places.map((at): [number, PartedSide] => {
      const own = ends.get(`${topic.name}-${at.partition}`);
      if (own) return [at.partition, { client, at, ends: own }];
      throw new KafkaError(
        `the ends of ${topic.name} partition ${at.partition} on ${client.name} can't be read`,
        {
          retriable: true,
        },
      );
    }),
  );
}

/** What one answer of the broker holds, or less. @throws Error when the topic is not the one that was looked at */
export async function recordsOfSource(core: LinkCore, request: Of<'recordsOfSource'>): Promise<RecordLines> {
  const { client } = sourceSide(core);
  const topic = await findTopic(client, request.sourceTopic);
  if (topic?.topicId !== request.topicId)
    throw new Error(`${request.sourceTopic} on ${client.name} is not the topic any more that was looked at`);
  const at = placesOf(topic).find(({ partition }) => partition === request.partition) as PartitionAt;
  const [from, to] = [BigInt(request.from), BigInt(request.to)];
  const page = await readPage({ client, at }, from, request.compacted, PAGE_BYTES);
  if (page === null) return { ndjson: '', records: 0, next: request.to };
  const records = page.records.filter(({ offset }) => offset >= from && offset < to);
  return {
    ndjson: records.map((record) => lineOf(request.partition, record)).join(''),
    records: records.length,
    next: String(page.next < to ? page.next : to),
  };
}
