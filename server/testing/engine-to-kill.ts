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
  #bundled = false;

  readonly spawn: SpawnEngine = (events) => {
    if (!this.#bundled) {
      bundleEngine('server/link/engine.worker.ts', program);
      process.once('exit', () => rmSync(program, { force: true }));
      this.#bundled = true;
    }
    const worker = new Worker(program, { workerData: { outgoing: { allow: null } } });
    let dead = false;
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
    return { post: (message) => worker.postMessage(message), terminate: () => worker.terminate() };
  };
}
