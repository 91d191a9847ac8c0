// Opens the connection of everything outgoing: resolves once, judges every address, connects to exactly one of those. Speaks no protocol.
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { judgeAddress, judgeName, type OutgoingPolicy } from './addresses';
import { OutgoingError } from './errors';
import { proxyName, tunnel, type WebProxy } from './proxy';

/** All addresses of a name, in the order in which they are tried. */
export type Resolve = (host: string) => Promise<string[]>;

/** PEM. `cert` and `key` say who we are, where the other side asks for it. */
export type TlsOptions = {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
};

export type Target = {
  /** Without brackets. */
  host: string;
  port: number;
  tls: TlsOptions | null;
  /** What is sent may be secret: without TLS only to this machine, or to where landbridge.yaml allows it. */
  needsTls: boolean;
  policy: OutgoingPolicy;
  resolve: Resolve;
  /** The name is then resolved there, not here. */
  proxy?: WebProxy | null;
};

/** One address that does not answer leaves time for the next. */
const connectAttemptMs = 5_000;

export const resolveAll: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** @throws OutgoingError; `signal` ends whatever stage is under way */
export async function openConnection(target: Target, signal: AbortSignal): Promise<Socket> {
  const socket = target.proxy
    ? await throughProxy(target, target.proxy, signal)
    : await firstThatAnswers(await permittedAddresses(target, signal), target, signal);
  return target.tls ? secure(socket, target, target.tls, signal) : socket;
}

async function throughProxy(target: Target, { url }: WebProxy, signal: AbortSignal): Promise<Socket> {
  const { host, port, policy, resolve } = target;
  const verdict = isIP(host) ? judgeAddress(host, host, policy) : judgeName(host, policy);
  if (!verdict.ok) throw new OutgoingError('REFUSED', `${host} is not called: ${verdict.why}.`);
  const proxy = new URL(url);
  const secured = proxy.protocol === 'https:';
  const own: Target = {
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port === '' ? (secured ? 443 : 80) : Number(proxy.port),
    tls: secured ? {} : null,
    // The proxy comes from whoever started this server, and what goes through it is TLS.
    needsTls: false,
    policy: { allow: null },
    resolve,
  };
  const socket = await openConnection(own, signal).catch((cause: unknown) => {
    if (!(cause instanceof OutgoingError) || signal.aborted) throw cause;
    const where = `${host} port ${port} is not reached: ${proxyName(proxy)}, through which HTTPS_PROXY leads, fails.`;
    throw new OutgoingError(cause.failure, `${where} ${cause.message}`, { cause });
  });
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await tunnel(socket, proxy, host, port);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** One refused address refuses the name: which of them a connection gets is not left to chance. */
async function permittedAddresses(target: Target, signal: AbortSignal): Promise<string[]> {
  const { host, policy } = target;
  const addresses = isIP(host) ? [host] : await untilAborted(resolved(target), signal);
  for (const address of addresses) {
    const verdict = judgeAddress(host, address, policy);
    const which = address === host ? host : `${host} (${address})`;
    if (!verdict.ok) throw new OutgoingError('REFUSED', `${which} is not called: ${verdict.why}.`);
    if (target.needsTls && !target.tls && !verdict.plainHttp) {
      throw new OutgoingError(
        'REFUSED',
        `${which} is not called without TLS: use https, or list it under outgoing.allow in landbridge.yaml.`,
      );
    }
  }
  return addresses;
}

async function resolved({ host, resolve }: Target): Promise<string[]> {
  const addresses = await resolve(host).catch((cause: unknown) => {
    throw new OutgoingError('RESOLVE', `The name ${host} does not resolve (${reasonOf(cause)}).`, { cause });
  });
  if (addresses.length === 0) throw new OutgoingError('RESOLVE', `The name ${host} has no address.`);
  return addresses;
}

async function firstThatAnswers(
  addresses: readonly string[],
  target: Target,
  signal: AbortSignal,
): Promise<Socket> {
  const failures: string[] = [];
  for (const address of addresses) {
    try {
      return await tcp(address, target.port, signal);
    } catch (cause) {
      signal.throwIfAborted();
      failures.push(`${address}: ${reasonOf(cause)}`);
    }
  }
  throw new OutgoingError(
    'CONNECT',
    `No connection to ${target.host} port ${target.port} (${failures.join('; ')}).`,
  );
}

function tcp(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host: address, port, signal, noDelay: true });
  const timer = setTimeout(
    () => socket.destroy(new Error(`no answer within ${connectAttemptMs / 1000} s`)),
    connectAttemptMs,
  );
  return opened(socket, 'connect').finally(() => clearTimeout(timer));
}

async function secure(
  socket: Socket,
  { host, port }: Target,
  { ca, cert, key }: TlsOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  // The name is checked against the certificate, whatever address it led to. An address has no server name (RFC 6066).
  const secured = connectTls({
    socket,
    host,
    ...(isIP(host) ? {} : { servername: host }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert, key }),
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
  });
  try {
    return await opened(secured, 'secureConnect');
  } catch (cause) {
    socket.destroy();
    signal.throwIfAborted();
    throw new OutgoingError('TLS', `No TLS with ${host} port ${port} (${reasonOf(cause)}).`, { cause });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the other side closed the connection'));
    socket.once('error', reject);
    socket.once('close', ended);
    socket.once(event, () => {
      socket.removeListener('error', reject);
      socket.removeListener('close', ended);
      resolve(socket);
    });
  });
}

/** A look-up cannot be taken back: it goes on, and nobody waits for it. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
