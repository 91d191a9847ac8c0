// The four codecs of Kafka's record batches, in the framing that Kafka's Java client writes. Only needed where a batch must be rebuilt or compared.
import { gunzipSync, gzipSync } from 'node:zlib';
import { init as initZstd, compress as zstdCompress, decompress as zstdDecompress } from '@bokuweb/zstd-wasm';
import { compressFrameSync, decompressFrameSync } from 'lz4-napi';
import { compressSync as snappyCompress, uncompressSync as snappyUncompress } from 'snappy';
import { DecodeError } from './errors';

export const Codec = { NONE: 0, GZIP: 1, SNAPPY: 2, LZ4: 3, ZSTD: 4 } as const;

/** What one batch may decompress to: a guard against hostile or damaged payloads. */
const MAX_DECOMPRESSED_BYTES = 512 * 1024 * 1024;

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
    return snappyUncompress(payload, { asBuffer: true }) as Buffer;
  }
  const blocks: Buffer[] = [];
  let total = 0;
  for (let at = 16; at < payload.length; ) {
    if (at + 4 > payload.length) throw new DecodeError('a snappy block is cut off');
    const size = payload.readInt32BE(at);
    at += 4;
    if (size < 0 || at + size > payload.length) throw new DecodeError(`a snappy block claims ${size} bytes`);
    const block = snappyUncompress(payload.subarray(at, at + size), { asBuffer: true }) as Buffer;
    total += block.length;
    if (total > MAX_DECOMPRESSED_BYTES) throw new DecodeError('snappy records unpack to more than 512 MiB');
    blocks.push(block);
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

/** Java's zstd stream writes no content size, so the room is doubled until the records fit. */
function unpackZstd(payload: Buffer): Buffer {
  let failure: unknown;
  for (let room = Math.max(1_048_576, payload.length * 8); room <= MAX_DECOMPRESSED_BYTES; room *= 4) {
    try {
      return Buffer.from(zstdDecompress(payload, { defaultHeapSize: room }));
    } catch (cause) {
      failure = cause;
    }
  }
  throw failure;
}
