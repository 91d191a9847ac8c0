// A connection that another one takes over from: order, and what becomes of requests when something breaks in between.
import type { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { metadata } from './apis/metadata';
import { Connection } from './connection';
import { ConnectionLostError } from './errors';
import { afterHandshake, framed, peers } from './testing/peer';

const peer = peers();
/** Metadata without brokers and topics: header tags, throttle time, and so on. */
const EMPTY = Buffer.from('00 00000000 01 00 00000000 01 00'.replaceAll(' ', ''), 'hex');

/** A broker that answers when it is told to. */
async function broker() {
  const asked: (() => void)[] = [];
  let socket: Socket | undefined;
  const port = await peer((connected) => {
    socket = connected;
    afterHandshake((at, correlation) => asked.push(() => at.write(framed(correlation, EMPTY))))(connected);
  });
  const connection = await Connection.open({
    host: '127.0.0.1',
    port,
    label: 'broker 1',
    security: { tls: null, sasl: null },
    clientId: 'test',
    connectTimeoutMs: 2_000,
    requestTimeoutMs: 2_000,
    maxFrameBytes: 1_000_000,
    pool: null,
  });
  return { connection, asked, drop: () => socket?.destroy() };
}

const ask = (connection: Connection) => connection.request(metadata, { topics: [] });
const outcome = (answer: Promise<unknown>) =>
  answer.then(
    () => 'answered',
    (error: unknown) => error,
  );

describe('a connection that another one takes over from', () => {
  it('holds the other one back until everything in flight on it is answered', async () => {
    const [old, next] = [await broker(), await broker()];
    const first = outcome(ask(old.connection));
    await vi.waitFor(() => expect(old.asked).toHaveLength(1));
    old.connection.handOver(next.connection);
    const [second, third] = [outcome(ask(old.connection)), outcome(ask(next.connection))];
    expect(old.connection.inFlight).toBe(3);
    expect(next.asked).toHaveLength(0);
    old.asked[0]?.();
    expect(await first).toBe('answered');
    await vi.waitFor(() => expect(next.asked).toHaveLength(2));
    for (const answer of next.asked) answer();
    expect(await Promise.all([second, third])).toEqual(['answered', 'answered']);
    expect(old.connection.usable).toBe(true);
  });

  it('serves at once when nothing is in flight', async () => {
    const [old, next] = [await broker(), await broker()];
    old.connection.handOver(next.connection);
    const answer = outcome(ask(old.connection));
    await vi.waitFor(() => expect(next.asked).toHaveLength(1));
    next.asked[0]?.();
    expect(await answer).toBe('answered');
  });

  it('sends nothing behind a request of unknown fate', async () => {
    const [old, next] = [await broker(), await broker()];
    const first = outcome(ask(old.connection));
    await vi.waitFor(() => expect(old.asked).toHaveLength(1));
    old.connection.handOver(next.connection);
    const second = outcome(ask(old.connection));
    old.drop();
    expect(await first).toBeInstanceOf(ConnectionLostError);
    expect(await second).toBeInstanceOf(ConnectionLostError);
    // What comes now is asked by somebody who knows.
    const third = outcome(ask(old.connection));
    await vi.waitFor(() => expect(next.asked).toHaveLength(1));
    next.asked[0]?.();
    expect(await third).toBe('answered');
    // Nobody can say any more what became of the first.
    expect(await old.connection.halfClose(200)).toBe(false);
  });

  it('is gone, with what waits, when the other one is destroyed', async () => {
    const [old, next] = [await broker(), await broker()];
    const first = outcome(ask(old.connection));
    await vi.waitFor(() => expect(old.asked).toHaveLength(1));
    old.connection.handOver(next.connection);
    const second = outcome(ask(old.connection));
    next.connection.destroy(new ConnectionLostError('broker 1', 'the client was closed'));
    expect(await first).toBeInstanceOf(ConnectionLostError);
    expect(await second).toBeInstanceOf(ConnectionLostError);
    expect(old.connection.usable).toBe(false);
    await old.connection.closed;
  });
});
