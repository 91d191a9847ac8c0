// Teaches kafkajs the codecs that it leaves to others, so that the demo's orders come in each of them.
import { init as initZstd, compress as zstdCompress, decompress as zstdDecompress } from '@bokuweb/zstd-wasm';
import kafkajs from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'snappy';

const { CompressionCodecs, CompressionTypes } = kafkajs;

type Encoder = { buffer: Buffer };
type Codec = { compress(encoder: Encoder): Promise<Buffer>; decompress(buffer: Buffer): Promise<Buffer> };

const codec = (
  compress: (plain: Buffer) => Promise<Uint8Array>,
  decompress: (packed: Buffer) => Promise<Uint8Array>,
): (() => Codec) => {
  const made: Codec = {
    compress: async ({ buffer }) => Buffer.from(await compress(buffer)),
    decompress: async (buffer) => Buffer.from(await decompress(buffer)),
  };
  return () => made;
};

/** In the order in which orders go round them. */
export const ALL_CODECS = [
  CompressionTypes.None,
  CompressionTypes.GZIP,
  CompressionTypes.Snappy,
  CompressionTypes.LZ4,
  CompressionTypes.ZSTD,
] as const;

export async function registerCodecs(): Promise<void> {
  await initZstd();
  CompressionCodecs[CompressionTypes.Snappy] = codec(
    (plain) => snappy.compress(plain),
    async (packed) => (await snappy.uncompress(packed, { asBuffer: true })) as Buffer,
  );
  CompressionCodecs[CompressionTypes.LZ4] = codec(
    (plain) => compressFrame(plain),
    (packed) => decompressFrame(packed),
  );
  CompressionCodecs[CompressionTypes.ZSTD] = codec(
    async (plain) => zstdCompress(plain),
    async (packed) => zstdDecompress(packed),
  );
}
