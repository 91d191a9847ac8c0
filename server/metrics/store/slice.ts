// Bounds one slice of upkeep: by time, and by how much one transaction writes.
import { sliceSeries } from './intervals';

/** Takes from the list until the slice is full, one after the other; at least one. Returns how many. */
export function takeSlice<T>(
  list: readonly T[],
  from: number,
  sliceMs: number,
  work: (one: T) => void,
): number {
  const begin = performance.now();
  let at = from;
  while (at < list.length && at - from < sliceSeries) {
    work(list[at] as T);
    at++;
    if (performance.now() - begin > sliceMs) break;
  }
  return at - from;
}

/** Ranges of ids that are deleted at once, so that none holds more than some rows. */
export const idsPerDelete = 512;
