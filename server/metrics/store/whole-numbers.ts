// Lists of times and of series ids, small: differences as varints, deflated. Any order, ±2^51.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { VarintReader, VarintWriter } from './varint';

export function encodeWholeNumbers(numbers: readonly number[]): Buffer {
  const writer = new VarintWriter(numbers.length * 2 + 8);
  writer.unsigned(numbers.length);
  let before = 0;
  for (const number of numbers) {
    writer.signed(number - before);
    before = number;
  }
  return deflateRawSync(writer.bytes());
}

/** @throws when the bytes are damaged */
export function decodeWholeNumbers(bytes: Uint8Array): number[] {
  const reader = new VarintReader(inflateRawSync(bytes));
  const numbers = new Array<number>(reader.unsigned());
  let before = 0;
  for (let i = 0; i < numbers.length; i++) {
    before += reader.signed();
    numbers[i] = before;
  }
  return numbers;
}
