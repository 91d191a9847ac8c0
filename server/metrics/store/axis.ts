// The ticks of several parts on one axis of time. Parts may overlap where a clock was set back: the newer part's samples count.

type Part = { readonly times: readonly number[]; valuesOf(seriesId: number): Float64Array };
export type Axis = {
  /** Ascending, each once. */
  readonly timesMs: Float64Array;
  /** The samples of a series at these times; NaN where there is none. */
  valuesOf(seriesId: number): Float64Array;
};

/** @param parts the older first */
export function axisOf(parts: readonly Part[], fromMs: number, toMs: number): Axis {
  const all: number[] = [];
  for (const part of parts) for (const atMs of part.times) if (atMs >= fromMs && atMs <= toMs) all.push(atMs);
  const sorted = Float64Array.from(all).sort();
  const timesMs = sorted.filter((atMs, i) => i === 0 || atMs !== sorted[i - 1]);
  const placed = parts.map((part) => ({ part, places: part.times.map((atMs) => placeOf(timesMs, atMs)) }));
  return {
    timesMs,
    valuesOf(seriesId) {
      const values = new Float64Array(timesMs.length).fill(Number.NaN);
      for (const { part, places } of placed) {
        const own = part.valuesOf(seriesId);
        for (let tick = 0; tick < own.length; tick++) {
          const place = places[tick] as number;
          const value = own[tick] as number;
          if (place >= 0 && !Number.isNaN(value)) values[place] = value;
        }
      }
      return values;
    },
  };
}

/** −1 when it is not among them. */
function placeOf(timesMs: Float64Array, atMs: number): number {
  let low = 0;
  let high = timesMs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = timesMs[middle] as number;
    if (found === atMs) return middle;
    if (found < atMs) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
