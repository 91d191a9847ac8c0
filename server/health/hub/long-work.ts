/**
 * Does long work bit by bit, one after the other in the order in which it came, so that whatever else the thread has to do is done in
 * between. Knows nothing of what it does. No I/O.
 */
import type { Steps } from '@/server/steps';

type Job = {
  of: string;
  steps: Steps<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
};

/** Others wait for about this long. */
const sliceMs = 8;

export class LongWork {
  /** The first is under way. */
  readonly #jobs: Job[] = [];
  #isDue = false;

  /** Whether there is work of theirs. */
  has(of: string): boolean {
    return this.#jobs.some((job) => job.of === of);
  }

  /** @returns what the work returns; it fails as the work does, or as it is told to by `drop` */
  add<T>(of: string, steps: Steps<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ of, steps, resolve: resolve as Job['resolve'], reject });
      this.#sliceSoon();
    });
  }

  /** Ends work of theirs where it is. @param of null: of all */
  drop(of: string | null, why: Error): void {
    for (const job of this.#jobs.filter((one) => of === null || one.of === of)) {
      this.#jobs.splice(this.#jobs.indexOf(job), 1);
      job.steps.return(undefined);
      job.reject(why);
    }
  }

  #slice(): void {
    const untilMs = performance.now() + sliceMs;
    for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
      try {
        const { done, value } = job.steps.next();
        if (done) this.#jobs.shift();
        if (done) job.resolve(value);
      } catch (error) {
        this.#jobs.shift();
        job.reject(error);
      }
      if (performance.now() >= untilMs) break;
    }
    if (this.#jobs.length > 0) this.#sliceSoon();
  }

  /** Never two at a time: others would wait for both. */
  #sliceSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#slice();
    });
  }
}
