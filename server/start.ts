// Starts the runtime and turns a failed start into a message and an exit code: a server that cannot work does not listen.
import { StartError } from './errors';
import { log } from './log';
import { startRuntime } from './runtime';

export async function startServer(): Promise<void> {
  try {
    await startRuntime();
  } catch (error) {
    if (error instanceof StartError) {
      process.stderr.write(`\nLandbridge cannot start: ${error.message}\n`);
      if (error.cause instanceof Error) process.stderr.write(`(${error.cause.message})\n`);
    } else {
      log('error', 'Landbridge cannot start.', error);
    }
    process.exit(1);
  }
}
