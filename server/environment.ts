/**
 * Reads what several settings of the environment have alike: words, numbers, files, an address outside and the credentials for it. Errors name
 * the variable, say what to do, and never repeat a secret.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { StartError } from './errors';
import type { OutgoingPolicy } from './outgoing/addresses';
import { proxyFor } from './outgoing/proxy';

export type Environment = Record<string, string | undefined>;

/** An address that is POSTed to, and the proxy on the way. */
export const way = z.object({ url: z.string(), proxy: z.object({ url: z.string() }).nullable() });
export type Way = z.infer<typeof way>;

export const tlsFiles = z.object({
  /** PEM, trusted instead of the public CAs. */
  ca: z.string().nullable(),
  /** PEM, with its key. */
  client: z.object({ cert: z.string(), key: z.string() }).nullable(),
});
export type TlsFiles = z.infer<typeof tlsFiles>;

const largestPemBytes = 1_048_576;

type AddressOf = {
  /** Of the variable. */
  name: string;
  example: string;
  /** The variable that credentials belong in. */
  credentials: string;
};

/** @throws StartError when `text` is no address that may be called */
export function readWay(
  environment: Environment,
  text: string,
  policy: OutgoingPolicy,
  { name, example, credentials }: AddressOf,
): Way {
  const bad = (why: string) => new StartError(`${name}: ${why}`);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hash !== '')
    throw bad(`write a whole address, such as ${example}, without a fragment.`);
  if (url.username !== '' || url.password !== '')
    throw bad(`no user or password in the address: ${credentials} is for that.`);
  const secured = url.protocol === 'https:';
  if (!secured && policy.allow === null && !isLoopback(url.hostname))
    throw bad(
      `${url.host} is not called without TLS. Use https, or list the host under outgoing.allow in landbridge.yaml.`,
    );
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 443 : Number(url.port);
  return { url: url.href, proxy: secured ? checkedProxy(proxyFor(host, port, environment)) : null };
}

function checkedProxy(proxy: { url: string } | null): { url: string } | null {
  if (proxy === null) return null;
  if (URL.canParse(proxy.url) && /^https?:$/.test(new URL(proxy.url).protocol)) return proxy;
  throw new StartError('HTTPS_PROXY is not an http or https address, such as http://proxy.example.com:3128.');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** @param prefix of PREFIX_CA_FILE, PREFIX_CERT_FILE and PREFIX_KEY_FILE */
export function readTls(environment: Environment, prefix: string): TlsFiles {
  const cert = pem(environment, `${prefix}_CERT_FILE`);
  const key = pem(environment, `${prefix}_KEY_FILE`);
  if ((cert === null) !== (key === null))
    throw new StartError(`${prefix}_CERT_FILE and ${prefix}_KEY_FILE belong together: set both, or neither.`);
  const client = cert !== null && key !== null ? { cert, key } : null;
  return { client, ca: pem(environment, `${prefix}_CA_FILE`) };
}

export function readConsoleName(environment: Environment): string {
  const name = environment.LANDBRIDGE_CONSOLE_NAME?.trim() || hostname();
  if (name.length <= 200 && /^[^\p{C}]+$/u.test(name)) return name;
  throw new StartError('LANDBRIDGE_CONSOLE_NAME has at most 200 characters that can be read.');
}

export const listOf = (text: string | undefined): string[] =>
  (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));

export function oneOf<T extends string>(
  environment: Environment,
  name: string,
  words: readonly T[],
  otherwise: T,
): T {
  const text = environment[name]?.trim();
  if (!text) return otherwise;
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  throw new StartError(`${name}=${text} is not known. Use ${words.join(', ')}.`);
}

export function wholeNumber(
  environment: Environment,
  name: string,
  otherwise: number,
  [min, max]: [number, number],
): number {
  const text = environment[name]?.trim();
  if (!text) return otherwise;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= min && number <= max) return number;
  throw new StartError(`${name}=${text} is not right. Use a whole number from ${min} to ${max}.`);
}

function pem(environment: Environment, name: string): string | null {
  const path = environment[name]?.trim();
  if (!path) return null;
  let text: string | null = null;
  try {
    text = readFileSync(resolve(/* turbopackIgnore: true */ path), 'utf8');
  } catch {
    // Told below, like a file that holds something else.
  }
  if (text !== null && text.length <= largestPemBytes && text.includes('-----BEGIN ')) return text;
  throw new StartError(`${name}: ${path} cannot be read, or holds no PEM text (it begins with -----BEGIN).`);
}
