/**
 * Samples put together over equal steps of time: lowest, highest, mean, last, how many. And the form in which 5-minute buckets of one
 * series and day are kept: whole and decimal numbers exactly, other fractions to 7 digits, the mean to 1/255 of its bucket's spread.
 */

import { decimalPlaces, decodeValues, encodeValues } from './values-codec';
import { VarintReader, VarintWriter } from './varint';

export class Buckets {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly length: number;
  readonly count: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  readonly last: Float64Array;
  readonly #lastAtMs: Float64Array;

  /** @param fromMs a multiple of the step */
  constructor(fromMs: number, stepMs: number, length: number) {
    this.fromMs = fromMs;
    this.stepMs = stepMs;
    this.length = length;
    this.count = new Float64Array(length);
    this.sum = new Float64Array(length);
    const unknown = () => new Float64Array(length).fill(Number.NaN);
    this.min = unknown();
    this.max = unknown();
    this.last = unknown();
    this.#lastAtMs = new Float64Array(length).fill(Number.NEGATIVE_INFINITY);
  }

  add(atMs: number, value: number): void {
    if (!Number.isNaN(value)) this.#merge(atMs, 1, value, value, value, value);
  }

  /** Adds buckets of a shorter step; what is outside is left out. */
  addAll(other: Buckets): void {
    for (let i = 0; i < other.length; i++) {
      const count = other.count[i] as number;
      if (count === 0) continue;
      this.#merge(
        other.fromMs + i * other.stepMs,
        count,
        other.sum[i] as number,
        other.min[i] as number,
        other.max[i] as number,
        other.last[i] as number,
      );
    }
  }

  mean(i: number): number {
    const count = this.count[i] as number;
    if (count === 0) return Number.NaN;
    if (this.min[i] === this.max[i]) return this.min[i] as number;
    return (this.sum[i] as number) / count;
  }

  #merge(atMs: number, count: number, sum: number, min: number, max: number, last: number): void {
    const i = Math.floor((atMs - this.fromMs) / this.stepMs);
    if (i < 0 || i >= this.length) return;
    const empty = this.count[i] === 0;
    this.count[i] = (this.count[i] as number) + count;
    this.sum[i] = (this.sum[i] as number) + sum;
    if (empty || min < (this.min[i] as number)) this.min[i] = min;
    if (empty || max > (this.max[i] as number)) this.max[i] = max;
    if (atMs < (this.#lastAtMs[i] as number)) return;
    this.last[i] = last;
    this.#lastAtMs[i] = atMs;
  }
}

const meanSteps = 255;

export function encodeBuckets(buckets: Buckets): Buffer {
  const means = new Float64Array(buckets.length).fill(Number.NaN);
  const counts = new Float64Array(buckets.length).fill(Number.NaN);
  for (let i = 0; i < buckets.length; i++) {
    const count = buckets.count[i] as number;
    if (count === 0) continue;
    counts[i] = count;
    const min = buckets.min[i] as number;
    const spread = (buckets.max[i] as number) - min;
    means[i] = spread === 0 ? 0 : Math.round(((buckets.mean(i) - min) / spread) * meanSteps);
  }
  const fields = [counts, ...[buckets.min, buckets.max, buckets.last].map(sevenDigits), means].map(
    encodeValues,
  );
  const lengths = new VarintWriter();
  for (const field of fields) lengths.unsigned(field.length);
  return Buffer.concat([lengths.bytes(), ...fields]);
}

/** @throws when the bytes are damaged */
export function decodeBuckets(bytes: Buffer, fromMs: number, stepMs: number, length: number): Buckets {
  const reader = new VarintReader(bytes);
  const lengths = Array.from({ length: 5 }, () => reader.unsigned());
  let at = reader.at;
  const [counts, min, max, last, means] = lengths.map((size) => {
    const values = decodeValues(bytes.subarray(at, at + size), length);
    at += size;
    return values;
  }) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const buckets = new Buckets(fromMs, stepMs, length);
  for (let i = 0; i < length; i++) {
    const count = counts[i] as number;
    if (Number.isNaN(count)) continue;
    const low = min[i] as number;
    const high = max[i] as number;
    buckets.count[i] = count;
    buckets.sum[i] = count * (low + ((means[i] as number) / meanSteps) * (high - low));
  }
  buckets.min.set(min);
  buckets.max.set(max);
  buckets.last.set(last);
  return buckets;
}

function sevenDigits(values: Float64Array): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  if (decimalPlaces(known) !== null) return values;
  const short = values.map(Math.fround);
  // Numbers that only a double can hold stay as they are.
  const held = (value: number, i: number) =>
    Number.isNaN(value) || (Number.isFinite(value) && (value !== 0 || values[i] === 0));
  return short.every(held) ? short : values;
}
