// The transactional ids that fill for one link, side by side, and which of the two ways fills go at present.
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, ProtocolError } from '@/server/kafka/wire/errors';
import { FILL_TRANSACTIONS, FILL_TRANSACTIONS_FOR_OTHERS } from './defaults';
import type { Fill, FillWay } from './fill';
import { type FillOutcome, FillTransaction } from './fill-transaction';
import type { LinkIdentity } from './identity';
import { mayWriteMarkers } from './markers';
import { groupByTopic } from './partition-groups';

/** What became of one partition's fill. `settled` resolves when nothing of it can be appended any more. */
export type FillFate =
  | { kind: 'DONE' }
  | { kind: 'REFUSED'; code: number }
  | { kind: 'UNKNOWN'; why: string; settled: Promise<boolean> };

export type FillPorts = {
  stopping(): boolean;
  /** Another engine has taken over. */
  standDown(error: Error): void;
  /** Fills go another way from now on. */
  wayChanged(way: FillWay): void;
  log(level: 'debug' | 'info' | 'warn', message: string): void;
};

export class FillTransactions {
  readonly #client: ClusterClient;
  readonly #identity: LinkIdentity;
  readonly #ports: FillPorts;
  readonly #all: FillTransaction[];
  readonly #free: FillTransaction[];
  readonly #waiting: (() => void)[] = [];
  /** The destination broker whose partitions an id fills now. */
  readonly #holders = new Map<FillTransaction, number>();
  /** Brokers take fills by transactions for good: only tests say so. */
  readonly #forced: boolean;
  readonly #probeMs: number;
  #way: FillWay;
  #takenOver: Promise<void> | null = null;
  #probedMs = 0;

  constructor(
    client: ClusterClient,
    identity: LinkIdentity,
    ports: FillPorts,
    tuning: { fillWay: FillWay | null; markerProbeMs: number },
  ) {
    this.#client = client;
    this.#identity = identity;
    this.#ports = ports;
    this.#forced = tuning.fillWay !== null;
    this.#probeMs = tuning.markerProbeMs;
    this.#way = tuning.fillWay ?? 'MARKERS';
    this.#all = Array.from(
      { length: FILL_TRANSACTIONS },
      (_, n) =>
        new FillTransaction(client, `${identity.transactionalId}-fill-${n}`, n, () => identity.check()),
    );
    this.#free = [...this.#all];
  }

  get way(): FillWay {
    return this.#way;
  }

  /** Whose marker that is. */
  owns(producerId: bigint): boolean {
    return this.#all.some((t) => t.producerId === producerId);
  }

  // --- taking over ---

  /**
   * Once in an engine's life, before anything is appended: ends what an earlier engine's fills left open, and fences another engine that still fills.
   * The link's epoch must have been raised before. @throws KafkaError: try again
   */
  takeOver(): Promise<void> {
    this.#takenOver ??= Promise.all(this.#all.map((t) => this.#takeOverOne(t))).then(
      () => {},
      (error: unknown) => {
        this.#takenOver = null;
        throw error;
      },
    );
    return this.#takenOver;
  }

  async #takeOverOne(transaction: FillTransaction): Promise<void> {
    try {
      await transaction.takeOver();
    } catch (error) {
      // Without the right to this id nobody could have filled with it lately; what was open is ended by the coordinator within its timeout, which every
      // partition that goes on with a fill waits for.
      if (!(error instanceof ProtocolError) || error.code !== ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
        throw error;
      this.#ports.log('debug', error.message);
    }
  }

  // --- which way ---

  /** Markers were refused for want of a right on the cluster. */
  markersRefused(): void {
    this.#probedMs = performance.now();
    this.#go('TRANSACTIONS');
  }

  /** Looks from time to time whether markers may be written by now. */
  async probe(): Promise<void> {
    const now = performance.now();
    if (this.#way === 'MARKERS' || this.#forced || now - this.#probedMs < this.#probeMs) return;
    this.#probedMs = now;
    if (await mayWriteMarkers(await this.#client.anyConnection())) this.#go('MARKERS');
  }

  #go(way: FillWay): void {
    if (this.#way === way || this.#forced) return;
    this.#way = way;
    this.#ports.wayChanged(way);
  }

  // --- filling ---

  /** Takes up to `wanted` ids that are free, at least one; waits while there is none. Those of a broker that has gone stay with it for long. */
  async acquire(wanted: number, brokerId: number): Promise<FillTransaction[]> {
    while (this.#room(brokerId) <= 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const taken = this.#free.splice(0, Math.min(this.#room(brokerId), Math.max(1, wanted)));
    for (const transaction of taken) this.#holders.set(transaction, brokerId);
    return taken;
  }

  #room(brokerId: number): number {
    const alone = this.#client.brokers.length <= 1;
    const most = FILL_TRANSACTIONS - (alone ? 0 : FILL_TRANSACTIONS_FOR_OTHERS);
    const held = [...this.#holders.values()].filter((holder) => holder === brokerId).length;
    return Math.min(this.#free.length, most - held);
  }

  release(transactions: readonly FillTransaction[]): void {
    if (transactions.length === 0) return;
    this.#free.push(...transactions);
    for (const transaction of transactions) this.#holders.delete(transaction);
    for (const next of this.#waiting.splice(0)) next();
  }

  /** Each fill gets one marker from each of the first `count` transactions, all at the same time. Gives the transactions back. */
  async append(
    transactions: readonly FillTransaction[],
    fills: readonly Fill[],
  ): Promise<Map<Fill, FillFate>> {
    const fates = new Map<Fill, FillFate>(fills.map((fill) => [fill, { kind: 'DONE' }]));
    await Promise.all(
      transactions.map(async (transaction, n) => {
        const group = fills.filter((fill) => fill.count > n);
        if (group.length === 0) return this.release([transaction]);
        const topics = groupByTopic(
          group.map((fill) => fill.partition),
          (p) => p.index,
        );
        const outcome = await transaction.append(topics);
        const usable = outcome.kind === 'DONE' || outcome.kind === 'REFUSED';
        if (usable) this.release([transaction]);
        this.#note(fates, group, outcome, usable ? null : this.#settle(transaction));
      }),
    );
    return fates;
  }

  #note(
    fates: Map<Fill, FillFate>,
    group: readonly Fill[],
    outcome: FillOutcome,
    settled: Promise<boolean> | null,
  ): void {
    for (const fill of group) {
      const before = fates.get(fill);
      if (outcome.kind === 'UNKNOWN' && settled) {
        const all = before?.kind === 'UNKNOWN' ? both(before.settled, settled) : settled;
        fates.set(fill, { kind: 'UNKNOWN', why: outcome.why, settled: all });
      } else if (outcome.kind === 'UNSENT' && before?.kind === 'DONE') {
        fates.set(fill, { kind: 'REFUSED', code: ErrorCode.OPERATION_NOT_ATTEMPTED });
      } else if (outcome.kind === 'REFUSED' && before?.kind !== 'UNKNOWN') {
        const code = outcome.errors.get(fill.partition.name) ?? ErrorCode.OPERATION_NOT_ATTEMPTED;
        fates.set(fill, { kind: 'REFUSED', code });
      }
    }
  }

  /** Never resolves while a marker of unknown fate may come: a partition rather waits than goes on by chance. */
  #settle(transaction: FillTransaction): Promise<boolean> {
    const stopped = () => this.#ports.stopping() || this.#identity.superseded !== null;
    const failed = (error: Error) => {
      if (this.#identity.superseded) this.#ports.standDown(error);
      this.#ports.log('debug', `settling ${transaction.transactionalId}: ${error.message}`);
    };
    return transaction.barrier(stopped, failed).then(
      () => {
        this.release([transaction]);
        return true;
      },
      (error: Error) => {
        if (this.#identity.superseded) this.#ports.standDown(error);
        return false;
      },
    );
  }
}

async function both(a: Promise<boolean>, b: Promise<boolean>): Promise<boolean> {
  const [first, second] = await Promise.all([a, b]);
  return first && second;
}
