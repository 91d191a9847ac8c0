// Filler batches for heads: built once per size, copied and restamped for each append.
import { Codec } from '@/server/kafka/wire/compression';
import { buildFiller } from '@/server/kafka/wire/record-batch';

const built = new Map<number, { bytes: Buffer; hour: number }>();

/** A fresh copy of a filler batch of `count` records, stamped with (about) now so that the broker keeps guarding our sequence. */
export function fillerBatch(count: number, nowMs: number): { bytes: Buffer; maxTimestamp: bigint } {
  // An hour's precision is enough for the guard, and keeps the batch reusable.
  const hour = Math.floor(nowMs / 3_600_000);
  let filler = built.get(count);
  if (!filler || filler.hour !== hour) {
    filler = { bytes: buildFiller(count, BigInt(hour * 3_600_000), Codec.ZSTD), hour };
    if (built.size > 16) built.clear();
    built.set(count, filler);
  }
  const bytes = Buffer.from(filler.bytes);
  return { bytes, maxTimestamp: bytes.readBigInt64BE(35) };
}
