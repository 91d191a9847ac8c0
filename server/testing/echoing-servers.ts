// For tests: servers of a stranger who answers with everything that was sent to him. A broker that refuses each sign-in and quotes the credentials, and a token endpoint that does the same.
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';

export type EchoingServer = { port: number; quoted: () => string; close(): Promise<void> };

const saslHandshake = 17;
const apiVersions = 18;
const saslAuthenticate = 36;
const saslAuthenticationFailed = 58;

/** Speaks just enough of Kafka to be told the credentials. */
export function echoingBroker(): Promise<EchoingServer> {
  let quoted = '';
  const server = createTcp((socket) => {
    let pending = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const frame = pending.subarray(4, 4 + pending.readInt32BE(0));
        pending = pending.subarray(4 + frame.length);
        const [key, version, correlation] = [
          frame.readInt16BE(0),
          frame.readInt16BE(2),
          frame.readInt32BE(4),
        ];
        if (key === saslAuthenticate) quoted += frame.toString('latin1');
        const body = answerTo(key, version, frame);
        const head = Buffer.alloc(8);
        head.writeInt32BE(4 + body.length, 0);
        head.writeInt32BE(correlation, 4);
        socket.write(Buffer.concat([head, body]));
      }
    });
  });
  return listening(server, () => quoted);
}

export function echoingTokenEndpoint(): Promise<EchoingServer> {
  let quoted = '';
  const server = createHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const all = [request.headers.authorization, decodeURIComponent(Buffer.concat(chunks).toString())];
      quoted += all.join(' ');
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: 'invalid_client', error_description: all.join(' ') }));
    });
  });
  return listening(server, () => quoted);
}

function answerTo(key: number, version: number, frame: Buffer): Buffer {
  if (key === apiVersions) return version >= 3 ? flexibleVersions() : plainVersions();
  if (key === saslHandshake) {
    const names = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'].map(text);
    return Buffer.concat([int16(0), int32(names.length), ...names]);
  }
  const words = `Refused. You sent ${frame
    .subarray(8)
    .toString('utf8')
    .replace(/[^\x20-\x7e\u0080-\uffff]+/g, ' ')}`;
  return Buffer.concat([int16(saslAuthenticationFailed), text(words), int32(0), Buffer.alloc(8)]);
}

const offered = [
  [saslHandshake, 1, 1],
  [apiVersions, 0, 3],
  [saslAuthenticate, 1, 1],
] as const;

const plainVersions = () =>
  Buffer.concat([int16(0), int32(offered.length), ...offered.flatMap((row) => row.map(int16)), int32(0)]);

const flexibleVersions = () =>
  Buffer.concat([
    int16(0),
    Buffer.from([offered.length + 1]),
    ...offered.flatMap((row) => [...row.map(int16), Buffer.from([0])]),
    int32(0),
    Buffer.from([0]),
  ]);

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}

async function listening(server: Server, quoted: () => string): Promise<EchoingServer> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    quoted,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
