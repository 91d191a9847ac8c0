// A process that has nothing but the data thread, with what the server lets it take. Ends at SIGTERM.
// Both are bundled before they are run, so that nothing else is measured: monitor-process.cjs <what to watch, a file> <the thread, a file>
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';
import { monitorThreadLimits } from '@/server/monitoring/thread-limits';

const [, , file, program] = process.argv as [string, string, string, string];
const workerData = JSON.parse(readFileSync(file, 'utf8')) as { start: { mode: MonitoringMode } } | null;
// Who only waits has the least that there is.
const mode = workerData?.start.mode ?? 'reduced';
const worker = new Worker(program, { workerData, resourceLimits: monitorThreadLimits(mode) });
process.once('SIGTERM', () => worker.postMessage('stop'));
worker.once('exit', (code) => process.exit(code));
