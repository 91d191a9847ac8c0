/**
 * The one way out over HTTP: token endpoints, webhooks, registries, scrape targets. Addresses are checked (addresses.ts),
 * redirects are not followed, time and size have limits. Nothing else in the server may open an HTTP connection.
 */
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import type { OutgoingPolicy } from './addresses';
import { openConnection, type Resolve, reasonOf, resolveAll } from './connect';
import { OutgoingError } from './errors';
import { proxyName, type WebProxy } from './proxy';

export type OutgoingInit = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'PATCH';
  headers?: Record<string, string>;
  body?: string | Buffer | null;
  /** For everything: name, connection, TLS, request and the whole answer. */
  timeoutMs: number;
  maxResponseBytes: number;
  /** Of an answer whose status says all: what is beyond the limit, late or broken off is not read, instead of failing. */
  statusDecides?: boolean;
  /** PEM, trusted instead of the public CAs. */
  ca?: string | undefined;
  /** PEM, with its key: shown to a server that wants to know who calls. */
  client?: { cert: string; key: string } | null;
  /** Only for https. */
  proxy?: WebProxy | null;
};

/** A redirect is an answer like any other (status 3xx): the caller sees where it points to and goes nowhere. */
export type OutgoingResponse = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** For what comes behind a status that decides. */
const restLimitMs = 2_000;

const policyKey = Symbol.for('landbridge.outgoing');
type Holder = { [policyKey]?: OutgoingPolicy };

/** Once in each thread, at its start. On globalThis because bundles may hold copies of this module. */
export function setOutgoingPolicy(policy: OutgoingPolicy): void {
  (globalThis as Holder)[policyKey] = policy;
}

export const outgoingPolicy = (): OutgoingPolicy => (globalThis as Holder)[policyKey] ?? { allow: null };

/** @throws OutgoingError; its message can be shown to people and holds no secret */
export async function outgoingFetch(
  address: string | URL,
  init: OutgoingInit,
  resolve: Resolve = resolveAll,
): Promise<OutgoingResponse> {
  const url = parsedUrl(address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secured = url.protocol === 'https:';
  const port = url.port === '' ? (secured ? 443 : 80) : Number(url.port);
  const direct = `${host} port ${port}`;
  const proxy = secured ? (init.proxy ?? null) : null;
  const where = proxy ? `${direct}, through ${proxyName(new URL(proxy.url))},` : direct;
  const limit = new AbortController();
  const timer = setTimeout(() => {
    const message = `${where} has not answered within ${init.timeoutMs} ms.`;
    limit.abort(new OutgoingError('TIMEOUT', message));
  }, init.timeoutMs);
  try {
    const tls = secured ? { ca: init.ca, ...init.client } : null;
    const target = { host, port, tls, needsTls: true, policy: outgoingPolicy(), resolve, proxy };
    const socket = await openConnection(target, limit.signal);
    try {
      return await exchange(url, init, socket, where, limit.signal);
    } finally {
      socket.destroy();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** For what is not HTTP, such as SMTP, which begins in the clear and turns to TLS by itself. */
export function outgoingConnect(
  options: { host: string; port: number; tls: { ca?: string } | null; timeoutMs: number },
  resolve: Resolve = resolveAll,
): Promise<Socket> {
  const { host, port } = options;
  const limit = new AbortController();
  const timer = setTimeout(() => {
    const message = `${host} port ${port} has not answered within ${options.timeoutMs} ms.`;
    limit.abort(new OutgoingError('TIMEOUT', message));
  }, options.timeoutMs);
  const tls = options.tls ? { ca: options.tls.ca } : null;
  const target = { host, port, tls, needsTls: false, policy: outgoingPolicy(), resolve };
  return openConnection(target, limit.signal).finally(() => clearTimeout(timer));
}

function exchange(
  url: URL,
  init: OutgoingInit,
  socket: Socket,
  where: string,
  signal: AbortSignal,
): Promise<OutgoingResponse> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      socket.destroy();
      if (signal.aborted) reject(signal.reason);
      else if (cause instanceof OutgoingError) reject(cause);
      else
        reject(
          new OutgoingError('BROKEN', `The exchange with ${where} broke off (${reasonOf(cause)}).`, {
            cause,
          }),
        );
    };
    const stop = () => fail(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const body = init.body ?? null;
    const sent = request({
      createConnection: () => socket,
      method: init.method,
      path: `${url.pathname}${url.search}`,
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'landbridge',
        ...lowerCased(init.headers ?? {}),
        ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }),
        host: url.host,
        connection: 'close',
      },
    });
    sent.on('error', fail);
    sent.on('response', (response) => {
      signal.removeEventListener('abort', stop);
      sent.removeListener('error', fail);
      sent.on('error', () => response.destroy());
      collect(response, init, where, signal).then(resolve, fail);
    });
    sent.end(body ?? undefined);
  });
}

async function collect(
  response: IncomingMessage,
  { maxResponseBytes: limit, statusDecides = false }: OutgoingInit,
  where: string,
  signal: AbortSignal,
): Promise<OutgoingResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  // One that never ends must not hold up what is sent next.
  const limits = statusDecides ? [signal, AbortSignal.timeout(restLimitMs)] : [signal];
  try {
    for await (const chunk of addAbortSignal(AbortSignal.any(limits), response) as AsyncIterable<Buffer>) {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limit)
        throw new OutgoingError('TOO_LARGE', `The answer of ${where} is larger than ${limit} bytes.`);
    }
  } catch (error) {
    if (!statusDecides) throw error;
  }
  const body = Buffer.concat(chunks).subarray(0, limit);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

function parsedUrl(address: string | URL): URL {
  const url = typeof address === 'string' && !URL.canParse(address) ? null : new URL(address);
  if (!url) throw new OutgoingError('REFUSED', 'The address is not a URL.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new OutgoingError('REFUSED', `Only https and http addresses are called, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutgoingError(
      'REFUSED',
      `The address at ${url.hostname} has a user or password in it. Give credentials in their own fields.`,
    );
  }
  return url;
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
