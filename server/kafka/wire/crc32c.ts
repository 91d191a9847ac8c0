// CRC-32C of record batches. Restamping changes a few header bytes only, so the new checksum is derived from the old one: CRC is linear,
// crc(new) = crc(old) xor shift(crc(difference), bytes behind it). The payload isn't read, and damage done to it before it reached us still fails the destination's check.
import { crc32c as nativeCrc32c } from '@node-rs/crc32';

const POLYNOMIAL = 0x82f63b78;

const BYTE_TABLE = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  BYTE_TABLE[n] = crc >>> 0;
}

/** One table per power of two: SHIFT[k] moves a raw CRC over 2^k zero bytes, as four look-ups (the map is linear in the register's bytes). */
const SHIFT_POWERS = 28;
const SHIFT: Uint32Array[] = [];

function applyShift(table: Uint32Array, crc: number): number {
  return (
    ((table[crc & 0xff] as number) ^
      (table[256 + ((crc >>> 8) & 0xff)] as number) ^
      (table[512 + ((crc >>> 16) & 0xff)] as number) ^
      (table[768 + (crc >>> 24)] as number)) >>>
    0
  );
}

for (let power = 0; power < SHIFT_POWERS; power++) {
  const table = new Uint32Array(1024);
  const previous = SHIFT[power - 1];
  for (let byte = 0; byte < 4; byte++) {
    for (let value = 0; value < 256; value++) {
      const crc = (value << (8 * byte)) >>> 0;
      table[256 * byte + value] = previous
        ? applyShift(previous, applyShift(previous, crc))
        : ((crc >>> 8) ^ (BYTE_TABLE[crc & 0xff] as number)) >>> 0;
    }
  }
  SHIFT.push(table);
}

/** Raw CRC (no initial value, no final xor) of what `crc` stands for, followed by `zeros` zero bytes (below 2^28). */
export function shiftCrc(crc: number, zeros: number): number {
  let shifted = crc;
  for (let power = 0, rest = zeros; rest !== 0; power++, rest >>>= 1) {
    if (rest & 1) shifted = applyShift(SHIFT[power] as Uint32Array, shifted);
  }
  return shifted;
}

/** Raw CRC of one more byte. */
export function stepCrc(crc: number, byte: number): number {
  return ((crc >>> 8) ^ (BYTE_TABLE[(crc ^ byte) & 0xff] as number)) >>> 0;
}

/** CRC-32C as Kafka stores it. */
export function crc32c(bytes: Uint8Array): number {
  return nativeCrc32c(bytes) >>> 0;
}
