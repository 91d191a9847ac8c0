// A way out through an HTTP proxy (CONNECT), for networks that let nothing out otherwise. What is sent is TLS: the proxy sees host and port only.
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { OutgoingError } from './errors';

/** `url`: http or https, with user and password where it asks for them. */
export type WebProxy = { url: string };

type Environment = Record<string, string | undefined>;

/** Without its credentials. */
export function proxyName({ protocol, hostname, port }: URL): string {
  return `the proxy ${hostname} port ${port || (protocol === 'https:' ? 443 : 80)}`;
}

/** As curl and most programs read it: HTTPS_PROXY, but not for what NO_PROXY lists. Small letters count as well. */
export function proxyFor(host: string, port: number, environment: Environment): WebProxy | null {
  const url = (environment.https_proxy ?? environment.HTTPS_PROXY ?? '').trim();
  if (url === '') return null;
  const except = (environment.no_proxy ?? environment.NO_PROXY ?? '').split(',').map((entry) => entry.trim());
  return except.some((entry) => isExcepted(entry, host.toLowerCase(), port)) ? null : { url };
}

function isExcepted(entry: string, host: string, port: number): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (only !== undefined && Number(only) !== port) return false;
  const domain = name.replace(/^\*?\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}

/**
 * @param socket to the proxy, with TLS where its address says so
 * @returns the same way on to the target, as if it had been reached directly
 */
export function tunnel(socket: Socket, proxy: URL, host: string, port: number): Promise<Socket> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const [user, password] = [proxy.username, proxy.password].map(decodeURIComponent);
  const credentials = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) => {
      socket.destroy();
      reject(
        new OutgoingError('CONNECT', `${capitalised(proxyName(proxy))} gives no way to ${target} (${why}).`, {
          cause,
        }),
      );
    };
    const asked = request({
      createConnection: () => socket,
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(user ? { 'proxy-authorization': credentials } : {}) },
    });
    asked.on('error', (cause) => fail(cause.message, cause));
    asked.on('response', ({ statusCode }) => fail(refusal(statusCode)));
    asked.on('connect', (response, way: Socket, head: Buffer) => {
      if (response.statusCode !== 200) return fail(refusal(response.statusCode));
      if (head.length > 0) way.unshift(head);
      resolve(way);
    });
    asked.end();
  });
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const refusal = (status: number | undefined) =>
  status === 407 ? 'status 407: it asks for credentials, put them in HTTPS_PROXY' : `status ${status}`;
