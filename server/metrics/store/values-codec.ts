/**
 * The values of one series over the ticks of one part, exactly, in few bytes. NaN is a gap and stays one.
 *
 *   kind (1 byte, + 16 when there are gaps) · runs of known and unknown ticks, when there are gaps · values
 *   CONSTANT  8 bytes
 *   WHOLE     decimal places (1 byte) · varints of the differences of value × 10^places; DEFLATED_WHOLE the same, deflated
 *   DOUBLES   the first bytes of all values, then the second ones, … deflated
 *
 * Measured over an hour at 10 s: offsets 1.7, lags 1.4, seconds with three decimals 1.4, quotients 7.0 bytes a value; deflated
 * doubles take 2.6, 1.5, 5.7 and 7.0. Differences of differences gain 2 % for twice the time: left out.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { VarintReader, VarintWriter } from './varint';

const CONSTANT = 0;
const WHOLE = 1;
const DEFLATED_WHOLE = 2;
const DOUBLES = 3;
const NOTHING = 4;
const WITH_GAPS = 16;

const powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
/** Differences of two stay exact, and so does twice a difference. */
const largestWhole = 2 ** 51;
/** No dictionary of 32 kB for a few hundred bytes. */
const deflateOptions = { level: 6, memLevel: 5, windowBits: 12 };

export function encodeValues(values: Float64Array): Buffer {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return Buffer.from([NOTHING]);
  const { kind, bytes } = encodeKnown(known);
  if (known.length === values.length) return Buffer.concat([Buffer.from([kind]), bytes]);
  return Buffer.concat([Buffer.from([kind + WITH_GAPS]), encodeRuns(values), bytes]);
}

/**
 * @param count how many values were encoded
 * @throws when the bytes are damaged
 */
export function decodeValues(bytes: Buffer, count: number): Float64Array {
  const first = bytes[0] ?? NOTHING;
  if (first === NOTHING) return new Float64Array(count).fill(Number.NaN);
  if (first < WITH_GAPS) return decodeKnown(first, bytes.subarray(1), count);
  const reader = new VarintReader(bytes, 1);
  const runs = Array.from({ length: reader.unsigned() }, () => reader.unsigned());
  const knownCount = runs.reduce((sum, run, i) => (i % 2 === 0 ? sum + run : sum), 0);
  const known = decodeKnown(first - WITH_GAPS, bytes.subarray(reader.at), knownCount);
  const values = new Float64Array(count).fill(Number.NaN);
  let at = 0;
  let from = 0;
  for (const [i, run] of runs.entries()) {
    if (i % 2 === 0) {
      values.set(known.subarray(from, from + run), at);
      from += run;
    }
    at += run;
  }
  return values;
}

/** Lengths of what is known, unknown, known … */
function encodeRuns(values: Float64Array): Buffer {
  const runs: number[] = [];
  let known = true;
  let length = 0;
  for (const value of values) {
    if (Number.isNaN(value) === known) {
      runs.push(length);
      known = !known;
      length = 0;
    }
    length++;
  }
  runs.push(length);
  const writer = new VarintWriter(runs.length * 2 + 8);
  writer.unsigned(runs.length);
  for (const run of runs) writer.unsigned(run);
  return writer.bytes();
}

function encodeKnown(values: Float64Array): { kind: number; bytes: Buffer } {
  const first = values[0] as number;
  if (values.every((value) => value === first)) {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleLE(first);
    return { kind: CONSTANT, bytes };
  }
  const places = decimalPlaces(values);
  if (places === null) return { kind: DOUBLES, bytes: deflateRawSync(apart(values), deflateOptions) };
  const power = powers[places] as number;
  const writer = new VarintWriter(values.length * 2 + 16);
  let before = 0;
  for (const value of values) {
    const whole = Math.round(value * power);
    writer.signed(whole - before);
    before = whole;
  }
  const plain = writer.bytes();
  const deflated = deflateRawSync(plain, deflateOptions);
  const smaller = deflated.length < plain.length;
  const head = Buffer.from([places]);
  return { kind: smaller ? DEFLATED_WHOLE : WHOLE, bytes: Buffer.concat([head, smaller ? deflated : plain]) };
}

function decodeKnown(kind: number, bytes: Buffer, count: number): Float64Array {
  if (kind === CONSTANT) return new Float64Array(count).fill(bytes.readDoubleLE(0));
  if (kind === DOUBLES) return together(inflateRawSync(bytes), count);
  if (kind !== WHOLE && kind !== DEFLATED_WHOLE) throw new RangeError(`No values are of kind ${kind}.`);
  const power = powers[bytes[0] ?? 0] ?? 1;
  const rest = bytes.subarray(1);
  const reader = new VarintReader(kind === WHOLE ? rest : inflateRawSync(rest));
  const values = new Float64Array(count);
  let whole = 0;
  for (let i = 0; i < count; i++) {
    whole += reader.signed();
    values[i] = whole / power;
  }
  return values;
}

/** The fewest with which all values come back as they were; null when there are none such. */
export function decimalPlaces(values: Float64Array): number | null {
  let places = 0;
  for (const value of values) {
    for (;;) {
      const power = powers[places];
      if (power === undefined) return null;
      const whole = Math.round(value * power);
      if (Math.abs(whole) > largestWhole) return null;
      if (whole / power === value) break;
      places++;
    }
  }
  // With more places an earlier value may have become too large, or round otherwise.
  const power = powers[places] as number;
  const back = (value: number) => {
    const whole = Math.round(value * power);
    return Math.abs(whole) <= largestWhole && whole / power === value;
  };
  return values.every(back) ? places : null;
}

function apart(values: Float64Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const out = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < values.length; i++)
    for (let k = 0; k < 8; k++) out[k * values.length + i] = bytes[i * 8 + k] as number;
  return out;
}

function together(bytes: Buffer, count: number): Float64Array {
  if (bytes.length !== count * 8) throw new RangeError('Values are cut off.');
  const values = new Float64Array(count);
  const out = Buffer.from(values.buffer);
  for (let i = 0; i < count; i++) for (let k = 0; k < 8; k++) out[i * 8 + k] = bytes[k * count + i] as number;
  return values;
}
