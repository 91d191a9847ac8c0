// Entry of the engine thread: a thin shell that ties the engine to its message port, beats once a second, and ends when told to.
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { type FromEngine, toEngine } from '@/lib/contracts/engine';
import { setOutgoingPolicy } from '@/server/outgoing/dial';
import { Engine } from './engine';

const HEARTBEAT_MS = 1_000;

/** What this thread is told once, by `spawnEngineThread`. */
const startData = z.object({ outgoing: z.object({ allow: z.array(z.string()).nullable() }) });

const port = parentPort;
if (!port) throw new Error('engine.worker.ts is the entry of a worker thread.');

setOutgoingPolicy(startData.parse(workerData).outgoing);

const send = (message: FromEngine, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
const engine = new Engine(send);

const heartbeat = setInterval(() => send({ type: 'heartbeat', at: Date.now() }), HEARTBEAT_MS);
send({ type: 'heartbeat', at: Date.now() });

port.on('message', (raw: unknown) => {
  const message = toEngine.parse(raw);
  engine.receive(message);
  if (message.type === 'stop') clearInterval(heartbeat);
});
engine.start();
