// Cuts the byte stream of a connection into response frames. Large frames are received straight into pooled slabs, small ones copied into buffers of their own.
import { DecodeError } from './errors';
import type { Slab, SlabPool } from './slab';

export type Frame = { buffer: Buffer; slab: Slab | null };

/** Frames below this size aren't worth a slab. */
const SLAB_MIN_BYTES = 16_384;
/** Less than this of a frame is copied: a landing buffer takes the next frames in the same read. */
const ROOM_MIN_BYTES = 32_768;

export class FrameAssembler {
  readonly #maxBytes: number;
  readonly #pool: SlabPool | null;
  readonly #onFrame: (frame: Frame) => void;
  readonly #prefix = Buffer.alloc(4);
  #prefixFilled = 0;
  #body: Buffer | null = null;
  #slab: Slab | null = null;
  #filled = 0;
  /** Handed out for the next bytes. */
  #room: Buffer | null = null;

  constructor(options: { maxBytes: number; pool: SlabPool | null; onFrame: (frame: Frame) => void }) {
    this.#maxBytes = options.maxBytes;
    this.#pool = options.pool;
    this.#onFrame = options.onFrame;
  }

  /**
   * Where the next bytes should be received: what a large frame still lacks, and not a byte more. Null when any buffer will do.
   * Holds until the next push or dispose.
   */
  room(): Buffer | null {
    const body = this.#slab === null ? null : this.#body;
    this.#room =
      body !== null && body.length - this.#filled >= ROOM_MIN_BYTES ? body.subarray(this.#filled) : null;
    return this.#room;
  }

  /**
   * Takes the first `size` bytes of a buffer, which the caller may use again afterwards, or of the `room` they were received in.
   * @throws DecodeError for an impossible length
   */
  push(chunk: Buffer, size = chunk.length): void {
    if (chunk === this.#room) {
      this.#filled += size;
      const body = this.#body as Buffer;
      if (this.#filled === body.length) this.#finish(body);
      return;
    }
    let at = 0;
    while (at < size) {
      if (this.#body === null) {
        while (this.#prefixFilled < 4 && at < size)
          this.#prefix[this.#prefixFilled++] = chunk[at++] as number;
        if (this.#prefixFilled < 4) return;
        this.#begin(this.#prefix.readInt32BE(0));
      }
      const body = this.#body as Buffer | null;
      if (body === null) continue;
      const copied = chunk.copy(body, this.#filled, at, Math.min(size, at + body.length - this.#filled));
      at += copied;
      this.#filled += copied;
      if (this.#filled === body.length) this.#finish(body);
    }
  }

  #begin(size: number): void {
    if (size < 4 || size > this.#maxBytes) {
      throw new DecodeError(
        `the peer announces a frame of ${size} bytes (4 to ${this.#maxBytes} are possible); is this a Kafka listener of this security protocol?`,
      );
    }
    this.#filled = 0;
    if (this.#pool && size >= SLAB_MIN_BYTES) {
      this.#slab = this.#pool.take(size);
      this.#body = this.#slab.buffer.subarray(0, size);
    } else {
      this.#body = Buffer.allocUnsafe(size);
    }
  }

  #finish(body: Buffer): void {
    const slab = this.#slab;
    this.#body = null;
    this.#slab = null;
    this.#room = null;
    this.#prefixFilled = 0;
    this.#onFrame({ buffer: body, slab });
  }

  /** Gives back a half-received slab when the connection ends. */
  dispose(): void {
    this.#slab?.release();
    this.#slab = null;
    this.#body = null;
    this.#room = null;
    this.#prefixFilled = 0;
  }
}
