// What waits to be sent over OTLP: the requests of the newest export. Later numbers say what earlier ones said: those are dropped, and counted.
import type { Waiting } from '@/server/health/reporter/buffer';
import type { WaitingFor } from '@/server/health/reporter/endpoint';

export class LatestExport implements WaitingFor {
  /** Nothing is written to the disk. */
  readonly failure = null;
  #waiting: Waiting[] = [];
  /** On its way, or to be tried again. */
  #tried: Waiting | null = null;
  #dropped = 0;
  #refused = 0;

  /** @param bodies of one export, compressed, in place of what waits of the one before */
  put(atMs: number, bodies: readonly Buffer[]): void {
    this.#dropped += this.#waiting.filter((one) => one !== this.#tried).length;
    const name = String(atMs).padStart(15, '0');
    this.#waiting = bodies.map((body) => ({ name, bytes: body.length, held: body }));
  }

  get first(): Waiting | null {
    return this.#waiting[0] ?? null;
  }

  get count(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get dropped(): number {
    return this.#dropped;
  }

  get refused(): number {
    return this.#refused;
  }

  async read(one: Waiting): Promise<Buffer | null> {
    // What was replaced while it was tried, and not taken, is dropped as well.
    if (this.#tried && this.#tried !== one && !this.#waiting.includes(this.#tried)) this.#dropped++;
    this.#tried = one;
    return one.held;
  }

  async done(one: Waiting): Promise<void> {
    this.#tried = null;
    this.#waiting = this.#waiting.filter((other) => other !== one);
  }

  async giveUp(one: Waiting): Promise<void> {
    await this.done(one);
    this.#refused++;
  }
}
