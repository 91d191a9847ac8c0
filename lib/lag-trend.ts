// Reads a lag history: is it growing, shrinking, how long until it is gone? Pure; times come with the samples.

export type LagTrend =
  | { kind: 'unknown' }
  | { kind: 'in-step' }
  | { kind: 'steady' }
  | { kind: 'growing'; messagesPerSecond: number }
  | { kind: 'shrinking'; messagesPerSecond: number; secondsLeft: number };

/** How far back a trend looks, and how many samples it needs before it says anything. */
const WINDOW_MS = 60_000;
const MIN_SAMPLES = 4;
/** A change below this share of the lag over the window is noise. */
const STEADY_SHARE = 0.05;

/**
 * Fits a line through the lag of the last minute.
 *
 * @param timesMs     sample times, oldest first
 * @param lagMessages lag in messages per sample, null where unknown
 * @param current     the lag of now, which may be newer than the last sample
 */
export function lagTrend(
  timesMs: number[],
  lagMessages: (number | null)[],
  current: string | null,
): LagTrend {
  if (current === '0') return { kind: 'in-step' };
  const last = timesMs.at(-1);
  const now = lagMessages.at(-1);
  if (last === undefined || now === undefined || now === null) return { kind: 'unknown' };
  if (now === 0) return { kind: 'in-step' };
  const points: [seconds: number, lag: number][] = [];
  for (let i = timesMs.length - 1; i >= 0; i--) {
    const at = timesMs[i]!;
    if (last - at > WINDOW_MS) break;
    const lag = lagMessages[i];
    if (lag !== null && lag !== undefined) points.push([(at - last) / 1000, lag]);
  }
  if (points.length < MIN_SAMPLES) return { kind: 'unknown' };
  const slope = leastSquaresSlope(points);
  const spanSeconds = Math.abs(points.at(-1)![0]);
  if (spanSeconds === 0) return { kind: 'unknown' };
  if (Math.abs(slope) * spanSeconds < now * STEADY_SHARE) return { kind: 'steady' };
  return slope > 0
    ? { kind: 'growing', messagesPerSecond: slope }
    : { kind: 'shrinking', messagesPerSecond: -slope, secondsLeft: now / -slope };
}

function leastSquaresSlope(points: [number, number][]): number {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let over = 0;
  let under = 0;
  for (const [x, y] of points) {
    over += (x - meanX) * (y - meanY);
    under += (x - meanX) ** 2;
  }
  return under === 0 ? 0 : over / under;
}
