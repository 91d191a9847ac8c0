// The four codecs of Kafka's record batches, in the framing that Kafka's Java client writes. Only needed where a batch must be rebuilt or compared.
import { gunzipSync, gzipSync } from 'node:zlib';
import { init as initZstd, compress as zstdCompress, decompress as zstdDecompress } from '@bokuweb/zstd-wasm';
import { compressFrameSync, decompressFrameSync } from 'lz4-napi';
import { compressSync as snappyCompress, uncompressSync as snappyUncompress } from 'snappy';
import { DecodeError } from './errors';
import { Reader } from './reader';

export const Codec = { NONE: 0, GZIP: 1, SNAPPY: 2, LZ4: 3, ZSTD: 4 } as const;

/** What one batch may decompress to: a guard against hostile payloads, kept before memory is taken for what they claim. */
const MAX_DECOMPRESSED_BYTES = 256 * 1024 * 1024;

/** snappy-java's stream header (xerial): magic, version 1, compatible with 1; then blocks of length and raw snappy. */
const XERIAL_HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00, 0, 0, 0, 1, 0, 0, 0, 1]);
const XERIAL_BLOCK_BYTES = 32_768;

let zstdReady: Promise<void> | null = null;
/** Must have resolved before a zstd batch is packed or unpacked. */
export function codecsReady(): Promise<void> {
  zstdReady ??= initZstd();
  return zstdReady;
}

/** @throws DecodeError when the payload is not what the codec expects */
export function decompress(codec: number, payload: Buffer): Buffer {
  try {
    switch (codec) {
      case Codec.NONE:
        return payload;
      case Codec.GZIP:
        return gunzipSync(payload, { maxOutputLength: MAX_DECOMPRESSED_BYTES });
      case Codec.SNAPPY:
        return unpackSnappy(payload);
      case Codec.LZ4:
        allow(lz4Bound(payload));
        return decompressFrameSync(payload);
      case Codec.ZSTD:
        return unpackZstd(payload);
    }
  } catch (cause) {
    if (cause instanceof DecodeError) throw cause;
    throw new DecodeError(
      `compressed records (codec ${codec}) cannot be unpacked: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
  throw new DecodeError(`unknown compression codec ${codec}`);
}

export function compress(codec: number, records: Buffer): Buffer {
  switch (codec) {
    case Codec.NONE:
      return records;
    case Codec.GZIP:
      return gzipSync(records);
    case Codec.SNAPPY:
      return packSnappy(records);
    case Codec.LZ4:
      return compressFrameSync(records);
    case Codec.ZSTD:
      return Buffer.from(zstdCompress(records, 3));
  }
  throw new DecodeError(`unknown compression codec ${codec}`);
}

function unpackSnappy(payload: Buffer): Buffer {
  if (payload.length < 16 || payload.compare(XERIAL_HEADER, 0, 8, 0, 8) !== 0) {
    allow(new Reader(payload).uvarint());
    return snappyUncompress(payload, { asBuffer: true }) as Buffer;
  }
  const blocks: Buffer[] = [];
  let total = 0;
  for (let at = 16; at < payload.length; ) {
    if (at + 4 > payload.length) throw new DecodeError('a snappy block is cut off');
    const size = payload.readInt32BE(at);
    at += 4;
    if (size < 0 || at + size > payload.length) throw new DecodeError(`a snappy block claims ${size} bytes`);
    const block = payload.subarray(at, at + size);
    total += new Reader(block).uvarint();
    allow(total);
    blocks.push(snappyUncompress(block, { asBuffer: true }) as Buffer);
    at += size;
  }
  return Buffer.concat(blocks);
}

function packSnappy(records: Buffer): Buffer {
  const parts: Buffer[] = [XERIAL_HEADER];
  for (let at = 0; at < records.length; at += XERIAL_BLOCK_BYTES) {
    const block = snappyCompress(records.subarray(at, at + XERIAL_BLOCK_BYTES));
    const size = Buffer.allocUnsafe(4);
    size.writeInt32BE(block.length);
    parts.push(size, block);
  }
  return Buffer.concat(parts);
}

/** Java's zstd stream writes no content size, so the room is made larger until the records fit. */
function unpackZstd(payload: Buffer): Buffer {
  allow(zstdContentSize(payload));
  for (let room = Math.max(1_048_576, payload.length * 8); ; room *= 4) {
    try {
      return Buffer.from(
        zstdDecompress(payload, { defaultHeapSize: Math.min(room, MAX_DECOMPRESSED_BYTES) }),
      );
    } catch (cause) {
      const tooSmall = cause instanceof Error && cause.message.endsWith(ZSTD_DESTINATION_TOO_SMALL);
      if (!tooSmall || room >= MAX_DECOMPRESSED_BYTES) throw cause;
    }
  }
}

/** ZSTD_error_dstSize_tooSmall, at the end of the library's message. */
const ZSTD_DESTINATION_TOO_SMALL = 'code -70';
const ZSTD_MAGIC = 0xfd2fb528;

/** What the frame says it unpacks to, 0 where it doesn't (RFC 8878, 3.1.1.1). The library believes it. */
function zstdContentSize(payload: Buffer): number {
  const reader = new Reader(payload);
  if (reader.uint32le() !== ZSTD_MAGIC) throw new DecodeError('compressed records do not begin as zstd does');
  const descriptor = reader.uint8();
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  reader.skip((singleSegment ? 0 : 1) + dictionaryBytes);
  switch (descriptor >>> 6) {
    case 0:
      return singleSegment ? reader.uint8() : 0;
    case 1:
      return reader.uint8() + reader.uint8() * 256 + 256;
    case 2:
      return reader.uint32le();
    default:
      return reader.uint32le() + reader.uint32le() * 2 ** 32;
  }
}

/** The most that an lz4 frame can unpack to: each block at most its frame's block size, and 255 times its own. */
function lz4Bound(payload: Buffer): number {
  const reader = new Reader(payload);
  reader.skip(4);
  const flags = reader.uint8();
  const blockBytes = 4 ** ((reader.uint8() >>> 4) & 7) * 256;
  reader.skip((flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0) + 1);
  let bound = 0;
  while (reader.remaining >= 4) {
    const size = reader.uint32le() & 0x7fffffff;
    if (size === 0) break;
    bound += Math.min(blockBytes, size * 255);
    reader.skip(size + (flags & 0x10 ? 4 : 0));
  }
  return bound;
}

function allow(bytes: number): void {
  if (bytes > MAX_DECOMPRESSED_BYTES)
    throw new DecodeError(`compressed records may unpack to ${bytes} bytes; more than 256 MiB are refused`);
}
