// For tests: the real engine without a thread of its own; messages pass through a structured clone and the contract, as between threads.
import { toEngine } from '@/lib/contracts/engine';
import type { SpawnEngine } from '@/server/engine-supervisor';
import { Engine } from '@/server/link/engine';

export const spawnInProcess: SpawnEngine = (events) => {
  const engine = new Engine((message) => {
    const copy = structuredClone(message);
    queueMicrotask(() => events.onMessage(copy));
  });
  const beat = setInterval(() => events.onMessage({ type: 'heartbeat', at: Date.now() }), 200);
  engine.start();
  return {
    post: (message) => engine.receive(toEngine.parse(structuredClone(message))),
    terminate: async () => clearInterval(beat),
  };
};
