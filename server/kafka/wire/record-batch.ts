// Kafka's record batch v2: header fields at fixed places, restamping in place, and building the few batches that cannot travel as they are.
// Grammar: kafka.common.record.DefaultRecordBatch. Offsets within a batch fit a number; offsets in a log are bigint.
import { Codec, codecsReady, compress, decompress } from './compression';
import { crc32c, shiftCrc, stepCrc } from './crc32c';
import { DecodeError } from './errors';
import { Reader } from './reader';
import { Writer } from './writer';

export { codecsReady };

export const BATCH_HEADER_BYTES = 61;
/** Base offset and length: what stands in front of the counted part of a batch. */
const LOG_OVERHEAD_BYTES = 12;

const CHECKSUM = 17;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const BASE_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const BASE_SEQUENCE = 53;
const RECORD_COUNT = 57;

const CODEC_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const DELETE_HORIZON = 0x40;

/** The header of one batch, and a view of all its bytes. */
export type RecordBatch = {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** Records present; fewer than the offsets spanned where the cleaner has been. */
  readonly count: number;
  readonly leaderEpoch: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly maxTimestamp: bigint;
  readonly codec: number;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly logAppendTime: boolean;
  /** A control batch that aborts its producer's transaction. */
  readonly abortMarker: boolean;
  /** The whole batch, header included. */
  readonly bytes: Buffer;
};

/** Magic byte below 2: a message format this program doesn't carry. */
export class OldMessageFormat extends DecodeError {
  readonly offset: bigint;
  constructor(offset: bigint, magic: number) {
    super(`message format v${magic} at offset ${offset}`);
    this.name = 'OldMessageFormat';
    this.offset = offset;
  }
}

/**
 * Splits the record set of a fetch response into batches. A partial batch at the end is left out, as brokers cut answers at a byte limit.
 * @throws DecodeError for lengths that cannot be, OldMessageFormat for magic 0 and 1
 */
export function readBatches(records: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  let at = 0;
  while (records.length - at >= BATCH_HEADER_BYTES) {
    const size = LOG_OVERHEAD_BYTES + records.readInt32BE(at + 8);
    const magic = records[at + 16] as number;
    if (magic < 2) throw new OldMessageFormat(records.readBigInt64BE(at), magic);
    if (magic > 2)
      throw new DecodeError(`record batch with magic ${magic} at offset ${records.readBigInt64BE(at)}`);
    if (size < BATCH_HEADER_BYTES)
      throw new DecodeError(`record batch of ${size} bytes at offset ${records.readBigInt64BE(at)}`);
    if (size > records.length - at) break;
    batches.push(readBatch(records.subarray(at, at + size)));
    at += size;
  }
  return batches;
}

function readBatch(bytes: Buffer): RecordBatch {
  const attributes = bytes.readInt16BE(ATTRIBUTES);
  const baseOffset = bytes.readBigInt64BE(0);
  const delta = bytes.readInt32BE(LAST_OFFSET_DELTA);
  const count = bytes.readInt32BE(RECORD_COUNT);
  if (delta < 0 || count < 0 || count > delta + 1) {
    throw new DecodeError(
      `record batch at offset ${baseOffset} claims ${count} records in ${delta + 1} offsets`,
    );
  }
  const control = (attributes & CONTROL) !== 0;
  return {
    baseOffset,
    lastOffset: baseOffset + BigInt(delta),
    count,
    leaderEpoch: bytes.readInt32BE(12),
    producerId: bytes.readBigInt64BE(PRODUCER_ID),
    producerEpoch: bytes.readInt16BE(51),
    baseSequence: bytes.readInt32BE(BASE_SEQUENCE),
    maxTimestamp: bytes.readBigInt64BE(MAX_TIMESTAMP),
    codec: attributes & CODEC_MASK,
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control,
    logAppendTime: (attributes & LOG_APPEND_TIME) !== 0,
    abortMarker: control && count > 0 && controlType(bytes) === 0,
    bytes,
  };
}

/** Type of the one record of a control batch: 0 abort, 1 commit. Its key is version and type, both int16. */
function controlType(bytes: Buffer): number {
  const reader = new Reader(bytes, BATCH_HEADER_BYTES);
  reader.varint();
  reader.int8();
  reader.varlong();
  reader.varint();
  const keyLength = reader.varint();
  if (keyLength < 4) throw new DecodeError('a control record has no type');
  reader.int16();
  return reader.int16();
}

const STAMP = Buffer.alloc(14);

/**
 * Makes a fetched batch ours, in place: base offset 0 (4.1 and newer refuse others), leader epoch −1, our producer id, epoch and sequence;
 * the transactional and delete-horizon bits are cleared. The checksum is derived from the old one, so a damaged payload stays detectable.
 */
export function restamp(
  bytes: Buffer,
  producerId: bigint,
  producerEpoch: number,
  baseSequence: number,
): void {
  bytes.fill(0, 0, 8);
  bytes.writeInt32BE(-1, 12);
  let difference = 0;
  const attributes = bytes[ATTRIBUTES + 1] as number;
  const cleared = attributes & ~(TRANSACTIONAL | DELETE_HORIZON);
  if (cleared !== attributes) {
    // 20 bytes (offset delta, timestamps) stand between the attributes and the producer id.
    difference = shiftCrc(stepCrc(0, attributes ^ cleared), PRODUCER_ID - LAST_OFFSET_DELTA);
    bytes[ATTRIBUTES + 1] = cleared;
  }
  STAMP.writeBigInt64BE(producerId, 0);
  STAMP.writeInt16BE(producerEpoch, 8);
  STAMP.writeInt32BE(baseSequence, 10);
  for (let i = 0; i < 14; i++) {
    const now = STAMP[i] as number;
    difference = stepCrc(difference, (bytes[PRODUCER_ID + i] as number) ^ now);
    bytes[PRODUCER_ID + i] = now;
  }
  const crc = bytes.readUInt32BE(CHECKSUM) ^ shiftCrc(difference, bytes.length - RECORD_COUNT);
  bytes.writeUInt32BE(crc >>> 0, CHECKSUM);
}

/** One record inside a decompressed batch; `rest` is key, value and headers as they stand. */
export type RawRecord = { offsetDelta: number; timestampDelta: bigint; attributes: number; rest: Buffer };

/** @throws DecodeError for a wrong checksum, and when the records don't fill the payload exactly or are out of order: what is built from them gets a new checksum */
export function readRecords(batch: RecordBatch): RawRecord[] {
  if (batch.bytes.readUInt32BE(CHECKSUM) !== crc32c(batch.bytes.subarray(ATTRIBUTES)))
    throw new DecodeError(`the batch at offset ${batch.baseOffset} does not match its checksum`);
  const payload = decompress(batch.codec, batch.bytes.subarray(BATCH_HEADER_BYTES));
  const reader = new Reader(payload);
  const lastDelta = batch.bytes.readInt32BE(LAST_OFFSET_DELTA);
  const records: RawRecord[] = [];
  for (let i = 0; i < batch.count; i++) {
    const length = reader.varint();
    if (length < 0 || length > reader.remaining)
      throw new DecodeError(`record ${i} of the batch at offset ${batch.baseOffset} claims ${length} bytes`);
    const end = reader.position + length;
    const attributes = reader.int8();
    const timestampDelta = reader.varlong();
    const offsetDelta = reader.varint();
    if (reader.position > end)
      throw new DecodeError(
        `record ${i} of the batch at offset ${batch.baseOffset} is shorter than its header`,
      );
    if (offsetDelta <= (records.at(-1)?.offsetDelta ?? -1) || offsetDelta > lastDelta)
      throw new DecodeError(
        `record ${i} of the batch at offset ${batch.baseOffset} is out of order (offset ${offsetDelta} of ${lastDelta})`,
      );
    records.push({ offsetDelta, timestampDelta, attributes, rest: payload.subarray(reader.position, end) });
    reader.position = end;
  }
  if (reader.remaining > 0)
    throw new DecodeError(
      `${reader.remaining} bytes follow the records of the batch at offset ${batch.baseOffset}`,
    );
  return records;
}

/** Timestamp that a consumer sees for a record of this batch, in ms. */
export function recordTimestamp(batch: RecordBatch, record: RawRecord): bigint {
  return batch.logAppendTime
    ? batch.maxTimestamp
    : batch.bytes.readBigInt64BE(BASE_TIMESTAMP) + record.timestampDelta;
}

/**
 * Builds a batch of consecutive records from some records of another one. Key, value, headers, timestamps and codec stay.
 * LogAppendTime becomes CreateTime with the append time as timestamp, because the destination would drop the bit.
 */
export function buildRun(source: RecordBatch, records: readonly RawRecord[]): Buffer {
  const base = source.logAppendTime ? source.maxTimestamp : source.bytes.readBigInt64BE(BASE_TIMESTAMP);
  const body = new Writer(4096);
  let max = records.length > 0 ? -(1n << 63n) : base;
  records.forEach((record, index) => {
    const delta = source.logAppendTime ? 0n : record.timestampDelta;
    if (base + delta > max) max = base + delta;
    const head = new Writer(32).int8(record.attributes).varlong(delta).varint(index).toBuffer();
    body
      .varint(head.length + record.rest.length)
      .copy(head)
      .copy(record.rest);
  });
  return frame(source.codec, base, max, records.length, compress(source.codec, body.toBuffer()));
}

/**
 * A batch of `count` records with an empty key and no value, which stands in front of a mirror's log start until it is deleted.
 * The key is empty, not null: compacted topics refuse records without a key.
 */
export function buildFiller(count: number, timestampMs: bigint, codec: number): Buffer {
  const body = new Writer(count * 10);
  for (let index = 0; index < count; index++) {
    const offsetBytes = index < 64 ? 1 : index < 8192 ? 2 : index < 1_048_576 ? 3 : 4;
    body
      .varint(5 + offsetBytes)
      .int8(0)
      .uint8(0)
      .varint(index)
      .varint(0)
      .varint(-1)
      .uint8(0);
  }
  return frame(codec, timestampMs, timestampMs, count, compress(codec, body.toBuffer()));
}

/** A batch of one uncompressed record without headers. */
export function buildRecord(key: Buffer, value: Buffer, timestampMs: bigint): Buffer {
  const body = new Writer(key.length + value.length + 32)
    .int8(0)
    .varint(0)
    .varint(0)
    .varint(key.length)
    .copy(key)
    .varint(value.length)
    .copy(value)
    .varint(0)
    .toBuffer();
  const record = new Writer(body.length + 8).varint(body.length).copy(body).toBuffer();
  return frame(Codec.NONE, timestampMs, timestampMs, 1, record);
}

function frame(
  codec: number,
  baseTimestamp: bigint,
  maxTimestamp: bigint,
  count: number,
  payload: Buffer,
): Buffer {
  const bytes = Buffer.alloc(BATCH_HEADER_BYTES + payload.length);
  bytes.writeInt32BE(bytes.length - LOG_OVERHEAD_BYTES, 8);
  bytes.writeInt32BE(-1, 12);
  bytes[16] = 2;
  bytes.writeInt16BE(codec, ATTRIBUTES);
  bytes.writeInt32BE(count - 1, LAST_OFFSET_DELTA);
  bytes.writeBigInt64BE(baseTimestamp, BASE_TIMESTAMP);
  bytes.writeBigInt64BE(maxTimestamp, MAX_TIMESTAMP);
  bytes.writeBigInt64BE(-1n, PRODUCER_ID);
  bytes.writeInt16BE(-1, 51);
  bytes.writeInt32BE(-1, BASE_SEQUENCE);
  bytes.writeInt32BE(count, RECORD_COUNT);
  payload.copy(bytes, BATCH_HEADER_BYTES);
  bytes.writeUInt32BE(crc32c(bytes.subarray(ATTRIBUTES)), CHECKSUM);
  return bytes;
}

/** The sequence number that follows `count` records starting at `sequence`; wraps from 2^31−1 to 0 as the broker's DefaultRecordBatch does. */
export function nextSequence(sequence: number, count: number): number {
  return (sequence + count) % 2_147_483_648;
}
