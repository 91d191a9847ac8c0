// Waits for the end of the process that holds its standard input, then ends everything that carries the given mark.
// Started by processes.mjs; knows nothing else.
import { endMarked } from './processes.mjs';

const [mark, graceMs] = process.argv.slice(2);
let dismissed = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.stdin.on('data', () => {
  dismissed = true;
});
process.stdin.on('error', () => {});
process.stdin.on('close', async () => {
  if (!dismissed && mark) await endMarked(mark, Number(graceMs));
  process.exit(0);
});
