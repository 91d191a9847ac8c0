// Receive buffers that are reused instead of left to the garbage collector: fresh pages cost four fifths of the receive time.
// A slab returns to its pool when the last batch in it has been acknowledged; the pool knows how many bytes are in use.

const SMALLEST_CLASS_BYTES = 65_536;
const LARGEST_CLASS_BYTES = 16_777_216;

export class Slab {
  readonly buffer: Buffer;
  readonly bytes: number;
  #references = 1;
  readonly #pool: SlabPool;

  constructor(pool: SlabPool, buffer: Buffer) {
    this.#pool = pool;
    this.buffer = buffer;
    this.bytes = buffer.length;
  }
  retain(): void {
    if (this.#references <= 0) throw new Error('a slab was used after its release');
    this.#references++;
  }
  release(): void {
    if (this.#references <= 0) throw new Error('a slab was released twice');
    if (--this.#references === 0) this.#pool.reclaim(this);
  }
}

export class SlabPool {
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;
  readonly #keepBytes: number;
  #inUseBytes = 0;
  /** Called after each release, so that readers waiting for memory can go on. */
  onRelease: (() => void) | null = null;

  /** @param keepBytes free slabs are kept for reuse as long as they and those in use stay below this */
  constructor(keepBytes: number) {
    this.#keepBytes = keepBytes;
  }

  get inUseBytes(): number {
    return this.#inUseBytes;
  }

  take(size: number): Slab {
    const bytes = classOf(size);
    const list = this.#free.get(bytes);
    const reused = list?.pop();
    if (reused) this.#freeBytes -= bytes;
    else this.#makeRoom(bytes);
    this.#inUseBytes += bytes;
    // The class above the largest is exact, and not kept.
    return new Slab(this, reused ?? Buffer.allocUnsafeSlow(bytes));
  }

  /** Before new memory is taken: free slabs of other sizes, kept for answers as they were before, must not come on top of it. */
  #makeRoom(bytes: number): void {
    for (const [size, list] of this.#free) {
      while (list.length > 0 && this.#inUseBytes + this.#freeBytes + bytes > this.#keepBytes) {
        list.pop();
        this.#freeBytes -= size;
      }
    }
  }

  reclaim(slab: Slab): void {
    this.#inUseBytes -= slab.bytes;
    if (
      slab.bytes <= LARGEST_CLASS_BYTES &&
      this.#inUseBytes + this.#freeBytes + slab.bytes <= this.#keepBytes
    ) {
      const list = this.#free.get(slab.bytes);
      if (list) list.push(slab.buffer);
      else this.#free.set(slab.bytes, [slab.buffer]);
      this.#freeBytes += slab.bytes;
    }
    this.onRelease?.();
  }
}

/** Powers of two; above the largest class the exact size. */
function classOf(size: number): number {
  if (size > LARGEST_CLASS_BYTES) return size;
  let bytes = SMALLEST_CLASS_BYTES;
  while (bytes < size) bytes *= 2;
  return bytes;
}
