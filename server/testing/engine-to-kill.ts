// For tests: the engine in a thread of its own, which dies in the middle of whatever it does when a test says so; the server starts the next one.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { bundleEngine } from '@/harness/engine-bundle';
import type { FromEngine } from '@/lib/contracts/engine';
import type { SpawnEngine } from '@/server/engine-supervisor';

/** Native packages are found from here; test runs at the same time keep to files of their own. */
const program = fileURLToPath(new URL(`../../.cache/engine-worker-${process.pid}.cjs`, import.meta.url));

export class EngineToKill {
  kills = 0;
  /** The engine dies with this message, which nobody hears, or after it was heard. */
  dies: ((message: FromEngine) => 'UNHEARD' | 'HEARD' | null) | null = null;
  /** Until when the next engine hears nothing: what a test does between two engines is done before the second begins. */
  #held: Promise<unknown> = Promise.resolve();
  #bundled = false;

  /** What goes wrong with the work is for the test to see. */
  nextWaitsFor(work: Promise<unknown>): void {
    this.#held = work.catch(() => undefined);
  }

  readonly spawn: SpawnEngine = (events) => {
    if (!this.#bundled) {
      bundleEngine('server/link/engine.worker.ts', program);
      process.once('exit', () => rmSync(program, { force: true }));
      this.#bundled = true;
    }
    const worker = new Worker(program, { workerData: { outgoing: { allow: null } } });
    let dead = false;
    let last = this.#held;
    worker.on('message', (message: FromEngine) => {
      if (dead) return;
      const death = this.dies?.(message) ?? null;
      if (death !== null) {
        dead = true;
        this.kills++;
        void worker.terminate();
      }
      if (death !== 'UNHEARD') events.onMessage(message);
    });
    worker.on('error', events.onError);
    worker.on('exit', events.onExit);
    const post: ReturnType<SpawnEngine>['post'] = (message) => {
      last = last.then(() => {
        // It dies with its last word, and does nothing that it is told after it.
        if (!dead) worker.postMessage(message);
      });
    };
    return { post, terminate: () => worker.terminate() };
  };
}
