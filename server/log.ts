// The server's own log: one line per entry on standard error. Callers never pass secrets; errors keep their cause chain.
import { scrub } from './access/scrub';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, error?: unknown) => void;

export const log: Log = (level, message, error) => {
  if (level === 'debug' && !process.env.LANDBRIDGE_DEBUG) return;
  const detail = error === undefined ? '' : `\n${describeError(error)}`;
  process.stderr.write(scrub(`${new Date().toISOString()} ${level.toUpperCase()} ${message}${detail}\n`));
};

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}\ncaused by ${describeError(error.cause)}`;
}
