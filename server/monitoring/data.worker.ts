// Entry of the data thread: a thin shell that ties the monitor to its message port, beats once a second, and ends when told to.
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { type FromMonitor, toMonitor } from '@/lib/contracts/monitoring/thread';
import { setOutgoingPolicy } from '@/server/outgoing/dial';
import { watchNativeCalls } from '@/server/threads/native-calls';
import { assembleMonitor } from './assemble';
import { monitorStart } from './monitor-start';

const HEARTBEAT_MS = 1_000;

/** What this thread is told once, by `spawnMonitorThread`. */
const startData = monitorStart.extend({
  outgoing: z.object({ allow: z.array(z.string()).nullable() }),
  calls: z.instanceof(Int32Array),
});

const port = parentPort;
if (!port) throw new Error('data.worker.ts is the entry of a worker thread.');

const { outgoing, calls, ...told } = startData.parse(workerData);
watchNativeCalls(calls);
setOutgoingPolicy(outgoing);

const send = (message: FromMonitor) => port.postMessage(message);
const monitor = assembleMonitor(told, send);

const heartbeat = setInterval(() => send({ type: 'heartbeat', at: Date.now() }), HEARTBEAT_MS);
send({ type: 'heartbeat', at: Date.now() });

port.on('message', (raw: unknown) => {
  const message = toMonitor.parse(raw);
  monitor.receive(message);
  if (message.type === 'stop') clearInterval(heartbeat);
});
monitor.start();
