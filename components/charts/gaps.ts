// Where nothing was recorded a chart has a gap: points that are farther apart than points of the series are get an empty one between. Pure.

/** So many steps without a point are a gap: one late or lost tick is none. */
const GAP_STEPS = 2.5;

type Columns = { timesMs: number[]; values: (number | null)[][] };

/** @param stepMs how far apart points are; null: as far as most of them are */
export function withGaps({ timesMs, values }: Columns, stepMs: number | null): Columns {
  const step = stepMs ?? median(distances(timesMs));
  const breaks = new Set<number>();
  for (let i = 1; i < timesMs.length; i++)
    if (timesMs[i]! - timesMs[i - 1]! > GAP_STEPS * step) breaks.add(i);
  if (step === 0 || breaks.size === 0) return { timesMs, values };
  const times: number[] = [];
  for (const [i, at] of timesMs.entries()) {
    if (breaks.has(i)) times.push(timesMs[i - 1]! + step);
    times.push(at);
  }
  return {
    timesMs: times,
    values: values.map((column) =>
      column.flatMap((value, i): (number | null)[] => (breaks.has(i) ? [null, value] : [value])),
    ),
  };
}

const distances = (times: number[]): number[] => times.slice(1).map((at, i) => at - times[i]!);

function median(numbers: number[]): number {
  if (numbers.length === 0) return 0;
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

/** Points with nothing on either side, which a line alone would not show. */
export function lonePoints(values: readonly (number | null | undefined)[]): number[] {
  const known = (i: number) => values[i] !== null && values[i] !== undefined;
  return [...values.keys()].filter((i) => known(i) && !known(i - 1) && !known(i + 1));
}
