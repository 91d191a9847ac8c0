/**
 * Growth of a number over a window, from few kept points: of a counter, which may begin anew, and of a gauge. Plain data, so that it
 * can be stored with what it was judged for. No clock: times come with the numbers.
 */

export type Window = {
  /** The last raw number, and how often one was seen. */
  raw: number;
  seen: number;
  /** When that was; of windows that an earlier program has stored it is not known. */
  seenAtMs?: number;
  /** Of a counter: growth since the first number. */
  total: number;
  /** Times and numbers, oldest first. */
  at: number[];
  value: number[];
};

/** So many points span a window: what ages out, ages out in steps of a 24th of it. */
const pointsAcross = 24;
/** A gauge's oldest point may be this much older than the window; an older one says nothing about it. */
const oldestShare = 1.5;

export const newWindow = (): Window => ({ raw: 0, seen: 0, total: 0, at: [], value: [] });

export function push(
  window: Window,
  kind: 'counter' | 'gauge',
  number: number,
  atMs: number,
  lengthMs: number,
): void {
  backTo(window, atMs);
  let kept = number;
  if (kind === 'counter') {
    // What is smaller than before has begun anew at 0.
    if (window.seen > 0) window.total += number >= window.raw ? number - window.raw : number;
    kept = window.total;
  }
  window.raw = number;
  window.seen++;
  const last = window.at.length - 1;
  const { at, value } = window;
  if (last < 0) keep(window, atMs, kept);
  else if (kind === 'gauge') {
    if (atMs - (at[last] as number) >= lengthMs / pointsAcross) keep(window, atMs, kept);
  } else if (value[last] !== kept) {
    const sameStep = last > 0 && atMs - (at[last - 1] as number) < lengthMs / pointsAcross;
    if (sameStep) {
      at[last] = atMs;
      value[last] = kept;
    } else keep(window, atMs, kept);
  }
  forget(window, atMs - lengthMs);
}

/** Null: fewer than two numbers of a counter; no number of a gauge as old as the window. */
export function grownOver(
  window: Window,
  kind: 'counter' | 'gauge',
  atMs: number,
  lengthMs: number,
): number | null {
  const from = atMs - lengthMs;
  const oldest = lastBefore(window, from);
  if (kind === 'counter')
    return window.seen < 2 ? null : window.total - (oldest < 0 ? 0 : (window.value[oldest] as number));
  if (oldest < 0 || (window.at[oldest] as number) < atMs - lengthMs * oldestShare) return null;
  return window.raw - (window.value[oldest] as number);
}

/** The clock was set back: what is kept stays as old as it was. */
function backTo(window: Window, atMs: number): void {
  const aheadMs = (window.seenAtMs ?? atMs) - atMs;
  if (aheadMs > 0) window.at = window.at.map((one) => one - aheadMs);
  window.seenAtMs = atMs;
}

function keep(window: Window, atMs: number, value: number): void {
  window.at.push(atMs);
  window.value.push(value);
}

/** Index of the last point at or before; −1: none. */
function lastBefore({ at }: Window, atMs: number): number {
  let index = at.length - 1;
  while (index >= 0 && (at[index] as number) > atMs) index--;
  return index;
}

/** One point from before the window stays: it says where the window began. */
function forget(window: Window, beforeMs: number): void {
  const from = lastBefore(window, beforeMs);
  if (from <= 0) return;
  window.at.splice(0, from);
  window.value.splice(0, from);
}
