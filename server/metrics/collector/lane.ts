/**
 * One broker as the collector sees it, from sweep to sweep: whether it answers, how quickly, how often it went and came back. A broker that is silent
 * holds up nobody: it is asked one small question, and nothing else until that is answered.
 */
import { kafkaVersionOf } from '@/server/kafka/kafka-version';
import { type ApiVersionsResponse, apiVersions } from '@/server/kafka/wire/apis/api-versions';
import type { BrokerAddress } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient, Purpose } from '@/server/kafka/wire/cluster-client';
import type { Connection } from '@/server/kafka/wire/connection';
import { KafkaError } from '@/server/kafka/wire/errors';
import { certificateLookMs, requestTimeoutMs } from './limits';

export class LaneSilent extends KafkaError {
  constructor(where: string) {
    super(`${where} does not answer`, { retriable: true });
    this.name = 'LaneSilent';
  }
}

export class BrokerLane {
  readonly id: number;
  readonly #client: ClusterClient;
  address: BrokerAddress | null = null;
  inService = false;
  fenced: boolean | null = null;
  reachable: boolean | null = null;
  trouble: string | null = null;
  sinceMs: number | null = null;
  stateChanges = 0;
  latencyMs: number | null = null;
  told: ApiVersionsResponse | null = null;
  kafkaVersion: string | null = null;
  certificateExpiresMs: number | null = null;
  #certificateReadMs = Number.NEGATIVE_INFINITY;
  #probe: Promise<boolean> | null = null;
  /** Answered late, or not at all, in the sweep before. */
  suspect = false;

  constructor(id: number, client: ClusterClient) {
    this.id = id;
    this.#client = client;
  }

  /** One question at a time, however long it takes: a second one would only wait behind it. */
  probe(nowMs: () => number): Promise<boolean> {
    this.#probe ??= this.#ask(nowMs).finally(() => {
      this.#probe = null;
    });
    return this.#probe;
  }

  /** When the question that is on its way, if there is one, has been answered. */
  async answered(): Promise<void> {
    await this.#probe;
  }

  async #ask(nowMs: () => number): Promise<boolean> {
    try {
      this.#renew(nowMs());
      const connection = await this.#client.connection(this.id, 'control');
      const asked = performance.now();
      const request = { clientName: 'landbridge', clientVersion: '1' };
      const told = await connection.request(apiVersions, request, { timeoutMs: requestTimeoutMs });
      this.latencyMs = performance.now() - asked;
      this.told = told;
      this.kafkaVersion = kafkaVersionOf(told.apis, told.metadataVersion);
      this.#certificate(connection, nowMs());
      this.is(true, null, nowMs());
      return true;
    } catch (error) {
      // Nobody may be waiting: whatever it is, it is why the broker is not reached.
      this.is(false, error instanceof Error ? error.message : String(error), nowMs());
      return false;
    }
  }

  /** A connection keeps the certificate that it began with: now and then it is made anew. */
  #renew(nowMs: number): void {
    if (this.certificateExpiresMs === null || nowMs - this.#certificateReadMs < certificateLookMs) return;
    this.#certificateReadMs = nowMs;
    this.#client.drop(this.id);
  }
  #certificate(connection: Connection, nowMs: number): void {
    const expiresMs = connection.certificateExpiresMs;
    if (expiresMs === null) return;
    if (this.certificateExpiresMs === null) this.#certificateReadMs = nowMs;
    this.certificateExpiresMs = expiresMs;
  }

  /** What was seen now; the first look changes nothing. */
  is(reachable: boolean, trouble: string | null, nowMs: number): void {
    if (this.reachable !== null && this.reachable !== reachable) this.stateChanges++;
    if (this.reachable !== reachable) this.sinceMs = nowMs;
    this.reachable = reachable;
    this.trouble = trouble;
    if (!reachable) {
      this.latencyMs = null;
      this.suspect = true;
    } else this.suspect = false;
  }

  leftService(nowMs: number): void {
    this.inService = false;
    if (this.reachable !== false) this.is(false, 'It is not in service.', nowMs);
  }

  /** @throws LaneSilent when it has not even answered the small question, KafkaError as the connection does */
  async connection(purpose: Purpose): Promise<Connection> {
    if (this.#probe && !(await this.#probe)) throw new LaneSilent(this.#client.where(this.id));
    if (this.reachable === false) throw new LaneSilent(this.#client.where(this.id));
    return this.#client.connection(this.id, purpose);
  }
}
