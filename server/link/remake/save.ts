// Copies what only the old side has to a topic of the other cluster, before it is deleted there: the records as they are, with partition and offset in
// two headers more. Goes on where an earlier engine stopped: the last record that stands there says how far that was.
import type { PartingPartition } from '@/lib/contracts/remake';
import { produce } from '@/server/kafka/wire/apis/produce';
import { KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { Reader } from '@/server/kafka/wire/reader';
import {
  buildRun,
  type RawRecord,
  type RecordBatch,
  readBatches,
  readRecords,
} from '@/server/kafka/wire/record-batch';
import { Writer } from '@/server/kafka/wire/writer';
import { committedFilter } from '../plan';
import { endsOf, fetchOne, type PartitionAt, placesOf } from '../source-probe';
import type { Side } from '../tail-check';
import { configValue, WIDE_TIMESTAMPS_NEW, WIDE_TIMESTAMPS_OLD } from '../topic-configs';
import { partsOf } from './record-lines';
import { findTopic, requireLeaders, type TopicSide } from './topic-look';

export const OFFSET_HEADER = 'landbridge.source.offset';
export const PARTITION_HEADER = 'landbridge.source.partition';

const PAGE_BYTES = 1024 * 1024;
const PRODUCE_TIMEOUT_MS = 30_000;
/** The headers that are added make batches larger than they were. */
const ROOM_BYTES = 10 * 1024 * 1024;

export type SaveRequest = {
  from: TopicSide & { topic: string };
  to: TopicSide & { topic: string; replicationFactor: number };
  partings: readonly PartingPartition[];
  compacted: boolean;
  /** Throws when it is to be given up. */
  check: () => void;
  said: (text: string) => void;
};

/** @returns how many records stand there now. @throws KafkaError with what a broker refuses; nothing of the old side is changed */
export async function saveDiverged(request: SaveRequest): Promise<bigint> {
  const { from, to } = request;
  const source = await findTopic(from.client, from.topic);
  if (!source) throw new KafkaError(`${from.topic} is gone from ${from.client.name}`, { retriable: false });
  await create(request, source.partitions.length);
  const saved = await findTopic(to.client, to.topic);
  if (!saved) throw new KafkaError(`${to.topic} is not there on ${to.client.name} yet`, { retriable: true });
  requireLeaders(to.client, saved);
  const ends = await endsOf(to.client, placesOf(saved));
  let total = 0n;
  for (const parting of request.partings) {
    if (parting.parted === null) continue;
    const place = (topic: typeof saved) =>
      placesOf(topic).find(({ partition }) => partition === parting.partition) as PartitionAt;
    const end = ends.get(`${to.topic}-${parting.partition}`);
    if (!end) throw new KafkaError(`the end of ${to.topic} can't be read`, { retriable: true });
    const there: Side = { client: to.client, at: place(saved) };
    const last = await lastSaved(there, end.start, end.highWatermark);
    const next = last === null ? BigInt(parting.parted) : last + 1n;
    const here: Side = { client: from.client, at: place(source) };
    const copied = await copy(request, here, there, next, BigInt(parting.end));
    total += end.highWatermark - end.start + copied;
  }
  return total;
}

async function create({ from, to }: SaveRequest, partitions: number): Promise<void> {
  const limits = (await from.admin.describeTopicConfigs([from.topic])).get(from.topic) ?? [];
  const limit = Number(configValue(limits, 'max.message.bytes') ?? 1_048_588);
  const configs = {
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    'compression.type': 'producer',
    'message.timestamp.type': 'CreateTime',
    'max.message.bytes': String(limit + ROOM_BYTES),
  };
  const topic = { topic: to.topic, partitions, replicationFactor: to.replicationFactor };
  try {
    await to.admin.createTopic({ ...topic, configs: { ...configs, ...WIDE_TIMESTAMPS_NEW } });
  } catch (error) {
    if (!/INVALID_CONFIG/.test((error as Error).message)) throw error;
    await to.admin.createTopic({ ...topic, configs: { ...configs, ...WIDE_TIMESTAMPS_OLD } });
  }
}

/** Offset at the old side of the last record that stands there; null: there is none. */
async function lastSaved(there: Side, start: bigint, end: bigint): Promise<bigint | null> {
  if (end <= start) return null;
  const fetched = await fetchOne(there.client, there.at, end - 1n, {
    readCommitted: false,
    maxBytes: PAGE_BYTES,
  });
  const batch = readBatches(fetched.records).at(-1);
  const record = batch && readRecords(batch).at(-1);
  const header = record && partsOf(record.rest).headers.findLast(({ key }) => key === OFFSET_HEADER);
  if (!header?.value)
    throw new KafkaError(
      `${there.at.topic} on ${there.client.name} holds records that are not of this operation: it would be mixed with them`,
      { retriable: false },
    );
  return BigInt(header.value.toString());
}

async function copy(
  request: SaveRequest,
  here: Side,
  there: Side,
  from: bigint,
  end: bigint,
): Promise<bigint> {
  let copied = 0n;
  for (let at = from; at < end; ) {
    request.check();
    const fetched = await fetchOne(here.client, here.at, at, { readCommitted: true, maxBytes: PAGE_BYTES });
    const batches = readBatches(fetched.records);
    const last = batches.at(-1);
    if (!last) {
      if (request.compacted || fetched.lastStableOffset <= at) break;
      throw new KafkaError(`${here.client.name} shows no records of ${here.at.topic} at offset ${at}`, {
        retriable: true,
      });
    }
    const committed = committedFilter(fetched.aborted);
    for (const batch of batches) {
      if (!committed(batch)) continue;
      const records = readRecords(batch).filter(({ offsetDelta }) => {
        const offset = batch.baseOffset + BigInt(offsetDelta);
        return offset >= at && offset < end;
      });
      if (records.length === 0) continue;
      await append(there, taggedBatch(batch, records, here.at.partition));
      copied += BigInt(records.length);
    }
    at = last.lastOffset + 1n;
    request.said(`Partition ${here.at.partition}: copied up to offset ${at < end ? at : end} of ${end}.`);
  }
  return copied;
}

async function append({ client, at }: Side, records: Buffer): Promise<void> {
  const connection = await client.connection(at.leader, 'control');
  const [answer] = await connection.request(
    produce,
    {
      acks: -1,
      timeoutMs: PRODUCE_TIMEOUT_MS,
      topics: [{ topic: at.topic, partitions: [{ partition: at.partition, records }] }],
    },
    { timeoutMs: PRODUCE_TIMEOUT_MS + 5_000 },
  );
  if (answer?.errorCode === 0) return;
  throw new ProtocolError(answer?.errorCode ?? -1, connection.where, 'Produce', at.topic);
}

/** The same records, each with two headers more. */
function taggedBatch(batch: RecordBatch, records: readonly RawRecord[], partition: number): Buffer {
  return buildRun(
    batch,
    records.map((record) => ({
      ...record,
      rest: tagged(record.rest, [
        [PARTITION_HEADER, String(partition)],
        [OFFSET_HEADER, String(batch.baseOffset + BigInt(record.offsetDelta))],
      ]),
    })),
  );
}

/** `rest` is key, value, number of headers, headers. */
export function tagged(rest: Buffer, headers: readonly (readonly [string, string])[]): Buffer {
  const reader = new Reader(rest);
  for (let part = 0; part < 2; part++) {
    const length = reader.varint();
    if (length > 0) reader.skip(length);
  }
  const front = rest.subarray(0, reader.position);
  const count = reader.varint();
  const writer = new Writer(rest.length + 128)
    .copy(front)
    .varint(count + headers.length)
    .copy(rest.subarray(reader.position));
  for (const [key, value] of headers)
    for (const text of [key, value]) {
      const bytes = Buffer.from(text);
      writer.varint(bytes.length).copy(bytes);
    }
  return writer.toBuffer();
}
