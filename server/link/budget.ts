// The memory of one link: slabs in use and fetches on their way never exceed the budget, except for a single answer that is larger than it.
import { SlabPool } from '@/server/kafka/wire/slab';

export class MemoryBudget {
  readonly pool: SlabPool;
  #limitBytes: number;
  #reservedBytes = 0;
  readonly #waiting: { bytes: number; admit: () => void }[] = [];

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.pool = new SlabPool(limitBytes);
    this.pool.onRelease = () => this.#next();
  }

  get inUseBytes(): number {
    return this.pool.inUseBytes + this.#reservedBytes;
  }
  get limitBytes(): number {
    return this.#limitBytes;
  }
  setLimit(limitBytes: number): void {
    this.#limitBytes = limitBytes;
    this.#next();
  }
  /** Fetches that wait for memory. */
  get waiting(): number {
    return this.#waiting.length;
  }

  #fits(bytes: number): boolean {
    return this.inUseBytes === 0 || this.inUseBytes + bytes <= this.#limitBytes;
  }

  /** Room for one fetch response of about `bytes`; first come, first served. The caller gives the reservation back when the response is there. */
  async reserve(bytes: number): Promise<() => void> {
    if (this.#waiting.length > 0 || !this.#fits(bytes)) {
      await new Promise<void>((admit) => this.#waiting.push({ bytes, admit }));
    } else {
      this.#reservedBytes += bytes;
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#reservedBytes -= bytes;
      this.#next();
    };
  }

  #next(): void {
    for (let first = this.#waiting[0]; first && this.#fits(first.bytes); first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#reservedBytes += first.bytes;
      first.admit();
    }
  }
}
