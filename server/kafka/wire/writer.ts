// Writes the primitive types of Kafka's protocol. Large payloads are kept as views beside the written bytes, so that nothing is copied before writev.

import { keepShape } from '@/lib/keep-shape';

export class Writer {
  #buffer: Buffer;
  /** Where the bytes behind the last part begin. */
  #start = 0;
  #position = 0;
  #sealed: Buffer[] = [];
  #sealedBytes = 0;

  constructor(size = 512) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  #room(bytes: number): number {
    const at = this.#position;
    if (at + bytes > this.#buffer.length) return this.#grow(bytes);
    this.#position = at + bytes;
    return at;
  }
  #grow(bytes: number): number {
    const used = this.#position - this.#start;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, used + bytes));
    this.#buffer.copy(grown, 0, this.#start, this.#position);
    this.#buffer = grown;
    this.#start = 0;
    this.#position = used + bytes;
    return used;
  }

  bool(value: boolean): this {
    const at = this.#room(1);
    this.#buffer[at] = value ? 1 : 0;
    return this;
  }
  int8(value: number): this {
    const at = this.#room(1);
    this.#buffer.writeInt8(value, at);
    return this;
  }
  int16(value: number): this {
    const at = this.#room(2);
    this.#buffer.writeInt16BE(value, at);
    return this;
  }
  int32(value: number): this {
    const at = this.#room(4);
    this.#buffer.writeInt32BE(value, at);
    return this;
  }
  int64(value: bigint): this {
    const at = this.#room(8);
    // In two halves: Buffer makes eight new bigints of one.
    this.#buffer.writeInt32BE(Number(BigInt.asIntN(32, value >> 32n)), at);
    this.#buffer.writeInt32BE(Number(BigInt.asIntN(32, value)), at + 4);
    return this;
  }
  uuid(hex: string): this {
    const at = this.#room(16);
    this.#buffer.write(hex, at, 16, 'hex');
    return this;
  }
  uvarint(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      const at = this.#room(1);
      this.#buffer[at] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    const at = this.#room(1);
    this.#buffer[at] = rest;
    return this;
  }
  varint(value: number): this {
    return this.uvarint(value >= 0 ? value * 2 : -value * 2 - 1);
  }
  varlong(value: bigint): this {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    while (rest >= 0x80n) {
      this.uint8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    return this.uint8(Number(rest));
  }
  uint8(value: number): this {
    const at = this.#room(1);
    this.#buffer[at] = value;
    return this;
  }
  string(value: string): this {
    const length = Buffer.byteLength(value);
    this.int16(length);
    const at = this.#room(length);
    this.#buffer.write(value, at, length, 'utf8');
    return this;
  }
  nullableString(value: string | null): this {
    return value === null ? this.int16(-1) : this.string(value);
  }
  compactString(value: string): this {
    const length = Buffer.byteLength(value);
    this.uvarint(length + 1);
    const at = this.#room(length);
    this.#buffer.write(value, at, length, 'utf8');
    return this;
  }
  compactNullableString(value: string | null): this {
    return value === null ? this.uvarint(0) : this.compactString(value);
  }
  bytes(value: Buffer): this {
    this.int32(value.length);
    return this.copy(value);
  }
  compactBytes(value: Buffer): this {
    this.uvarint(value.length + 1);
    return this.copy(value);
  }
  copy(value: Buffer): this {
    const at = this.#room(value.length);
    value.copy(this.#buffer, at);
    return this;
  }
  /** Keeps a view of `value`, which must stay unchanged until it has been sent. Small ones are copied. */
  attach(value: Buffer): this {
    if (value.length < 1024) return this.copy(value);
    this.#seal();
    this.#sealed.push(value);
    this.#sealedBytes += value.length;
    return this;
  }
  array<T>(items: readonly T[], item: (value: T) => void): this {
    this.int32(items.length);
    for (const value of items) item(value);
    return this;
  }
  compactArray<T>(items: readonly T[], item: (value: T) => void): this {
    this.uvarint(items.length + 1);
    for (const value of items) item(value);
    return this;
  }
  /** No tagged fields. */
  tags(): this {
    return this.uvarint(0);
  }

  #seal(): void {
    if (this.#position === this.#start) return;
    this.#sealed.push(this.#buffer.subarray(this.#start, this.#position));
    this.#sealedBytes += this.#position - this.#start;
    this.#start = this.#position;
  }

  get length(): number {
    return this.#sealedBytes + this.#position - this.#start;
  }

  /** Everything written so far, in order. The writer must not be used afterwards. */
  parts(): Buffer[] {
    this.#seal();
    return this.#sealed;
  }
  toBuffer(): Buffer {
    const parts = this.parts();
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }
}

keepShape(new Writer(0));
