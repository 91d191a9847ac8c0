// What the environment says about OTLP: where metrics are sent, how often and with which headers.
import { z } from 'zod';
import {
  type Environment,
  readConsoleName,
  readTls,
  readWay,
  tlsFiles,
  way,
  wholeNumber,
} from './environment';
import { StartError } from './errors';
import type { OutgoingPolicy } from './outgoing/addresses';

/** As the data thread is told it at its start, too. */
export const otlpConfig = z.object({
  consoleName: z.string(),
  ...way.shape,
  ...tlsFiles.shape,
  /** By their names in small letters. */
  headers: z.record(z.string(), z.string()),
  intervalMs: z.int(),
});
export type OtlpConfig = z.infer<typeof otlpConfig>;

const defaultIntervalMs = 60_000;
/** Set by us, or by what sends. */
const ownHeaders = [
  ...['accept', 'connection', 'content-encoding', 'content-length', 'content-type', 'expect', 'host'],
  ...['keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
];

/** @throws StartError naming the variable, and what to do; it never repeats the value of a header */
export function readOtlp(environment: Environment, policy: OutgoingPolicy): OtlpConfig | null {
  const name = 'LANDBRIDGE_OTLP_ENDPOINT';
  const text = environment[name]?.trim();
  if (!text) return null;
  return {
    consoleName: readConsoleName(environment),
    ...readWay(environment, text, policy, {
      ...{ name, example: 'https://collector.example.com:4318/v1/metrics' },
      credentials: 'LANDBRIDGE_OTLP_HEADERS',
    }),
    ...readTls(environment, 'LANDBRIDGE_OTLP'),
    headers: readHeaders(environment.LANDBRIDGE_OTLP_HEADERS),
    intervalMs: wholeNumber(
      environment,
      'LANDBRIDGE_OTLP_INTERVAL_MS',
      defaultIntervalMs,
      [10_000, 3_600_000],
    ),
  };
}

/** Shorter texts stand in other words by chance. */
const shortestSecret = 8;

/** What of them must not get into a log: values, and what stands behind a word such as Bearer. */
export const headerSecrets = (headers: Readonly<Record<string, string>>): string[] =>
  Object.values(headers)
    .flatMap((value) => [value, value.slice(value.indexOf(' ') + 1)])
    .filter((secret) => secret.length >= shortestSecret);

/** `name=value` with commas between them, values percent-encoded where they must be: as OpenTelemetry's own variables have them. */
function readHeaders(text: string | undefined): Record<string, string> {
  const bad = (why: string) => new StartError(`LANDBRIDGE_OTLP_HEADERS: ${why}`);
  const headers: Record<string, string> = {};
  for (const [i, entry] of (text ?? '').split(',').entries()) {
    if (entry.trim() === '') continue;
    const at = entry.indexOf('=');
    const header = entry.slice(0, at).trim().toLowerCase();
    if (at < 0 || !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(header))
      throw bad(
        `entry ${i + 1} is not name=value. A comma, a space or a percent sign in a value is written %2C, %20, %25.`,
      );
    if (ownHeaders.includes(header)) throw bad(`${header} is set by Landbridge itself: take it out.`);
    if (header in headers) throw bad(`${header} stands there twice.`);
    const value = decoded(entry.slice(at + 1).trim());
    if (value === null || !/^[\x20-\x7e]+$/.test(value))
      throw bad(
        `the value of ${header} is empty, not percent-encoded, or holds characters that no header can carry.`,
      );
    headers[header] = value;
  }
  return headers;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // Told by the caller, with the name of the header.
    return null;
  }
}
