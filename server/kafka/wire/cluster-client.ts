// A client of one cluster: bootstrap, metadata, one connection per broker and purpose, reconnects with back-off and jitter.
import type { Api } from './api';
import { type ClusterMetadata, clusterMetadata } from './apis/cluster-metadata';
import { type BrokerAddress, type MetadataHead, type MetadataResponse, metadata } from './apis/metadata';
import { COORDINATOR_TRANSACTION, findCoordinator } from './apis/producer-id';
import { Connection, type ConnectionOptions, type Security } from './connection';
import { ConnectionLostError, KafkaError, ProtocolError } from './errors';
import type { SlabPool } from './slab';

export type ClusterClientOptions = {
  /** For messages: the operator's name of the cluster. */
  name: string;
  bootstrapServers: string[];
  security: Security;
  clientId: string;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
};

/** Connections of different purposes never wait for each other: a broker serves one request a connection at a time. */
export type Purpose =
  | 'control'
  | 'groups'
  | 'sweep'
  | 'quorum'
  | 'configs'
  | 'fetch'
  | 'produce'
  | 'markers'
  | 'verify'
  | `fill-${number}`;

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** A broker that takes longer to tell its metadata counts as not answering: others are asked. */
const METADATA_TIMEOUT_MS = 10_000;
const NOBODY: ReadonlySet<number> = new Set();
const BACKOFF_FIRST_MS = 50;
const BACKOFF_MAX_MS = 5_000;
const MAX_CONTROL_FRAME_BYTES = 256 * 1024 * 1024;
/** Above Kafka's message size limit of 1 GiB nothing can be honest. */
const MAX_BULK_FRAME_BYTES = 1024 * 1024 * 1024;

/** Brokers to `avoid` are asked last. */
type Candidates = { avoid?: ReadonlySet<number>; timeoutMs?: number };

type Slot = {
  /** Another connection of the same kind, not yet in its place. */
  dial: () => Promise<Connection>;
  connection: Connection | null;
  opening: Promise<Connection> | null;
  failures: number;
  notBefore: number;
};

/** A broker that holds us back by a quota. */
export type Throttled = { where: string; api: string };
/** A quota shows again with each request: it counts as at work for so long after its last delay. */
const THROTTLE_SHOWN_MS = 10_000;

export class ClusterClient {
  readonly name: string;
  readonly #options: ClusterClientOptions;
  readonly #slots = new Map<string, Slot>();
  #security: Security;
  #brokers = new Map<number, BrokerAddress>();
  #clusterId: string | null = null;
  #closed = false;
  #throttled: (Throttled & { untilMs: number }) | null = null;

  constructor(options: ClusterClientOptions) {
    this.name = options.name;
    this.#options = options;
    this.#security = options.security;
  }

  get clusterId(): string | null {
    return this.#clusterId;
  }
  /** Which broker has held us back lately; null: none. */
  get throttled(): Throttled | null {
    return this.#throttled && performance.now() < this.#throttled.untilMs ? this.#throttled : null;
  }
  get brokers(): BrokerAddress[] {
    return [...this.#brokers.values()];
  }

  /** Names a broker for messages. */
  where(brokerId: number): string {
    const broker = this.#brokers.get(brokerId);
    return broker
      ? `broker ${brokerId} (${broker.host}:${broker.port}) of ${this.name}`
      : `broker ${brokerId} of ${this.name}`;
  }

  /**
   * Asks any broker for metadata; known brokers first, then every bootstrap server, resolved anew.
   * @param topics null for all; `operations` asks what the principal may do with each; brokers to `avoid` are asked last
   * @throws the last KafkaError when nobody answers
   */
  async metadata(
    topics: string[] | null,
    options: { operations?: boolean } & Candidates = {},
  ): Promise<MetadataResponse> {
    return this.#askAny(metadata, { topics, operations: options.operations ?? false }, options);
  }

  /** All topics, in columns; otherwise as `metadata`. */
  clusterMetadata(candidates: Candidates = {}): Promise<ClusterMetadata> {
    return this.#askAny(clusterMetadata, {}, candidates);
  }

  async #askAny<Request, Response extends MetadataHead>(
    api: Api<Request, Response>,
    request: Request,
    { avoid = NOBODY, timeoutMs = METADATA_TIMEOUT_MS }: Candidates,
  ): Promise<Response> {
    let last: KafkaError | null = null;
    for (const connect of this.#candidates(avoid)) {
      try {
        const connection = await connect();
        const response = await connection.request(api, request, { timeoutMs });
        this.#learn(response);
        return response;
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        last = error;
        if (this.#closed) break;
      }
    }
    throw last ?? new ConnectionLostError(this.name, 'no broker is known');
  }

  #candidates(avoid: ReadonlySet<number>): (() => Promise<Connection>)[] {
    const known = [...this.#brokers.keys()].map((id) => ({ id, slot: this.#slots.get(`control:${id}`) }));
    // Connected brokers first, then those not known to be failing.
    const order = ({ id, slot }: (typeof known)[number]) => rank(slot) + (avoid.has(id) ? 3 : 0);
    known.sort((a, b) => order(a) - order(b));
    const bootstrap = this.#options.bootstrapServers.map(
      (server) => () => this.#open(`bootstrap:${server}`, server, `bootstrap server of ${this.name}`, null),
    );
    return [
      ...known.map(
        ({ id }) =>
          () =>
            this.connection(id, 'control'),
      ),
      ...bootstrap,
    ];
  }

  #learn(response: MetadataHead): void {
    if (response.clusterId !== null) this.#clusterId = response.clusterId;
    for (const broker of response.brokers) {
      const before = this.#brokers.get(broker.id);
      if (before && (before.host !== broker.host || before.port !== broker.port)) this.drop(broker.id);
    }
    this.#brokers = new Map(response.brokers.map((broker) => [broker.id, broker]));
    // The bootstrap connections have done their work once real brokers are known.
    for (const [key, slot] of this.#slots) {
      if (key.startsWith('bootstrap:') && slot.connection?.inFlight === 0) {
        slot.connection.destroy(new ConnectionLostError(this.name, 'no longer needed'));
        this.#slots.delete(key);
      }
    }
  }

  /** The connection to a broker for a purpose, opened when needed. `pool` takes large answers. @throws ConnectError, ConnectionLostError */
  async connection(brokerId: number, purpose: Purpose, pool: SlabPool | null = null): Promise<Connection> {
    const broker = this.#brokers.get(brokerId);
    if (!broker)
      throw new ConnectionLostError(this.where(brokerId), 'the broker is not in the cluster at present');
    return this.#open(
      `${purpose}:${brokerId}`,
      `${broker.host}:${broker.port}`,
      `broker ${brokerId} of ${this.name}`,
      pool,
    );
  }

  async #open(key: string, server: string, label: string, pool: SlabPool | null): Promise<Connection> {
    if (this.#closed) throw new ConnectionLostError(this.name, 'the client is closed');
    let slot = this.#slots.get(key);
    if (!slot) {
      const dial = () => Connection.open(this.#connectionOptions(server, label, pool));
      slot = { dial, connection: null, opening: null, failures: 0, notBefore: 0 };
      this.#slots.set(key, slot);
    }
    if (slot.connection?.usable) return slot.connection;
    slot.opening ??= this.#connect(key, slot, label);
    return slot.opening;
  }

  async #connect(key: string, slot: Slot, label: string): Promise<Connection> {
    try {
      const wait = slot.notBefore - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const connection = await slot.dial();
      // Closed or dropped while it was opening: nobody would ever end it.
      if (this.#closed || this.#slots.get(key) !== slot) {
        const gone = new ConnectionLostError(
          label,
          this.#closed ? 'the client is closed' : 'the broker has moved',
        );
        connection.destroy(gone);
        throw gone;
      }
      slot.connection = connection;
      slot.failures = 0;
      return connection;
    } catch (error) {
      slot.failures++;
      const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(slot.failures, 10));
      slot.notBefore = performance.now() + ceiling * (0.5 + Math.random() / 2);
      throw error;
    } finally {
      slot.opening = null;
    }
  }

  #connectionOptions(server: string, label: string, pool: SlabPool | null): ConnectionOptions {
    const colon = server.lastIndexOf(':');
    return {
      host: server.slice(0, colon).replace(/^\[|\]$/g, ''),
      port: Number(server.slice(colon + 1)),
      label,
      security: this.#security,
      clientId: this.#options.clientId,
      connectTimeoutMs: this.#options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      requestTimeoutMs: this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      maxFrameBytes: pool ? MAX_BULK_FRAME_BYTES : MAX_CONTROL_FRAME_BYTES,
      pool,
      onThrottle: (api, throttleMs) => {
        this.#throttled = { where: label, api, untilMs: performance.now() + throttleMs + THROTTLE_SHOWN_MS };
      },
    };
  }

  /** The broker that coordinates a transactional id. @throws ProtocolError */
  async transactionCoordinator(transactionalId: string): Promise<number> {
    const any = await this.anyConnection();
    const answer = await any.request(findCoordinator, {
      key: transactionalId,
      keyType: COORDINATOR_TRANSACTION,
    });
    if (answer.errorCode !== 0)
      throw new ProtocolError(answer.errorCode, any.where, 'FindCoordinator', answer.errorMessage ?? '');
    if (!this.#brokers.has(answer.nodeId)) await this.metadata([]);
    return answer.nodeId;
  }

  /** A control connection to whichever broker answers. */
  async anyConnection(): Promise<Connection> {
    for (const broker of this.brokers) {
      const slot = this.#slots.get(`control:${broker.id}`);
      if (slot?.connection?.usable) return slot.connection;
    }
    await this.metadata([]);
    let last: unknown = new ConnectionLostError(this.name, 'the cluster names no broker');
    for (const broker of this.brokers) {
      try {
        return await this.connection(broker.id, 'control');
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  /** Takes a connection out of use and hands it over, so that its owner can settle or destroy it. */
  detach(brokerId: number, purpose: Purpose): Connection | null {
    const slot = this.#slots.get(`${purpose}:${brokerId}`);
    const connection = slot?.connection ?? null;
    if (slot) slot.connection = null;
    return connection;
  }

  /** Drops all connections to a broker. */
  drop(brokerId: number): void {
    for (const [key, slot] of this.#slots) {
      if (!key.endsWith(`:${brokerId}`) || key.startsWith('bootstrap:')) continue;
      slot.connection?.destroy(new ConnectionLostError(this.where(brokerId), 'the broker has moved'));
      this.#slots.delete(key);
    }
  }

  /**
   * Signs in with other credentials from now on. Connections that are open hand over to new ones: no request is lost or
   * overtaken. One that can't be replaced stays as it is, until it ends.
   * @throws the first KafkaError of those
   */
  async replaceSecurity(security: Security): Promise<void> {
    this.#security = security;
    const results = await Promise.allSettled(
      [...this.#slots].map(([key, slot]) => this.#replace(key, slot, security)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #replace(key: string, slot: Slot, security: Security): Promise<void> {
    // What was refused before may be welcome now.
    slot.failures = 0;
    slot.notBefore = 0;
    // One that is just being opened may still sign in with what it began with.
    await slot.opening?.catch(() => null);
    const old = slot.connection;
    if (!old?.usable) return;
    const next = await slot.dial();
    // Closed, dropped, lost or replaced by somebody else meanwhile.
    if (
      slot.connection === old &&
      this.#slots.get(key) === slot &&
      old.usable &&
      this.#security === security
    ) {
      old.handOver(next);
      slot.connection = next;
    } else next.destroy(new ConnectionLostError(next.where, 'no longer needed'));
  }

  close(): void {
    this.#closed = true;
    for (const slot of this.#slots.values())
      slot.connection?.destroy(new ConnectionLostError(this.name, 'the client was closed'));
    this.#slots.clear();
  }
}

function rank(slot: Slot | undefined): number {
  if (slot?.connection?.usable) return 0;
  return slot && slot.failures > 0 ? 2 : 1;
}
