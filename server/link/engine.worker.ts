// PLACEHOLDER until the link engine lands: beats, says that it can do nothing, and stops when told. To be replaced as a whole.
import { parentPort } from 'node:worker_threads';
import { type FromEngine, toEngine } from '@/lib/contracts/engine';

const port = parentPort;
if (!port) throw new Error('This is the entry of a worker thread.');
const say = (message: FromEngine) => port.postMessage(message);

const beat = setInterval(() => say({ type: 'heartbeat', at: Date.now() }), 1_000);
say({ type: 'heartbeat', at: Date.now() });

port.on('message', (raw: unknown) => {
  const message = toEngine.parse(raw);
  if (message.type === 'request') {
    const error = 'This build has no link engine yet.';
    say({ type: 'answer', id: message.id, ok: false, value: null, error });
  }
  if (message.type === 'stop') {
    clearInterval(beat);
    say({ type: 'stopped', epochs: {} });
  }
});
