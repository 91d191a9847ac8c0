// Which record a group would read next, from the batches of one fetch at read_committed: markers, and data of transactions that were aborted, are
// passed over as consumers do. No I/O.
import type { AbortedTransaction } from '@/server/kafka/wire/apis/fetch';
import { type RecordBatch, readBatches } from '@/server/kafka/wire/record-batch';

const BASE_TIMESTAMP = 27;

export type NextRecord =
  /** Time of the record at or behind the offset; null: producers gave it none. */
  | { kind: 'RECORD'; offset: bigint; atMs: number | null }
  /** Nothing to read in front of this offset. */
  | { kind: 'NOTHING'; upTo: bigint };

/** @throws DecodeError, also for message formats before v2 */
export function nextRecord(
  records: Buffer,
  aborted: readonly AbortedTransaction[],
  offset: bigint,
): NextRecord {
  const waiting = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const producers = new Set<bigint>();
  let upTo = offset;
  for (const batch of readBatches(records)) {
    while (waiting[0] && waiting[0].firstOffset <= batch.lastOffset)
      producers.add((waiting.shift() as AbortedTransaction).producerId);
    if (batch.abortMarker) producers.delete(batch.producerId);
    const given = batch.control || (batch.transactional && producers.has(batch.producerId));
    if (batch.lastOffset < offset) continue;
    if (!given && batch.count > 0) return recordIn(batch, offset);
    upTo = batch.lastOffset + 1n;
  }
  return { kind: 'NOTHING', upTo };
}

/** Records of a batch are not unpacked: between its first and its last, time is taken to go evenly. */
function recordIn(batch: RecordBatch, offset: bigint): NextRecord {
  const at = offset > batch.baseOffset ? offset : batch.baseOffset;
  const last = Number(batch.maxTimestamp);
  if (last < 0) return { kind: 'RECORD', offset: at, atMs: null };
  const first = Number(batch.bytes.readBigInt64BE(BASE_TIMESTAMP));
  if (batch.logAppendTime || first < 0 || first > last) return { kind: 'RECORD', offset: at, atMs: last };
  const span = Number(batch.lastOffset - batch.baseOffset);
  const share = span === 0 ? 0 : Number(at - batch.baseOffset) / span;
  return { kind: 'RECORD', offset: at, atMs: first + (last - first) * share };
}
