// One connection to one broker: handshake, pipelined requests matched by correlation id, limits, and the half-close that settles requests of unknown fate.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Api } from './api';
import { type ApiRange, apiVersions } from './apis/api-versions';
import { dial, type TlsSettings } from './dial';
import {
  ConnectError,
  ConnectionLostError,
  DecodeError,
  KafkaError,
  ProtocolError,
  TimeoutError,
} from './errors';
import { FrameAssembler } from './frames';
import { Reader } from './reader';
import { Reauthentication } from './reauthentication';
import type { SaslCredentials } from './sasl/exchange';
import { prepareSignIn, type SendSasl, signIn } from './sasl/sign-in';
import { SendGate } from './send-gate';
import type { Slab, SlabPool } from './slab';
import { lateTlsFailure } from './tls-failure';
import { Writer } from './writer';

export type Security = { tls: TlsSettings | null; sasl: SaslCredentials | null };

export type ConnectionOptions = {
  host: string;
  port: number;
  /** For messages: "broker 2" or "bootstrap server". */
  label: string;
  security: Security;
  clientId: string;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  /** Frames above this are refused before anything is allocated. */
  maxFrameBytes: number;
  /** Pool for large answers; null on control connections. */
  pool: SlabPool | null;
  /** A quota of the broker: it has answered, and reads no more for so long. */
  onThrottle?: (api: string, throttleMs: number) => void;
  onStage?: (stage: 'RESOLVE' | 'TCP' | 'TLS' | 'SASL' | 'API_VERSIONS') => void;
};

/** An answer whose views stay valid until `slab` is released (null: until collected). */
export type Held<T> = { value: T; slab: Slab | null };

type Pending = {
  name: string;
  responseHeader: number;
  throttle: 'first' | 'last' | null;
  limitMs: number;
  /** When the answer must be there (monotonic ms). */
  deadlineMs: number;
  settle: (reader: Reader, slab: Slab | null) => void;
  reject: (error: KafkaError) => void;
};

const CLIENT_NAME = 'landbridge';
const CLIENT_VERSION = '0.1.0';
/** How long a connection that was given up may take to close in order. */
const LINGER_MS = 60_000;

export class Connection {
  readonly where: string;
  /** Highest metadata.version the broker's software supports; null where it isn't told. */
  metadataVersion: number | null = null;
  readonly #options: ConnectionOptions;
  readonly #frames: FrameAssembler;
  readonly #pending = new Map<number, Pending>();
  #socket: Socket | null = null;
  #correlation = 0;
  #apis = new Map<number, ApiRange>();
  #failure: KafkaError | null = null;
  #flushScheduled = false;
  readonly #flushNow = () => this.#flush();
  /** Runs to the earliest deadline known when it was set: one for all, as a timer of its own costs more than many a request. */
  #timer: NodeJS.Timeout | null = null;
  #timerMs = 0;
  #closed: Promise<void>;
  #markClosed: () => void = () => {};
  readonly #gate = new SendGate();
  #session: Reauthentication | null = null;
  /** Takes over what comes from now on; `this` only waits for its own answers. */
  #successor: Connection | null = null;
  #predecessor: Connection | null = null;
  /** Everything that was in flight here has been answered. */
  #handedOver = false;
  /** The broker reads nothing from here before (monotonic ms). */
  #throttledUntilMs = 0;

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    this.where = `${options.label} (${options.host}:${options.port})`;
    this.#frames = new FrameAssembler({
      maxBytes: options.maxFrameBytes,
      pool: options.pool,
      onFrame: (f) => this.#receive(f.buffer, f.slab),
    });
    this.#closed = new Promise((resolve) => {
      this.#markClosed = resolve;
    });
  }

  /** Connects, signs in and negotiates versions. @throws ConnectError naming the stage */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const connection = new Connection(options);
    try {
      await connection.#start();
      return connection;
    } catch (error) {
      connection.destroy(
        error instanceof KafkaError ? error : new ConnectionLostError(connection.where, String(error), error),
      );
      throw (options.security.tls && lateTlsFailure(error, connection.where, options.security.tls)) || error;
    }
  }

  get usable(): boolean {
    return this.#successor?.usable ?? (this.#failure === null && this.#socket !== null);
  }
  get inFlight(): number {
    return this.#pending.size + this.#gate.held + (this.#successor?.inFlight ?? 0);
  }
  /** For how long the broker reads nothing more from here, by a quota: whatever is sent meanwhile waits there. */
  get throttledForMs(): number {
    return this.#successor?.throttledForMs ?? Math.max(0, this.#throttledUntilMs - performance.now());
  }
  /** When the certificate that the broker has shown is over; null without TLS. */
  get certificateExpiresMs(): number | null {
    if (this.#successor) return this.#successor.certificateExpiresMs;
    if (!(this.#socket instanceof TLSSocket)) return null;
    const expiresMs = Date.parse(this.#socket.getPeerCertificate().valid_to ?? '');
    return Number.isNaN(expiresMs) ? null : expiresMs;
  }
  get apis(): readonly ApiRange[] {
    return [...this.#apis.values()];
  }

  async #start(): Promise<void> {
    const { host, port, security, connectTimeoutMs, onStage } = this.#options;
    const socket = await dial({
      host,
      port,
      tls: security.tls,
      timeoutMs: connectTimeoutMs,
      onData: (buffer, size) => this.#data(buffer, size),
      room: () => (this.#failure ? null : this.#frames.room()),
      ...(onStage ? { onStage } : {}),
    });
    this.#socket = socket;
    socket.on('error', (error) =>
      this.#drop(new ConnectionLostError(this.where, `connection failed (${error.message})`, error)),
    );
    socket.on('close', () => {
      this.#drop(new ConnectionLostError(this.where, 'the broker closed the connection'));
      this.#markClosed();
    });
    socket.on('end', () =>
      this.#drop(new ConnectionLostError(this.where, 'the broker closed the connection')),
    );
    if (security.sasl) {
      await this.#signIn(security.sasl);
      onStage?.('SASL');
    }
    await this.#negotiate();
    onStage?.('API_VERSIONS');
  }

  async #signIn(credentials: SaslCredentials): Promise<void> {
    const { where } = this;
    // Past the gate: it is closed for everything else while a session is renewed.
    const send: SendSasl = async (api, request) =>
      (await this.#send(api, request, api.maxVersion, this.#options.connectTimeoutMs)).value;
    const exchange = await prepareSignIn(credentials, where);
    const lifetimeMs = await signIn(send, credentials, exchange, where);
    this.#session = new Reauthentication({
      where,
      credentials,
      send,
      gate: this.#gate,
      done: () => this.#handOverWhenIdle(),
      giveUp: (error) => this.#giveUp(error),
    });
    this.#session.arm(lifetimeMs);
  }

  async #negotiate(): Promise<void> {
    try {
      const request = { clientName: CLIENT_NAME, clientVersion: CLIENT_VERSION };
      const { value } = await this.#send(apiVersions, request, 3, this.#options.connectTimeoutMs);
      if (value.errorCode !== 0) throw new ProtocolError(value.errorCode, this.where, 'ApiVersions');
      this.#apis = new Map(value.apis.map((api) => [api.key, api]));
      this.metadataVersion = value.metadataVersion;
    } catch (cause) {
      const silent = cause instanceof TimeoutError;
      const other = this.#options.security.tls ? '' : '; is this a listener of another security protocol?';
      const hint = silent ? '; it accepts connections, but is it stopped or overloaded?' : other;
      throw new ConnectError(
        'API_VERSIONS',
        this.where,
        `the broker does not answer ApiVersions (${(cause as Error).message})${hint}`,
        { retriable: true, cause },
      );
    }
  }

  /** The version used for an API, or null when the broker doesn't offer one that we speak. */
  versionOf(
    api:
      | Api<never, unknown>
      | Api<unknown, unknown>
      | { key: number; minVersion: number; maxVersion: number },
  ): number | null {
    const range = this.#apis.get(api.key);
    if (!range) return null;
    const version = Math.min(api.maxVersion, range.max);
    return version >= Math.max(api.minVersion, range.min) ? version : null;
  }

  /** Sends a request and waits for its answer. @throws KafkaError; after a ConnectionLostError or TimeoutError the fate of the request is unknown */
  request<Req, Res>(api: Api<Req, Res>, request: Req, options: { timeoutMs?: number } = {}): Promise<Res> {
    return this.requestHeld(api, request, options).then(takeValue<Res>);
  }

  /** As `request`, but the answer's views stay valid until the caller releases the slab. */
  requestHeld<Req, Res>(
    api: Api<Req, Res>,
    request: Req,
    options: { timeoutMs?: number } = {},
  ): Promise<Held<Res>> {
    if (this.#successor) return this.#successor.requestHeld(api, request, options);
    const version = this.versionOf(api);
    if (version === null && this.usable) {
      const range = this.#apis.get(api.key);
      return Promise.reject(
        new KafkaError(
          `${this.where} speaks ${api.name} ${range ? `${range.min}–${range.max}` : 'not at all'}, Landbridge needs ${api.minVersion}–${api.maxVersion}`,
          { retriable: false },
        ),
      );
    }
    const timeoutMs = options.timeoutMs ?? this.#options.requestTimeoutMs;
    const send = () => this.#send(api, request, version ?? api.minVersion, timeoutMs);
    return this.usable ? this.#gate.pass(send) : send();
  }

  #send<Req, Res>(api: Api<Req, Res>, request: Req, version: number, timeoutMs: number): Promise<Held<Res>> {
    if (this.#failure || !this.#socket) {
      return Promise.reject(this.#failure ?? new ConnectionLostError(this.where, 'not connected'));
    }
    const socket = this.#socket;
    this.#correlation = (this.#correlation + 1) & 0x7fffffff;
    const correlation = this.#correlation;
    // What can't be encoded is an answer, too: nothing of it may be sent, or thrown past the caller's own catch.
    return new Promise((resolve, reject) => {
      const flexible = version >= api.flexibleFrom;
      const w = new Writer(256);
      w.int32(0).int16(api.key).int16(version).int32(correlation).nullableString(this.#options.clientId);
      if (flexible) w.tags();
      api.encode(w, request, version);
      const size = w.length - 4;
      const parts = w.parts();
      (parts[0] as Buffer).writeInt32BE(size, 0);
      const limitMs = timeoutMs + this.throttledForMs;
      const deadlineMs = performance.now() + limitMs;
      this.#pending.set(correlation, {
        name: api.name,
        throttle: api.throttle,
        limitMs,
        deadlineMs,
        // ApiVersions answers with header v0 in every version, so that any client can read it.
        responseHeader: flexible && api.key !== apiVersions.key ? 1 : 0,
        settle: (reader, slab) => resolve({ value: api.decode(reader, version), slab }),
        reject,
      });
      if (this.#timer === null || deadlineMs < this.#timerMs) this.#watch(deadlineMs, limitMs);
      // All that is written in one turn leaves in one writev.
      if (!this.#flushScheduled) {
        this.#flushScheduled = true;
        socket.cork();
        process.nextTick(this.#flushNow);
      }
      for (const part of parts) socket.write(part);
    });
  }

  #watch(deadlineMs: number, inMs: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timerMs = deadlineMs;
    this.#timer = setTimeout(() => this.#overdue(), inMs);
  }

  /** Gives up when an answer is overdue, or waits for the next deadline. */
  #overdue(): void {
    this.#timer = null;
    let first: Pending | null = null;
    for (const pending of this.#pending.values())
      if (first === null || pending.deadlineMs < first.deadlineMs) first = pending;
    if (first === null) return;
    // Timers may fire a millisecond early.
    const leftMs = first.deadlineMs - performance.now();
    if (leftMs <= 1) this.#giveUp(new TimeoutError(this.where, first.name, Math.round(first.limitMs)));
    else this.#watch(first.deadlineMs, leftMs);
  }

  /** Nothing is waited for: nothing keeps the process alive. */
  #unwatch(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** What is in flight behind the answer is read so much later. Brokers from 2.0 on have answered already when they stop reading. */
  #throttle(api: string, throttleMs: number): void {
    this.#throttledUntilMs = Math.max(this.#throttledUntilMs, performance.now() + throttleMs);
    for (const pending of this.#pending.values()) {
      pending.limitMs += throttleMs;
      pending.deadlineMs += throttleMs;
    }
    this.#options.onThrottle?.(api, throttleMs);
  }

  #flush(): void {
    this.#flushScheduled = false;
    const socket = this.#socket;
    if (!socket) return;
    while (socket.writableCorked > 0) socket.uncork();
  }

  #data(buffer: Buffer, size: number): void {
    if (this.#failure) return;
    try {
      this.#frames.push(buffer, size);
    } catch (error) {
      this.destroy(error instanceof KafkaError ? error : new DecodeError(`${this.where}: ${String(error)}`));
    }
  }

  #receive(buffer: Buffer, slab: Slab | null): void {
    const correlation = buffer.readInt32BE(0);
    const pending = this.#pending.get(correlation);
    if (!pending) {
      slab?.release();
      throw new DecodeError(`${this.where} answers request ${correlation}, which was not asked`);
    }
    this.#pending.delete(correlation);
    if (this.#pending.size === 0) this.#unwatch();
    const reader = new Reader(buffer, 4);
    try {
      if (pending.responseHeader === 1) reader.tags();
      const throttleMs = throttleOf(pending, buffer, reader.position);
      if (throttleMs > 0) this.#throttle(pending.name, throttleMs);
      pending.settle(reader, slab);
    } catch (cause) {
      slab?.release();
      const error = new DecodeError(`${pending.name} at ${this.where}: ${(cause as Error).message}`);
      pending.reject(error);
      throw error;
    }
    this.#handOverWhenIdle();
  }

  /**
   * Sends no more and waits until the broker has closed its side. A broker reads our end only after it has answered everything before it on this
   * connection, so afterwards no request of ours can still be appended.
   * @returns true when the broker closed in time, false when the wait ended first
   */
  async halfClose(timeoutMs: number): Promise<boolean> {
    const next = this.#successor;
    if (!next) return this.#halfClose(timeoutMs);
    const settled = await Promise.all([
      this.#handedOver || this.#halfClose(timeoutMs),
      next.halfClose(timeoutMs),
    ]);
    return settled.every(Boolean);
  }

  async #halfClose(timeoutMs: number): Promise<boolean> {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return false;
    this.#fail(new ConnectionLostError(this.where, 'closed to settle requests of unknown fate'));
    this.#flush();
    socket.end();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<boolean>((resolve) => {
      // A broker that reads nothing yet does not see our end either.
      timer = setTimeout(() => resolve(false), timeoutMs + this.throttledForMs);
    });
    const peerClosed = new Promise<boolean>((resolve) => {
      socket.once('end', () => resolve(true));
      // An error instead of an orderly end proves nothing.
      socket.once('error', () => resolve(false));
      void this.#closed.then(() => resolve(socket.readableEnded));
    });
    const settled = await Promise.race([peerClosed, limit]);
    clearTimeout(timer);
    socket.destroy();
    return settled;
  }

  /** An unanswered request leaves the connection useless, but not closed hard: the writer may want to settle it by a half-close. */
  #giveUp(error: KafkaError): void {
    this.#fail(error);
    this.#flush();
    this.#socket?.end();
    setTimeout(() => this.#socket?.destroy(), LINGER_MS).unref();
  }

  /** Fails everything in flight and drops the socket at once. */
  destroy(error: KafkaError): void {
    this.#successor?.destroy(error);
    if (this.#predecessor) this.#predecessor.#drop(error);
    this.#drop(error);
  }

  #drop(error: KafkaError): void {
    const socket = this.#socket;
    this.#fail(error);
    this.#frames.dispose();
    if (socket && !socket.destroyed) socket.destroy();
  }

  #fail(error: KafkaError): void {
    this.#failure ??= error;
    this.#session?.stop();
    this.#gate.fail(error);
    // Behind something of unknown fate nothing of the same order may go out by itself.
    const next = this.#successor;
    if (next && next.#predecessor === this) next.#gate.fail(error);
    for (const [correlation, pending] of this.#pending) {
      this.#pending.delete(correlation);
      pending.reject(error);
    }
    this.#unwatch();
    this.#handOverWhenIdle();
  }

  /**
   * Leaves everything that comes from now on to another connection to the same broker, which waits until all that is in
   * flight here is answered: the order of requests stays. Who still holds this one is served by the other.
   */
  handOver(successor: Connection): void {
    successor.#gate.close();
    successor.#predecessor = this;
    this.#successor = successor;
    this.#session?.stop();
    this.#handOverWhenIdle();
  }

  #handOverWhenIdle(): void {
    const next = this.#successor;
    if (!next || next.#predecessor !== this || this.#pending.size > 0 || this.#gate.held > 0) return;
    next.#predecessor = null;
    this.#handedOver = this.#failure === null;
    this.#drop(new ConnectionLostError(this.where, 'another connection has taken over'));
    next.#gate.open();
  }

  /** Resolves when the socket is gone. */
  get closed(): Promise<void> {
    const next = this.#successor;
    return next ? this.#closed.then(() => next.closed) : this.#closed;
  }
}

function throttleOf({ throttle }: Pending, frame: Buffer, bodyAt: number): number {
  if (throttle === null) return 0;
  const at = throttle === 'first' ? bodyAt : frame.length - 4;
  return at >= 0 && at + 4 <= frame.length ? frame.readInt32BE(at) : 0;
}

function takeValue<T>(held: Held<T>): T {
  held.slab?.release();
  return held.value;
}
