// Reads the primitive types of Kafka's protocol from a buffer. Every length is checked against what is left: hostile bytes give a DecodeError.
import { keepShape } from '@/lib/keep-shape';
import { DecodeError } from './errors';

export class Reader {
  readonly buffer: Buffer;
  position: number;
  readonly end: number;
  /** Reads 64-bit numbers in one step; Buffer puts them together from two halves. */
  readonly #view: DataView;

  constructor(buffer: Buffer, position = 0, end = buffer.length) {
    this.buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    this.position = position;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  #take(bytes: number): number {
    const at = this.position;
    if (bytes < 0 || bytes > this.end - at) {
      throw new DecodeError(`needs ${bytes} bytes at position ${at}, but only ${this.end - at} are left`);
    }
    this.position = at + bytes;
    return at;
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }
  bool(): boolean {
    return this.buffer[this.#take(1)] !== 0;
  }
  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  int8(): number {
    return this.#view.getInt8(this.#take(1));
  }
  int16(): number {
    return this.#view.getInt16(this.#take(2));
  }
  int32(): number {
    return this.#view.getInt32(this.#take(4));
  }
  /** Of compressed payloads only: the protocol itself is big-endian. */
  uint32le(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }
  uuid(): string {
    const at = this.#take(16);
    return this.buffer.toString('hex', at, at + 16);
  }

  /** Unsigned varint of at most 32 bits. */
  uvarint(): number {
    const first = this.buffer[this.position] as number;
    // Nearly all of them: lengths of keys, counts of tags.
    if (this.position < this.end && first < 0x80) {
      this.position++;
      return first;
    }
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer[this.#take(1)] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new DecodeError(`varint too long at position ${this.position}`);
  }

  /** Zig-zag varint of 32 bits. */
  varint(): number {
    const raw = this.uvarint();
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }

  /** Zig-zag varint of 64 bits. */
  varlong(): bigint {
    let low = 0;
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      const byte = this.buffer[this.#take(1)] as number;
      if (i < 4) low += (byte & 0x7f) * 2 ** (7 * i);
      else {
        if (i === 4) value = BigInt(low);
        value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      }
      if (byte < 0x80) {
        if (i < 4) value = BigInt(low);
        value = BigInt.asUintN(64, value);
        return (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
      }
    }
    throw new DecodeError(`varlong too long at position ${this.position}`);
  }

  #text(length: number): string {
    const at = this.#take(length);
    return this.buffer.toString('utf8', at, at + length);
  }
  nullableString(): string | null {
    const length = this.int16();
    if (length === -1) return null;
    return this.#text(length);
  }
  string(): string {
    const value = this.nullableString();
    if (value === null) throw new DecodeError(`null string at position ${this.position}`);
    return value;
  }
  compactNullableString(): string | null {
    const length = this.uvarint();
    if (length === 0) return null;
    return this.#text(length - 1);
  }
  compactString(): string {
    const value = this.compactNullableString();
    if (value === null) throw new DecodeError(`null string at position ${this.position}`);
    return value;
  }

  /** A view, not a copy. */
  view(length: number): Buffer {
    const at = this.#take(length);
    return this.buffer.subarray(at, at + length);
  }
  nullableBytes(): Buffer | null {
    const length = this.int32();
    return length === -1 ? null : this.view(length);
  }
  compactNullableBytes(): Buffer | null {
    const length = this.uvarint();
    return length === 0 ? null : this.view(length - 1);
  }

  #count(count: number): number {
    // Each element takes at least one byte, so a larger count cannot be honest.
    if (count < 0 || count > this.remaining) {
      throw new DecodeError(
        `array of ${count} elements at position ${this.position}, but only ${this.remaining} bytes are left`,
      );
    }
    return count;
  }
  /** Null arrays read as empty. */
  array<T>(item: () => T): T[] {
    const items: T[] = [];
    this.each(() => items.push(item()));
    return items;
  }
  /** As `array`, for who keeps the elements otherwise, or not at all. */
  each(item: () => void): void {
    for (let left = this.count(); left > 0; left--) item();
  }
  /** How many elements follow. For the longest lists, in a loop: a function that is made for each answer is compiled for each. */
  count(): number {
    const count = this.int32();
    return count === -1 ? 0 : this.#count(count);
  }
  compactArray<T>(item: () => T): T[] {
    const items: T[] = [];
    for (let left = this.compactCount(); left > 0; left--) items.push(item());
    return items;
  }
  /** As `count`. */
  compactCount(): number {
    const count = this.uvarint();
    return count === 0 ? 0 : this.#count(count - 1);
  }

  /** Skips the tagged fields of a flexible structure. */
  tags(): void {
    const count = this.uvarint();
    for (let i = 0; i < count; i++) {
      this.uvarint();
      this.skip(this.uvarint());
    }
  }
  /** Reads tagged fields; `field` gets each tag with a reader that ends where the field ends. */
  taggedFields(field: (tag: number, reader: Reader) => void): void {
    const count = this.uvarint();
    for (let i = 0; i < count; i++) {
      const tag = this.uvarint();
      const size = this.uvarint();
      const at = this.#take(size);
      field(tag, new Reader(this.buffer, at, at + size));
    }
  }
}

keepShape(new Reader(Buffer.alloc(0)));
