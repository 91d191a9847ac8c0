// Runs the demo's activities side by side for as long as the demo lives. An activity that fails is tried again: brokers
// may be restarted by whoever plays with the demo.
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 2_000;

export class Loops {
  #stop = new AbortController();
  #running: Promise<void>[] = [];
  #log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.#log = log;
    setMaxListeners(0, this.#stop.signal); // one for each pause under way
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Calls `tick` every `everyMs`, never two at once. */
  every(name: string, everyMs: number, tick: () => Promise<void>): void {
    this.#running.push(this.#repeat(name, everyMs, tick));
  }

  /** Starts something that goes on by itself; tried again until it has started. */
  once(name: string, begin: () => Promise<void>): void {
    let begun = false;
    const attempt = async () => {
      if (begun) return this.pause(3_600_000);
      await begin();
      begun = true;
    };
    this.#running.push(this.#repeat(name, 0, attempt));
  }

  /** Sleeps, but no longer than the demo lives. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #repeat(name: string, everyMs: number, tick: () => Promise<void>): Promise<void> {
    while (!this.stopped) {
      const startedAt = performance.now();
      try {
        await tick();
        await this.pause(Math.max(0, everyMs - (performance.now() - startedAt)));
      } catch (error) {
        if (this.stopped) return;
        this.#log(`${name}: ${error instanceof Error ? error.message : String(error)}; tried again in 2 s`);
        await this.pause(RETRY_MS);
      }
    }
  }
}
