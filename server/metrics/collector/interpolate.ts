/**
 * When the first record that a group has not read was appended: from where a log ended when, and where that is too long ago, from times of records.
 * No I/O, no clock.
 */

/** At `atMs` the log ended at `offset`. */
export type EndSample = { readonly atMs: number; readonly offset: bigint };
/** The record at `offset` has the time `atMs`. */
export type RecordTime = { readonly atMs: number; readonly offset: bigint };

/**
 * Appended between two looks: records come evenly spread, each in the middle of its share. An end that stood still and then moved on
 * counts from the last look at which it stood: silence before a record makes no lag.
 * @param before the last look at which the log ended at or before the record
 * @param after the next look
 */
export function appendedBetween(offset: bigint, before: EndSample, after: EndSample): number {
  const appended = Number(after.offset - before.offset);
  const share = (Number(offset - before.offset) + 0.5) / appended;
  return before.atMs + Math.min(1, Math.max(0, share)) * (after.atMs - before.atMs);
}

/**
 * @param times of records of the partition, rising by offset
 * @param oldest look at the end of the log at which it was already behind the record
 * @returns null when no record at or before the offset has a known time
 */
export function appendedByRecords(
  offset: bigint,
  times: readonly RecordTime[],
  oldest: EndSample | null,
): number | null {
  let before: RecordTime | null = null;
  let after: RecordTime | null = null;
  for (const time of times) {
    if (time.offset <= offset) before = time;
    else {
      after = time;
      break;
    }
  }
  if (!before) return null;
  if (before.offset === offset) return before.atMs;
  const next = after && (!oldest || after.offset < oldest.offset) ? after : oldest;
  if (!next) return before.atMs;
  const share = Number(offset - before.offset) / Number(next.offset - before.offset);
  // Times that producers made up may run backwards: never beyond what was seen.
  return before.atMs + Math.min(1, Math.max(0, share)) * Math.max(0, next.atMs - before.atMs);
}
