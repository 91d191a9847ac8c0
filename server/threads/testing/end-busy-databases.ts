// Ends threads in the midst of their work with a database, many times; in a process of its own, as it may abort. Arguments: the thread's program, and "watched".
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { endNativeCalls, nativeCalls } from '../native-calls';

const [program = '', watched] = process.argv.slice(2);

async function run(): Promise<void> {
  for (let i = 0; i < 40; i++) {
    const calls = watched ? nativeCalls() : null;
    const worker = new Worker(program, { workerData: { calls } });
    await once(worker, 'message');
    await sleep(i % 8);
    if (calls && !(await endNativeCalls(calls, 5_000))) throw new Error('A call did not return.');
    await worker.terminate();
  }
}

void run();
