// Peers that misbehave: plain TCP servers in this process that say anything but Kafka.
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Api } from './api';
import { metadata } from './apis/metadata';
import { Connection, type ConnectionOptions } from './connection';
import { ConnectError, ConnectionLostError, DecodeError, TimeoutError } from './errors';
import { SlabPool } from './slab';
import { afterHandshake, closedPort, framed, peers, versions } from './testing/peer';
import { Writer } from './writer';

const peer = peers();

function open(port: number, more: Partial<ConnectionOptions> = {}): Promise<Connection> {
  return Connection.open({
    host: '127.0.0.1',
    port,
    label: 'broker 1',
    security: { tls: null, sasl: null },
    clientId: 'test',
    connectTimeoutMs: 400,
    requestTimeoutMs: 400,
    maxFrameBytes: 1_000_000,
    pool: null,
    ...more,
  });
}

async function failureOf(opening: Promise<Connection>): Promise<ConnectError> {
  const error = await opening.then(
    () => new Error('it was opened'),
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ConnectError);
  return error as ConnectError;
}

describe('opening a connection to a peer that is no Kafka broker', () => {
  it('names TCP when nobody listens, and the name when it does not resolve', async () => {
    const port = await closedPort();
    expect(await failureOf(open(port))).toMatchObject({ stage: 'TCP', retriable: true });
    const unresolved = await failureOf(open(port, { host: 'no-such-host.invalid' }));
    expect(unresolved).toMatchObject({ stage: 'RESOLVE' });
    expect(unresolved.message).toContain('no-such-host.invalid');
  });

  it('names API_VERSIONS when it closes, resets, is silent or talks garbage', async () => {
    const garbage = 'HTTP/1.1 400 Bad Request\r\n\r\n';
    const behaviours: [(socket: Socket) => void, RegExp][] = [
      [(socket) => socket.end(), /closed the connection/],
      [(socket) => socket.on('data', () => socket.resetAndDestroy()), /failed|closed/],
      [() => {}, /no answer within 400 ms/],
      [(socket) => socket.write(garbage), /announces a frame of .* bytes/],
      [(socket) => socket.write(framed(99, Buffer.alloc(4))), /not asked/],
      [(socket) => socket.on('data', () => socket.write(framed(1, Buffer.alloc(1)))), /needs \d+ bytes/],
      [(socket) => socket.on('data', () => socket.end(framed(1, versions).subarray(0, 9))), /closed/],
      [
        (socket) => socket.on('data', () => socket.write(framed(1, Buffer.from('0023', 'hex')))),
        /UNSUPPORTED_VERSION/,
      ],
    ];
    for (const [behave, message] of behaviours) {
      const error = await failureOf(open(await peer(behave)));
      expect([error.stage, error.message]).toEqual(['API_VERSIONS', expect.stringMatching(message)]);
    }
  });

  it('names SASL when it closes or is silent during the sign-in', async () => {
    const sasl = { mechanism: 'PLAIN' as const, username: 'alice', password: 'secret' };
    for (const behave of [(socket: Socket) => void socket.end(), () => {}]) {
      const error = await failureOf(open(await peer(behave), { security: { tls: null, sasl } }));
      expect(error.stage).toBe('SASL');
      expect(error.message).not.toContain('secret');
    }
  });

  it('names TLS when it closes, resets, is silent, answers in plain text, or a file is missing', async () => {
    const behaviours: ((socket: Socket) => void)[] = [
      (socket) => void socket.end(),
      (socket) => void socket.on('data', () => socket.resetAndDestroy()),
      () => {},
      (socket) => void socket.write('not a TLS server hello, by any means'),
    ];
    for (const behave of behaviours) {
      const security = { tls: {}, sasl: null };
      expect(await failureOf(open(await peer(behave), { security }))).toMatchObject({ stage: 'TLS' });
    }
    const missing = { tls: { caFile: '/does/not/exist.pem' }, sasl: null };
    const error = await failureOf(open(await peer(() => {}), { security: missing }));
    expect(error).toMatchObject({ stage: 'TLS', retriable: false });
    expect(error.message).toContain('/does/not/exist.pem');
  });
});

describe('a reset before the TLS handshake has begun', () => {
  it('is a ConnectError, not an error that nobody listens to', async () => {
    const port = await peer((socket) => void setImmediate(() => socket.resetAndDestroy()));
    // Reading the certificate's file leaves a moment in which only the TCP socket exists.
    const tls = { caFile: new URL(import.meta.url).pathname };
    for (let i = 0; i < 50; i++)
      expect((await failureOf(open(port, { security: { tls, sasl: null } }))).stage).toMatch(/TCP|TLS/);
  });
});

describe('a broker that holds a connection back by a quota', () => {
  const question = (throttle: 'first' | 'last' | null): Api<null, number> => ({
    ...{ key: 3, name: 'Question', minVersion: 0, maxVersion: 0, flexibleFrom: 99, throttle },
    encode: () => {},
    decode: (r) => r.int32(),
  });
  /** Answers the first request at once, holding back the rest for `throttleMs`; the second comes after that, if at all. */
  const holdingBack = (throttleMs: number, second: boolean) => {
    let answered = 0;
    const answer = new Writer().int32(throttleMs).toBuffer();
    return afterHandshake((socket, correlation) => {
      answered++;
      if (answered === 1) socket.write(framed(correlation, answer));
      else if (second) setTimeout(() => socket.write(framed(correlation, Buffer.alloc(4))), throttleMs);
    });
  };
  const ask = (connection: Connection, throttle: 'first' | 'last' | null = 'first') =>
    connection.request(question(throttle), null, { timeoutMs: 100 });

  it.each(['first', 'last'] as const)('is waited for that much longer (told %s)', async (where) => {
    const told: unknown[] = [];
    const onThrottle = (...what: unknown[]) => void told.push(what);
    const connection = await open(await peer(holdingBack(300, true)), { onThrottle });
    const [first, second] = [ask(connection, where), ask(connection, where)];
    expect(await first).toBe(300);
    expect(connection.throttledForMs).toBeGreaterThan(100);
    expect(await second).toBe(0);
    expect(told).toEqual([['Question', 300]]);
    connection.destroy(new ConnectionLostError('here', 'the test ends'));
  });

  it('is not waited for longer than that', async () => {
    const connection = await open(await peer(holdingBack(50, false)));
    const [first, second] = [ask(connection), ask(connection)];
    await first;
    await expect(second).rejects.toThrow(TimeoutError);
  });

  it('is known by what answers say of it only', async () => {
    const connection = await open(await peer(holdingBack(300, true)));
    const [first, second] = [ask(connection, null), ask(connection, null)];
    await first;
    expect(connection.throttledForMs).toBe(0);
    await expect(second).rejects.toThrow(TimeoutError);
  });
});

describe('a connection to a peer that turns hostile', () => {
  it('fails every request in flight with ConnectionLostError when it closes in the middle of a frame', async () => {
    const connection = await open(
      await peer(
        afterHandshake((socket, correlation) =>
          socket.end(framed(correlation, Buffer.alloc(90)).subarray(0, 20)),
        ),
      ),
    );
    const requests = [1, 2, 3].map(() => connection.request(metadata, { topics: [] }));
    for (const result of await Promise.allSettled(requests))
      expect(result).toMatchObject({ reason: expect.any(ConnectionLostError) });
    expect(connection.usable).toBe(false);
    await connection.closed;
    await expect(connection.request(metadata, { topics: [] })).rejects.toThrow(ConnectionLostError);
  });

  it('refuses a huge announced frame without taking memory for it', async () => {
    const pool = new SlabPool(0);
    const port = await peer(afterHandshake((socket) => socket.write(Buffer.from('7fffffff00000000', 'hex'))));
    const connection = await open(port, { pool });
    await expect(connection.request(metadata, { topics: [] })).rejects.toThrow(DecodeError);
    expect(pool.inUseBytes).toBe(0);
    expect(connection.usable).toBe(false);
  });

  it('gives up the connection when an answer cannot be read, and releases its slab', async () => {
    const pool = new SlabPool(0);
    const port = await peer(
      afterHandshake((socket, correlation) => socket.write(framed(correlation, Buffer.alloc(60_000, 0xff)))),
    );
    const connection = await open(port, { pool });
    const [bad, other] = [
      connection.request(metadata, { topics: [] }),
      connection.request(metadata, { topics: [] }),
    ];
    await expect(bad).rejects.toThrow(/Metadata at broker 1/);
    await expect(other).rejects.toThrow(DecodeError);
    await connection.closed;
    expect(pool.inUseBytes).toBe(0);
  });

  it('releases a half-received slab when the connection ends', async () => {
    const pool = new SlabPool(0);
    const port = await peer(
      afterHandshake((socket, correlation) =>
        socket.write(framed(correlation, Buffer.alloc(60_000)).subarray(0, 30_000)),
      ),
    );
    const connection = await open(port, { pool });
    await expect(connection.request(metadata, { topics: [] }, { timeoutMs: 150 })).rejects.toThrow(
      TimeoutError,
    );
    expect(pool.inUseBytes).toBe(65_536);
    connection.destroy(new ConnectionLostError('test', 'given up'));
    expect(pool.inUseBytes).toBe(0);
  });

  it('names API and time when no answer comes, and fails the others in flight, too', async () => {
    const connection = await open(await peer(afterHandshake(() => {})));
    const other = connection.request(metadata, { topics: [] }, { timeoutMs: 10_000 });
    const late = connection.request(metadata, { topics: [] }, { timeoutMs: 100 });
    await expect(late).rejects.toThrow(/Metadata at broker 1 .* no answer within 100 ms/);
    await expect(other).rejects.toThrow(TimeoutError);
    expect([connection.usable, connection.inFlight]).toEqual([false, 0]);
  });

  it('refuses an API that the peer does not offer, and stays in use', async () => {
    const connection = await open(await peer(afterHandshake(() => {})));
    const unknown = { ...metadata, key: 60, name: 'DescribeCluster' };
    await expect(connection.request(unknown, { topics: [] })).rejects.toThrow(/DescribeCluster not at all/);
    const newer = { ...metadata, minVersion: 13, maxVersion: 14 };
    await expect(connection.request(newer, { topics: [] })).rejects.toThrow(/speaks Metadata 0–11/);
    expect(connection.usable).toBe(true);
    connection.destroy(new ConnectionLostError('test', 'done'));
  });
});

describe('halfClose', () => {
  it('is true once the peer has closed after reading everything, false when it does not or resets', async () => {
    const orderly = await open(await peer(afterHandshake(() => {})));
    const request = orderly.request(metadata, { topics: [] });
    const refused = expect(request).rejects.toThrow(/unknown fate/);
    expect(await orderly.halfClose(2_000)).toBe(true);
    await refused;
    expect(await orderly.halfClose(2_000)).toBe(false);
    const resetting = await open(
      await peer((socket) => {
        socket.on('end', () => socket.resetAndDestroy());
        afterHandshake(() => {})(socket);
      }),
    );
    expect(await resetting.halfClose(2_000)).toBe(false);
  });
});
