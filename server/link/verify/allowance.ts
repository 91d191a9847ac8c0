// Paces what verification reads: bytes taken now are waited for before the next read. Pure; the clock is handed in.

/** A debt is forgotten beyond this: one huge batch must not silence verification for hours. */
const MAX_DEBT_MS = 60_000;

export class Allowance {
  #freeAtMs = 0;

  /** @param bytesPerSecond 0: nothing is allowed */
  spend(bytes: number, bytesPerSecond: number, nowMs: number): void {
    const from = Math.max(nowMs, this.#freeAtMs);
    const cost = bytesPerSecond > 0 ? (bytes / bytesPerSecond) * 1000 : MAX_DEBT_MS;
    this.#freeAtMs = Math.min(from + cost, nowMs + MAX_DEBT_MS);
  }

  /** Nothing is read for so long. */
  hold(ms: number, nowMs: number): void {
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs + Math.min(ms, MAX_DEBT_MS));
  }

  /** 0: now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#freeAtMs - nowMs);
  }
}

/**
 * What background verification may read, of both sides together.
 * @param throughput bytes that the link has mirrored in the last second
 * @param percent share of it; 0 is off
 * @param floor what is read all the same while little is mirrored
 * @param throttle link.throttle.bytes.per.second: whoever limits the link limits this, too
 */
export function budgetBytesPerSecond(
  throughput: number,
  percent: number,
  floor: number,
  throttle: number | null,
): number {
  if (percent === 0) return 0;
  const share = percent / 100;
  const least = throttle === null ? floor : Math.min(floor, throttle * share);
  return Math.max(throughput * share, least);
}
