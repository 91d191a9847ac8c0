// Plain TCP servers in this process that behave as a test likes: peers of a connection. Gone after each test.
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { apiVersions } from '../apis/api-versions';
import { Writer } from '../writer';

/** For one test file. @returns how to start a peer */
export function peers() {
  const servers: { server: Server; sockets: Set<Socket> }[] = [];
  afterEach(async () => {
    await Promise.all(
      servers.splice(0).map(({ server, sockets }) => {
        for (const socket of sockets) socket.destroy();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  });
  /** A server that does as it likes with each connection. @returns its port */
  return async function peer(behave: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      behave(socket);
    });
    servers.push({ server, sockets });
    return listening(server);
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function framed(correlation: number, body: Buffer): Buffer {
  return new Writer()
    .int32(body.length + 4)
    .int32(correlation)
    .copy(body)
    .toBuffer();
}

/** The answer to ApiVersions: ApiVersions and Metadata, in one version each. */
export const versions = new Writer()
  .int16(0)
  .uvarint(3)
  .copy(Buffer.from('00030000000b00' + '00120000000300', 'hex'))
  .int32(0)
  .tags()
  .toBuffer();

/** Answers ApiVersions as a broker does, and gives every later request to `behave`. */
export function afterHandshake(
  behave: (socket: Socket, correlation: number) => void,
): (socket: Socket) => void {
  return (socket) => {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const size = received.readInt32BE(0);
        const [key, correlation] = [received.readInt16BE(4), received.readInt32BE(8)];
        received = received.subarray(4 + size);
        if (key === apiVersions.key) socket.write(framed(correlation, versions));
        else behave(socket, correlation);
      }
    });
  };
}
