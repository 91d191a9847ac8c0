// Builds and reads record batches for tests, byte by byte from Kafka's grammar. Shares no code with record-batch.ts, which it checks; only tests import it.
import { crc32c } from '@node-rs/crc32';
import { compress, decompress } from '../compression';

export type TestRecord = {
  offset: bigint;
  timestamp: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers?: [string, Buffer | null][];
};

export type BatchSpec = {
  baseOffset: bigint;
  /** Of the offsets that the batch spans, which the cleaner leaves as they were; default: that of the last record. */
  lastOffset?: bigint;
  records: TestRecord[];
  codec?: number;
  leaderEpoch?: number;
  /** Default: the first record's. After a cleaning with tombstones it is the delete horizon. */
  baseTimestamp?: bigint;
  /** The batch carries append times: every record has this timestamp. */
  logAppendTime?: bigint;
  producerId?: bigint;
  producerEpoch?: number;
  baseSequence?: number;
  transactional?: boolean;
  control?: boolean;
  deleteHorizon?: boolean;
};

export function zigzag(value: bigint): Buffer {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function sized(bytes: Buffer | null): Buffer {
  return bytes === null ? zigzag(-1n) : Buffer.concat([zigzag(BigInt(bytes.length)), bytes]);
}

export function buildBatch(spec: BatchSpec): Buffer {
  const { records, codec = 0 } = spec;
  const first = spec.baseTimestamp ?? records[0]?.timestamp ?? -1n;
  const body = records.map((record) => {
    const headers = (record.headers ?? []).flatMap(([name, value]) => [
      sized(Buffer.from(name)),
      sized(value),
    ]);
    const content = Buffer.concat([
      Buffer.from([0]),
      zigzag(record.timestamp - first),
      zigzag(record.offset - spec.baseOffset),
      sized(record.key),
      sized(record.value),
      zigzag(BigInt(record.headers?.length ?? 0)),
      ...headers,
    ]);
    return Buffer.concat([zigzag(BigInt(content.length)), content]);
  });
  const newest = records.reduce((max, r) => (r.timestamp > max ? r.timestamp : max), first);
  const attributes =
    codec |
    (spec.logAppendTime === undefined ? 0 : 0x08) |
    (spec.transactional ? 0x10 : 0) |
    (spec.control ? 0x20 : 0) |
    (spec.deleteHorizon ? 0x40 : 0);
  const last = spec.lastOffset ?? records.at(-1)?.offset ?? spec.baseOffset;
  const counted = Buffer.alloc(40);
  counted.writeInt16BE(attributes, 0);
  counted.writeInt32BE(Number(last - spec.baseOffset), 2);
  counted.writeBigInt64BE(first, 6);
  counted.writeBigInt64BE(spec.logAppendTime ?? newest, 14);
  counted.writeBigInt64BE(spec.producerId ?? -1n, 22);
  counted.writeInt16BE(spec.producerEpoch ?? -1, 30);
  counted.writeInt32BE(spec.baseSequence ?? -1, 32);
  counted.writeInt32BE(records.length, 36);
  // Kafka leaves a batch that the cleaner has emptied without any payload, not even an empty compressed one.
  const payload = records.length === 0 ? Buffer.alloc(0) : compress(codec, Buffer.concat(body));
  const checked = Buffer.concat([counted, payload]);
  const front = Buffer.alloc(21);
  front.writeBigInt64BE(spec.baseOffset, 0);
  front.writeInt32BE(checked.length + 9, 8);
  front.writeInt32BE(spec.leaderEpoch ?? 0, 12);
  front[16] = 2;
  front.writeUInt32BE(crc32c(checked), 17);
  return Buffer.concat([front, checked]);
}

/** The marker that ends a transaction: one control record, 78 bytes. */
export function endMarker(options: {
  offset: bigint;
  producerId: bigint;
  producerEpoch?: number;
  commit: boolean;
  timestamp?: bigint;
}): Buffer {
  return buildBatch({
    baseOffset: options.offset,
    records: [
      {
        offset: options.offset,
        timestamp: options.timestamp ?? 1_700_000_000_000n,
        key: Buffer.from([0, 0, 0, options.commit ? 1 : 0]),
        value: Buffer.alloc(6),
      },
    ],
    producerId: options.producerId,
    producerEpoch: options.producerEpoch ?? 0,
    transactional: true,
    control: true,
  });
}

/** What a consumer would see in one whole batch, with its header's fields. @throws Error when the checksum or the counts are wrong */
export function parseBatch(bytes: Buffer) {
  if (bytes.readInt32BE(8) + 12 !== bytes.length) throw new Error('the length field is wrong');
  if (bytes.readUInt32BE(17) !== crc32c(bytes.subarray(21))) throw new Error('the checksum is wrong');
  const attributes = bytes.readInt16BE(21);
  const baseOffset = bytes.readBigInt64BE(0);
  const baseTimestamp = bytes.readBigInt64BE(27);
  const maxTimestamp = bytes.readBigInt64BE(35);
  const count = bytes.readInt32BE(57);
  const cursor = new Cursor(count === 0 ? Buffer.alloc(0) : decompress(attributes & 7, bytes.subarray(61)));
  const records: TestRecord[] = [];
  for (let i = 0; i < count; i++) {
    const end = cursor.number() + cursor.at;
    cursor.at += 1;
    const timestamp = baseTimestamp + cursor.zigzag();
    const offset = baseOffset + cursor.zigzag();
    const key = cursor.sized();
    const value = cursor.sized();
    const headers: [string, Buffer | null][] = [];
    for (let left = cursor.number(); left > 0; left--) headers.push([String(cursor.sized()), cursor.sized()]);
    if (cursor.at !== end) throw new Error(`record ${i} does not end where its length says`);
    records.push({ offset, timestamp: attributes & 8 ? maxTimestamp : timestamp, key, value, headers });
  }
  if (cursor.at !== cursor.bytes.length) throw new Error('there are bytes behind the last record');
  return {
    baseOffset,
    leaderEpoch: bytes.readInt32BE(12),
    attributes,
    lastOffset: baseOffset + BigInt(bytes.readInt32BE(23)),
    baseTimestamp,
    maxTimestamp,
    producerId: bytes.readBigInt64BE(43),
    producerEpoch: bytes.readInt16BE(51),
    baseSequence: bytes.readInt32BE(53),
    records,
  };
}

class Cursor {
  at = 0;
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  zigzag(): bigint {
    let raw = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error('the records end too early');
      raw |= BigInt(byte & 127) << shift;
      if (byte < 128) return (raw >> 1n) ^ -(raw & 1n);
    }
  }
  number(): number {
    return Number(this.zigzag());
  }
  sized(): Buffer | null {
    const length = this.number();
    if (length < 0) return null;
    if (this.at + length > this.bytes.length) throw new Error('a field ends behind the records');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
