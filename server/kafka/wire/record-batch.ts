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

const LEADER_EPOCH = 12;
const CHECKSUM = 17;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const BASE_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const PRODUCER_EPOCH = 51;
const BASE_SEQUENCE = 53;
const RECORD_COUNT = 57;

const CODEC_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const DELETE_HORIZON = 0x40;

/**
 * The header of one batch, and a view of all its bytes. Hundreds of thousands of these live for some milliseconds each: what every batch is asked
 * for is read at once, the rest when it is asked for. Restamping changes the leader epoch and the producer's fields here, too.
 */
export class RecordBatch {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** Records present; fewer than the offsets spanned where the cleaner has been. */
  readonly count: number;
  /** The whole batch, header included. */
  readonly bytes: Buffer;
  readonly #attributes: number;

  /** @throws DecodeError for counts that cannot be */
  constructor(bytes: Buffer, baseOffset: bigint) {
    const delta = int32(bytes, LAST_OFFSET_DELTA);
    const count = int32(bytes, RECORD_COUNT);
    if (delta < 0 || count < 0 || count > delta + 1) {
      throw new DecodeError(
        `record batch at offset ${baseOffset} claims ${count} records in ${delta + 1} offsets`,
      );
    }
    this.baseOffset = baseOffset;
    this.lastOffset = baseOffset + BigInt(delta);
    this.count = count;
    this.bytes = bytes;
    this.#attributes = bytes[ATTRIBUTES + 1] as number;
    // A control batch without a readable type is damaged: found out here, not halfway through a plan.
    if (this.control && count > 0) controlType(bytes);
  }

  /** No holes: as many records as offsets. */
  get dense(): boolean {
    return this.count === int32(this.bytes, LAST_OFFSET_DELTA) + 1;
  }
  get leaderEpoch(): number {
    return int32(this.bytes, LEADER_EPOCH);
  }
  get producerId(): bigint {
    return this.bytes.readBigInt64BE(PRODUCER_ID);
  }
  get producerEpoch(): number {
    return this.bytes.readInt16BE(PRODUCER_EPOCH);
  }
  get baseSequence(): number {
    return int32(this.bytes, BASE_SEQUENCE);
  }
  get maxTimestamp(): bigint {
    return this.bytes.readBigInt64BE(MAX_TIMESTAMP);
  }
  get codec(): number {
    return this.#attributes & CODEC_MASK;
  }
  get transactional(): boolean {
    return (this.#attributes & TRANSACTIONAL) !== 0;
  }
  get control(): boolean {
    return (this.#attributes & CONTROL) !== 0;
  }
  get logAppendTime(): boolean {
    return (this.#attributes & LOG_APPEND_TIME) !== 0;
  }
  /** A control batch that aborts its producer's transaction. */
  get abortMarker(): boolean {
    return this.control && this.count > 0 && controlType(this.bytes) === 0;
  }
}

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
  if (records.length < BATCH_HEADER_BYTES) return batches;
  const offsets = new DataView(records.buffer, records.byteOffset, records.length);
  let at = 0;
  while (records.length - at >= BATCH_HEADER_BYTES) {
    const size = LOG_OVERHEAD_BYTES + int32(records, at + 8);
    const magic = records[at + 16] as number;
    if (magic < 2) throw new OldMessageFormat(records.readBigInt64BE(at), magic);
    if (magic > 2)
      throw new DecodeError(`record batch with magic ${magic} at offset ${records.readBigInt64BE(at)}`);
    if (size < BATCH_HEADER_BYTES)
      throw new DecodeError(`record batch of ${size} bytes at offset ${records.readBigInt64BE(at)}`);
    if (size > records.length - at) break;
    batches.push(new RecordBatch(records.subarray(at, at + size), offsets.getBigInt64(at)));
    at += size;
  }
  return batches;
}

/** As Buffer.readInt32BE, which checks what is known here: every batch is at least a header long. */
function int32(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
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

/** Producer id, epoch and sequence as they were last stamped: one link has one id, so mostly only the sequence changes. */
const STAMP = Buffer.alloc(14);
let stampedId = 0n;

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
  for (let i = 0; i < 8; i++) bytes[i] = 0;
  for (let i = LEADER_EPOCH; i < LEADER_EPOCH + 4; i++) bytes[i] = 0xff;
  let difference = 0;
  const attributes = bytes[ATTRIBUTES + 1] as number;
  const cleared = attributes & ~(TRANSACTIONAL | DELETE_HORIZON);
  if (cleared !== attributes) {
    // 20 bytes (offset delta, timestamps) stand between the attributes and the producer id.
    difference = shiftCrc(stepCrc(0, attributes ^ cleared), PRODUCER_ID - LAST_OFFSET_DELTA);
    bytes[ATTRIBUTES + 1] = cleared;
  }
  if (producerId !== stampedId) {
    STAMP.writeBigInt64BE(producerId, 0);
    stampedId = producerId;
  }
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
  if (!checksumHolds(batch))
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

/** The same records in the same framing: offsets, timestamps, codec and payload. Who produced them, and in which transaction, doesn't count. */
export function carriesTheSame(a: RecordBatch, b: RecordBatch): boolean {
  const same = (from: number, to: number) => a.bytes.compare(b.bytes, from, to, from, to) === 0;
  return (
    a.baseOffset === b.baseOffset &&
    a.bytes.length === b.bytes.length &&
    a.codec === b.codec &&
    a.logAppendTime === b.logAppendTime &&
    same(LAST_OFFSET_DELTA, PRODUCER_ID) &&
    same(RECORD_COUNT, a.bytes.length)
  );
}

export function checksumHolds(batch: RecordBatch): boolean {
  return batch.bytes.readUInt32BE(CHECKSUM) === crc32c(batch.bytes.subarray(ATTRIBUTES));
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
  bytes.writeInt32BE(-1, LEADER_EPOCH);
  bytes[16] = 2;
  bytes.writeInt16BE(codec, ATTRIBUTES);
  bytes.writeInt32BE(count - 1, LAST_OFFSET_DELTA);
  bytes.writeBigInt64BE(baseTimestamp, BASE_TIMESTAMP);
  bytes.writeBigInt64BE(maxTimestamp, MAX_TIMESTAMP);
  bytes.writeBigInt64BE(-1n, PRODUCER_ID);
  bytes.writeInt16BE(-1, PRODUCER_EPOCH);
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
