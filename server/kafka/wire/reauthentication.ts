// Renews the session of a signed-in connection before the broker ends it (KIP-368), behind whatever is in flight: a broker
// answers in order, and takes nothing but SASL until the sign-in is done. Requests that come meanwhile wait at the gate.
import { KafkaError } from './errors';
import type { SaslCredentials, SaslExchange } from './sasl/exchange';
import { prepareSignIn, type SendSasl, signIn } from './sasl/sign-in';
import type { SendGate } from './send-gate';

/** As Kafka's own clients: far enough before the end for a slow sign-in, spread so that not all connections do it at once. */
const EARLIEST = 0.85;
const LATEST = 0.95;
/** Brokers refuse it more often than once a second. */
const SHORTEST_MS = 1_050;
/** A token endpoint that is down may be up again before the session ends. */
const RETRY_MS = 1_000;

export type ReauthenticationPorts = {
  where: string;
  credentials: SaslCredentials;
  send: SendSasl;
  gate: SendGate;
  /** The gate is open again. */
  done: () => void;
  /** The connection is of no use any more. */
  giveUp: (error: KafkaError) => void;
};

export class Reauthentication {
  readonly #ports: ReauthenticationPorts;
  #timer: NodeJS.Timeout | null = null;
  #endsAtMs = 0;
  #stopped = false;

  constructor(ports: ReauthenticationPorts) {
    this.#ports = ports;
  }

  /** @param lifetimeMs of the session that begins now; null when it has no end */
  arm(lifetimeMs: number | null): void {
    if (lifetimeMs === null || this.#stopped) return;
    this.#endsAtMs = performance.now() + lifetimeMs;
    this.#later(reauthenticateAfterMs(lifetimeMs, Math.random()));
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #later(ms: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#renew(), ms);
    this.#timer.unref();
  }

  async #renew(): Promise<void> {
    const { where, credentials, gate } = this.#ports;
    let exchange: SaslExchange;
    try {
      exchange = await prepareSignIn(credentials, where);
    } catch (error) {
      // Without a token the session goes on as it is, and another try may get one.
      const left = this.#endsAtMs - performance.now();
      if (left > 0) this.#later(Math.min(RETRY_MS, left));
      else this.#giveUp(error);
      return;
    }
    if (this.#stopped) return;
    gate.close();
    try {
      this.arm(await signIn(this.#ports.send, credentials, exchange, where));
      gate.open();
      this.#ports.done();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #giveUp(cause: unknown): void {
    const error =
      cause instanceof KafkaError ? cause : new KafkaError(String(cause), { retriable: true, cause });
    this.#ports.giveUp(error);
  }
}

export function reauthenticateAfterMs(lifetimeMs: number, random: number): number {
  return Math.max(SHORTEST_MS, lifetimeMs * (EARLIEST + random * (LATEST - EARLIEST)));
}
