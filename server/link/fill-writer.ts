// Fills offsets that hold no record at one destination broker, many partitions at a time, by markers or by empty transactions (fill.ts says when which).
// The end offset before and after is the truth; what is of unknown fate is waited for.
import { REPLICA_DEBUG } from '@/server/kafka/wire/apis/list-offsets';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode, errorName, isRetriableCode, KafkaError } from '@/server/kafka/wire/errors';
import { confirmEnds, fillable } from './confirm-ends';
import { MARKERS_PER_REQUEST, RETRY_MS } from './defaults';
import {
  acceptFill,
  beginFill,
  type Fill,
  type FillWay,
  missingFillRight,
  settleFill,
  undoFill,
} from './fill';
import type { FillTransaction } from './fill-transaction';
import type { LinkContext } from './link-context';
import { writeMarkers } from './markers';
import { type MirrorEnds, mirrorEnds } from './mirror-ends';
import type { FillStep, MirrorPartition } from './partition';
import { settle } from './writer';

export class FillWriter {
  readonly brokerId: number;
  readonly #link: LinkContext;
  readonly #waiting = new Set<MirrorPartition>();
  #running = false;
  #wake: NodeJS.Timeout | null = null;

  constructor(link: LinkContext, brokerId: number) {
    this.#link = link;
    this.brokerId = brokerId;
  }

  /** The partition's next step is a fill, and nothing of it is in flight. */
  add(partition: MirrorPartition): void {
    this.#waiting.add(partition);
    this.#start();
  }
  remove(partition: MirrorPartition): void {
    this.#waiting.delete(partition);
  }
  close(): void {
    if (this.#wake) clearTimeout(this.#wake);
    this.#wake = null;
    this.#waiting.clear();
  }

  #later(ms: number): void {
    this.#wake ??= setTimeout(() => {
      this.#wake = null;
      this.#start();
    }, ms);
  }

  #start(): void {
    if (this.#running || this.#link.stopping) return;
    this.#running = true;
    setImmediate(() => {
      this.#run()
        .catch((error: Error) => {
          const where = this.#link.destination.where(this.brokerId);
          this.#link.log('debug', `fills at ${where}: ${error.message}`);
          this.#link.refreshMetadata();
          this.#later(300);
        })
        .finally(() => {
          this.#running = false;
          if (this.#waiting.size > 0 && !this.#wake) this.#start();
        });
    });
  }

  async #run(): Promise<void> {
    if (this.#link.stopping) return;
    const candidates = this.#candidates();
    if (candidates.length === 0) return;
    if (!this.#link.identity.owned(performance.now())) {
      try {
        await this.#link.identity.check();
      } catch (error) {
        if (this.#link.identity.superseded) this.#link.standDown(error as Error);
        throw error;
      }
    }
    const connection = await this.#link.destination.connection(this.brokerId, 'markers');
    if (this.#link.fills.way === 'MARKERS') {
      const ready = await this.#confirmEnds(connection, candidates);
      if (ready.length > 0) await this.#byMarkers(connection, ready);
    } else await this.#takeTransactions(connection, candidates);
  }

  #candidates(): MirrorPartition[] {
    const now = performance.now();
    const candidates: MirrorPartition[] = [];
    for (const partition of this.#waiting) {
      if (!fillable(partition)) this.#waiting.delete(partition);
      else if (unsafe(partition, now))
        this.#later(Math.min(1_000, Math.max(1, partition.unsafeUntilMs - now)));
      else candidates.push(partition);
    }
    return candidates;
  }

  async #confirmEnds(connection: Connection, partitions: MirrorPartition[]): Promise<MirrorPartition[]> {
    const { ready, unsafe: trailing, wrong } = await confirmEnds(connection, partitions);
    for (const [partition, why] of wrong) this.#recover(partition, why);
    if (trailing) this.#later(10);
    return ready;
  }

  #recover(partition: MirrorPartition, why: string, settled?: Promise<boolean>): void {
    this.#waiting.delete(partition);
    if (settled) this.#link.unsettled(partition, settled);
    this.#link.recover(partition, why);
    if (settled) partition.message ??= `Waiting until a fill of unknown fate is settled: ${why}.`;
  }

  async #byMarkers(connection: Connection, ready: MirrorPartition[]): Promise<void> {
    // Within one request's limit, shared evenly.
    const each = Math.max(1, Math.floor(MARKERS_PER_REQUEST / ready.length));
    const fills = ready.slice(0, MARKERS_PER_REQUEST).map((partition) => beginFill(partition, each));
    let errors: Map<string, number>;
    let ends: MirrorEnds;
    try {
      // A broker works through one connection in order: the ends are read behind the markers, in one round trip.
      [errors, ends] = await Promise.all([
        writeMarkers(connection, fills, this.#link.tuning.markersTimeoutMs),
        mirrorEnds(connection, partitionsOf(fills), REPLICA_DEBUG),
      ]);
    } catch (error) {
      this.#lost(connection, fills, error);
      return;
    }
    for (const fill of fills)
      if (settleFill(fill)) this.#judge(fill, 'MARKERS', ends, errors.get(fill.partition.name));
  }

  /** Acquired before the ends are confirmed: between that look and the first append nothing is waited for. */
  async #takeTransactions(connection: Connection, candidates: MirrorPartition[]): Promise<void> {
    const wanted = candidates.reduce((most, p) => Math.max(most, Number((p.peek() as FillStep).count)), 1);
    const transactions = await this.#link.fills.acquire(wanted, this.brokerId);
    let ready: MirrorPartition[] = [];
    try {
      ready = await this.#confirmEnds(connection, candidates);
    } finally {
      if (ready.length === 0) this.#link.fills.release(transactions);
    }
    if (ready.length > 0) await this.#byTransactions(connection, ready, transactions);
  }

  async #byTransactions(
    connection: Connection,
    ready: MirrorPartition[],
    transactions: FillTransaction[],
  ): Promise<void> {
    const fills = ready.map((partition) => beginFill(partition, transactions.length));
    const fates = await this.#link.fills.append(transactions, fills);
    const known: Fill[] = [];
    for (const fill of fills) {
      const fate = fates.get(fill);
      const current = settleFill(fill);
      // Another life of the partition has to wait for it as well.
      if (fate?.kind === 'UNKNOWN') this.#recover(fill.partition, fate.why, fate.settled);
      else if (current) known.push(fill);
    }
    try {
      const ends = await mirrorEnds(connection, partitionsOf(known), REPLICA_DEBUG);
      for (const fill of known) {
        const fate = fates.get(fill);
        this.#judge(fill, 'TRANSACTIONS', ends, fate?.kind === 'REFUSED' ? fate.code : undefined);
      }
    } catch (error) {
      for (const { partition } of known) this.#recover(partition, (error as Error).message);
      throw error;
    }
  }

  #judge(fill: Fill, way: FillWay, ends: MirrorEnds, code: number | undefined): void {
    const { partition } = fill;
    const end = ends.get(partition);
    const target = fill.from + BigInt(fill.count);
    if (end?.errorCode !== 0)
      this.#recover(partition, `ListOffsets after a fill: ${errorName(end?.errorCode ?? -1)}`);
    else if (code !== undefined) this.#refused(fill, way, code, end.offset);
    else if (end.offset !== target)
      this.#recover(partition, `the mirror ends at ${end.offset} after a fill to ${target}`);
    else {
      if (acceptFill(fill, way)) this.#waiting.delete(partition);
      this.#link.writable(partition);
    }
  }

  #refused(fill: Fill, way: FillWay, code: number, end: bigint): void {
    const { partition } = fill;
    const untouched = end === fill.from;
    if (way === 'MARKERS' && code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED) {
      this.#link.fills.markersRefused();
      if (untouched) undoFill(fill);
      else this.#recover(partition, errorName(code));
      return;
    }
    // Another partition of the same transaction was refused, or the coordinator of an id was not reached.
    if (code === ErrorCode.OPERATION_NOT_ATTEMPTED) {
      if (untouched) undoFill(fill);
      else this.#recover(partition, errorName(code));
      return;
    }
    if (
      code === ErrorCode.TOPIC_AUTHORIZATION_FAILED ||
      code === ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
    ) {
      partition.awaitRight(missingFillRight(partition, code, this.#link.identity.transactionalId), RETRY_MS);
      this.#recover(partition, errorName(code));
      return;
    }
    if (code === ErrorCode.INVALID_PRODUCER_EPOCH || code === ErrorCode.PRODUCER_FENCED) {
      this.#waiting.delete(partition);
      this.#link.identity.check().then(
        () => this.#link.recover(partition, errorName(code)),
        (error: Error) =>
          this.#link.identity.superseded
            ? this.#link.standDown(error)
            : this.#link.recover(partition, error.message),
      );
      return;
    }
    if (!isRetriableCode(code)) this.#link.log('warn', `a fill of ${partition.name}: ${errorName(code)}`);
    this.#recover(partition, `a fill: ${errorName(code)}`);
  }

  #lost(connection: Connection, fills: Fill[], error: unknown): void {
    this.#link.destination.detach(this.brokerId, 'markers');
    this.#link.refreshMetadata();
    const settled = settle(connection, this.#link.tuning.halfCloseWaitMs);
    const why = error instanceof KafkaError ? error.message : String(error);
    for (const { partition, generation, epoch } of fills) {
      partition.outstanding--;
      partition.unsafeBelowEpoch = Math.max(partition.unsafeBelowEpoch, epoch + 1);
      this.#waiting.delete(partition);
      this.#link.unsettled(partition, settled);
      if (generation === partition.generation) this.#link.recover(partition, why);
    }
  }
}

/** Markers have no sequence number. They are safe once nothing older can arrive, or when a batch of ours has shown that the old life was at its end. */
function unsafe(partition: MirrorPartition, now: number): boolean {
  return now < partition.unsafeUntilMs && partition.alone;
}

function partitionsOf(fills: readonly Fill[]): MirrorPartition[] {
  return fills.map((fill) => fill.partition);
}
