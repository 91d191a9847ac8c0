// Opens a TCP or TLS socket, stage by stage, so that a failure names the stage it failed at: name, TCP, TLS.

import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { ConnectError } from './errors';
import { tlsFailure, unusableTlsSettings } from './tls-failure';

/** PEM text or the files that hold it; files are read at each connection, so that renewed ones are taken up. */
export type TlsSettings = {
  ca?: string;
  cert?: string;
  key?: string;
  caFile?: string;
  certFile?: string;
  keyFile?: string;
  keyPassword?: string;
  serverName?: string;
};
export type DialOptions = {
  host: string;
  port: number;
  tls: TlsSettings | null;
  timeoutMs: number;
  /** Gets everything that is received: the first `size` bytes of a buffer that is used again after the call, or of `room()`. */
  onData: (buffer: Buffer, size: number) => void;
  /** Where the next bytes should be received; null when it doesn't matter. Not asked on TLS. */
  room: () => Buffer | null;
};

/** What has no room of its own passes through one reused buffer per connection: `data` events with fresh buffers cost four times as much. */
const LANDING_BYTES = 65_536;

/** @throws ConnectError with the stage that failed */
export async function dial(
  options: DialOptions & { onStage?: (stage: 'RESOLVE' | 'TCP' | 'TLS') => void },
): Promise<Socket> {
  const { host, port, tls } = options;
  const where = `${host}:${port}`;
  let address = host;
  if (!isIP(host)) {
    try {
      address = (await lookup(host)).address;
    } catch (cause) {
      throw new ConnectError('RESOLVE', where, `the name ${host} does not resolve (${messageOf(cause)})`, {
        retriable: true,
        cause,
      });
    }
  }
  options.onStage?.('RESOLVE');
  const socket = await openTcp(address, options, where);
  options.onStage?.('TCP');
  if (!tls) return socket;
  try {
    const secured = await openTls(socket, host, tls, options, where);
    options.onStage?.('TLS');
    return secured;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function openTcp(address: string, options: DialOptions, where: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const landing = Buffer.allocUnsafeSlow(LANDING_BYTES);
    const receive = (size: number, buffer: Uint8Array) => {
      options.onData(buffer as Buffer, size);
      return true;
    };
    const socket = connectTcp({
      host: address,
      port: options.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      // On TLS the TLS layer reads instead.
      ...(options.tls
        ? {}
        : {
            // Asked for a buffer before each read.
            onread: { buffer: () => options.room() ?? landing, callback: receive },
          }),
    });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(
        new ConnectError('TCP', where, `no TCP connection within ${options.timeoutMs} ms`, {
          retriable: true,
        }),
      );
    }, options.timeoutMs);
    socket.once('error', (cause) => {
      clearTimeout(timer);
      reject(
        new ConnectError('TCP', where, `TCP connection failed (${messageOf(cause)})`, {
          retriable: true,
          cause,
        }),
      );
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

async function openTls(
  socket: Socket,
  host: string,
  tls: TlsSettings,
  options: DialOptions,
  where: string,
): Promise<Socket> {
  const file = async (path: string | undefined) => {
    if (path === undefined) return undefined;
    try {
      return await readFile(path);
    } catch (cause) {
      throw new ConnectError('TLS', where, `the TLS file ${path} cannot be read (${messageOf(cause)})`, {
        retriable: false,
        cause,
      });
    }
  };
  // While the files are read nothing else listens to the socket: a reset would end the process.
  socket.on('error', () => {});
  const [ca, cert, key] = await Promise.all([
    tls.ca ?? file(tls.caFile),
    tls.cert ?? file(tls.certFile),
    tls.key ?? file(tls.keyFile),
  ]);
  if (socket.destroyed)
    throw new ConnectError('TLS', where, 'the peer closed the connection before the TLS handshake', {
      retriable: true,
    });
  const servername = tls.serverName ?? host;
  return new Promise((resolve, reject) => {
    let secured: TLSSocket;
    try {
      secured = connectTls({
        socket,
        ca,
        cert,
        key,
        passphrase: tls.keyPassword,
        minVersion: 'TLSv1.2',
        ...(isIP(servername) ? { host: servername } : { servername, host: servername }),
      });
    } catch (cause) {
      reject(unusableTlsSettings(cause, where));
      return;
    }
    const timer = setTimeout(() => {
      secured.destroy();
      reject(
        new ConnectError(
          'TLS',
          where,
          `no TLS handshake within ${options.timeoutMs} ms; is this a TLS listener?`,
          { retriable: true },
        ),
      );
    }, options.timeoutMs);
    secured.once('error', (cause) => {
      clearTimeout(timer);
      reject(tlsFailure(cause, where, host, { ...tls, ...(cert ? { cert: String(cert) } : {}) }));
    });
    secured.once('secureConnect', () => {
      clearTimeout(timer);
      secured.removeAllListeners('error');
      secured.on('data', (chunk: Buffer) => options.onData(chunk, chunk.length));
      resolve(secured);
    });
  });
}

function messageOf(cause: unknown): string {
  if (cause instanceof Error)
    return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return String(cause);
}
