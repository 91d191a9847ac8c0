// The server's own log: one line per entry on standard error. Callers never pass secrets; errors keep their cause chain.
import { scrub } from './access/scrub';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, error?: unknown) => void;

export const log: Log = (level, message, error) => {
  if (level === 'debug' && !process.env.LANDBRIDGE_DEBUG) return;
  const detail = error === undefined ? '' : `\n${indented(describeError(error))}`;
  process.stderr.write(
    scrub(`${new Date().toISOString()} ${level.toUpperCase()} ${inOneLine(message)}${detail}\n`),
  );
};

/**
 * Names and what brokers say may hold anything: written out, so that nobody makes lines of his own in the log, where anchors of
 * the audit log are read, or drives the terminal that shows it.
 */
export const inOneLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return character === '\n' ? '\\n' : `\\u${code.toString(16).padStart(4, '0')}`;
  });

/** No line of an error begins like an entry. */
const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${inOneLine(line)}`)
    .join('\n');

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}\ncaused by ${describeError(error.cause)}`;
}
