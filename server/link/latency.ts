// Replication latency: record timestamp → acknowledged at the destination. Over the last minute in steps of 5 %, and since the engine started in few buckets.
import { LATENCY_BOUNDS_SECONDS } from '@/lib/contracts/engine';
import { LATENCY_WINDOW_MS } from './defaults';

const BUCKETS = 320;
const GROWTH = Math.log(1.05);
const SLOT_MS = 5_000;
const SLOTS = LATENCY_WINDOW_MS / SLOT_MS;

export class LatencyWindow {
  readonly #slots: { at: number; counts: Uint32Array }[] = [];
  readonly #since = new Float64Array(LATENCY_BOUNDS_SECONDS.length + 1);
  #sumSeconds = 0;

  /** Backfills of old records say nothing about latency: only what is younger than the window counts. */
  record(latencyMs: number, nowMs: number): void {
    if (latencyMs > LATENCY_WINDOW_MS) return;
    const seconds = latencyMs / 1000;
    let at = 0;
    while (at < LATENCY_BOUNDS_SECONDS.length && seconds > (LATENCY_BOUNDS_SECONDS[at] as number)) at++;
    this.#since[at] = (this.#since[at] as number) + 1;
    this.#sumSeconds += seconds;
    const slotAt = Math.floor(nowMs / SLOT_MS);
    let slot = this.#slots.at(-1);
    if (slot?.at !== slotAt) {
      slot = { at: slotAt, counts: new Uint32Array(BUCKETS) };
      this.#slots.push(slot);
      while (this.#slots.length > SLOTS) this.#slots.shift();
    }
    const bucket =
      latencyMs <= 0.1 ? 0 : Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(latencyMs / 0.1) / GROWTH));
    slot.counts[bucket] = (slot.counts[bucket] as number) + 1;
  }

  /** Since the engine started; every sample is in exactly one bucket. */
  histogram(): { counts: number[]; sumSeconds: number } {
    return { counts: [...this.#since], sumSeconds: this.#sumSeconds };
  }

  /** Null without a sample in the window. */
  percentiles(nowMs: number): { p50: number; p99: number } | null {
    const oldest = Math.floor(nowMs / SLOT_MS) - SLOTS;
    const sum = new Uint32Array(BUCKETS);
    let total = 0;
    for (const slot of this.#slots) {
      if (slot.at <= oldest) continue;
      for (let i = 0; i < BUCKETS; i++) {
        sum[i] = (sum[i] as number) + (slot.counts[i] as number);
        total += slot.counts[i] as number;
      }
    }
    if (total === 0) return null;
    const at = (share: number) => {
      let left = Math.ceil(total * share);
      for (let i = 0; i < BUCKETS; i++) {
        left -= sum[i] as number;
        if (left <= 0) return Math.round(0.1 * Math.exp(GROWTH * i) * 10) / 10;
      }
      return LATENCY_WINDOW_MS;
    };
    return { p50: at(0.5), p99: at(0.99) };
  }
}
