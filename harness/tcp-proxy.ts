// Stands between clients and one broker, and breaks what a network breaks: an answer that never arrives, a connection that is reset,
// silence. It reads Kafka's frames, so that one request of one client can be picked out; it never changes a byte.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';

export type SeenRequest = { api: number; version: number; correlationId: number; clientId: string };

/**
 * What becomes of a request. `dropped`: the broker never gets it, nor anything behind it on that connection.
 * `answerLost`: it is carried out, but neither its answer arrives nor anything behind · `answerReset`: the connection ends in place of the answer
 * `late`: it stays in the network with all that is behind it, also when its client has gone, and arrives when `deliver` is called
 */
export type Fate = 'arrives' | 'dropped' | 'answerLost' | 'answerReset' | 'late';

export class TcpProxy {
  /** Asked for every request of every client, in the order in which they come. */
  fate: (request: SeenRequest) => Fate = () => 'arrives';
  /** Told of every answer that reaches its client. */
  answered: (request: SeenRequest, bytes: number) => void = () => {};
  /** The broker behind it; to be set before the first client comes. */
  targetPort = 0;
  readonly #server: Server;
  readonly #passages = new Set<Passage>();
  #silentFor: ((clientId: string) => boolean) | null = null;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (client) => {
      const passage = new Passage(client, this.targetPort, {
        fate: (request) => this.fate(request),
        answered: (request, bytes) => this.answered(request, bytes),
        silent: (clientId) => this.#silentFor?.(clientId) ?? false,
      });
      this.#passages.add(passage);
      void passage.over.then(() => this.#passages.delete(passage));
    });
  }

  static async start(): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on nothing passes for these clients, either way; connections stay open, and new ones are taken. */
  silence(clients: (clientId: string) => boolean = () => true): void {
    this.#silentFor = clients;
  }
  /** What was held back goes on, in order. */
  speak(): void {
    this.#silentFor = null;
    for (const passage of this.#passages) passage.goOn();
  }

  /** What was late arrives now, the longest held back first. */
  deliver(most = Number.POSITIVE_INFINITY): void {
    for (const passage of this.#passages) if (most > 0 && passage.deliver()) most--;
  }

  async close(): Promise<void> {
    for (const passage of this.#passages) passage.end();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

type Rules = {
  fate: (request: SeenRequest) => Fate;
  answered: (request: SeenRequest, bytes: number) => void;
  silent: (clientId: string) => boolean;
};

/** One client's connection and the one to the broker that stands for it. */
class Passage {
  readonly #client: Socket;
  readonly #broker: Socket;
  readonly #rules: Rules;
  readonly #upward = new Frames();
  readonly #downward = new Frames();
  /** By correlation id, until they are answered. */
  readonly #asked = new Map<number, { request: SeenRequest; fate: Fate }>();
  #clientId = '';
  #upStuck = false;
  #downStuck = false;
  /** Held back on its way to the broker. */
  #late: Buffer[] | null = null;
  /** The broker's side has closed. */
  readonly over: Promise<unknown>;

  constructor(client: Socket, targetPort: number, rules: Rules) {
    this.#client = client;
    this.#rules = rules;
    this.#broker = tcpConnect({ host: '127.0.0.1', port: targetPort, noDelay: true, allowHalfOpen: true });
    this.over = once(this.#broker, 'close').catch(() => undefined);
    client.setNoDelay(true);
    client.on('data', (bytes) => this.#fromClient(bytes));
    this.#broker.on('data', (bytes) => this.#fromBroker(bytes));
    // A half-closed side is half-closed on the other one, too, as it would be without us.
    client.on('end', () => this.#late ?? this.#broker.end());
    this.#broker.on('end', () => client.end());
    for (const socket of [client, this.#broker]) {
      socket.on('error', () => this.#over());
      socket.on('close', () => this.#over());
    }
  }

  #over(): void {
    // What is in the network arrives, whoever has gone.
    if (this.#late) this.#client.destroy();
    else this.end();
  }

  /** @returns whether there was anything */
  deliver(): boolean {
    const late = this.#late;
    if (!late) return false;
    this.#late = null;
    for (const frame of late) this.#broker.write(frame);
    if (this.#client.readableEnded || this.#client.destroyed) this.#broker.end();
    return true;
  }

  end(): void {
    this.#client.destroy();
    this.#broker.destroy();
  }

  goOn(): void {
    this.#fromClient(Buffer.alloc(0));
    this.#fromBroker(Buffer.alloc(0));
  }

  #fromClient(bytes: Buffer): void {
    this.#upward.push(bytes);
    for (let frame = this.#upward.first(); frame; frame = this.#upward.first()) {
      const request = requestOf(frame);
      this.#clientId = request.clientId;
      if (this.#upStuck || this.#rules.silent(this.#clientId)) return;
      this.#upward.shift();
      const fate = this.#rules.fate(request);
      this.#asked.set(request.correlationId, { request, fate });
      if (fate === 'late') this.#late ??= [];
      if (fate === 'dropped') this.#upStuck = true;
      else if (this.#late) this.#late.push(Buffer.from(frame));
      else this.#broker.write(frame);
    }
  }

  #fromBroker(bytes: Buffer): void {
    this.#downward.push(bytes);
    for (let frame = this.#downward.first(); frame; frame = this.#downward.first()) {
      if (this.#downStuck || this.#rules.silent(this.#clientId)) return;
      this.#downward.shift();
      const asked = this.#asked.get(frame.readInt32BE(4));
      this.#asked.delete(frame.readInt32BE(4));
      const fate = asked?.fate ?? 'arrives';
      if (fate === 'answerReset') {
        this.#client.resetAndDestroy();
        return;
      }
      if (fate === 'answerLost') this.#downStuck = true;
      else {
        if (asked) this.#rules.answered(asked.request, frame.length);
        this.#client.write(frame);
      }
    }
  }
}

/** Cuts a stream of bytes into Kafka's frames: a length of four bytes, and so many bytes. */
class Frames {
  #bytes: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }
  /** The first whole frame with its length, or null. */
  first(): Buffer | null {
    if (this.#bytes.length < 4) return null;
    const length = 4 + this.#bytes.readInt32BE(0);
    return this.#bytes.length < length ? null : this.#bytes.subarray(0, length);
  }
  shift(): void {
    this.#bytes = this.#bytes.subarray(4 + this.#bytes.readInt32BE(0));
  }
}

/** Request header: api key, api version, correlation id, client id. */
function requestOf(frame: Buffer): SeenRequest {
  const length = Math.max(0, frame.readInt16BE(12));
  return {
    api: frame.readInt16BE(4),
    version: frame.readInt16BE(6),
    correlationId: frame.readInt32BE(8),
    clientId: frame.toString('utf8', 14, 14 + length),
  };
}
