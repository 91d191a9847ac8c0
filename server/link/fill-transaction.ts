// One transactional id that fills: its transactions hold no data, so that each of them appends exactly one marker to every partition it names.
// Knows when nothing of it can arrive any more; which partitions need fills is not its business.
import { type AddedPartition, addPartitionsToTxn } from '@/server/kafka/wire/apis/add-partitions-to-txn';
import { endTxn } from '@/server/kafka/wire/apis/end-txn';
import { type DescribedTransaction, initProducerId } from '@/server/kafka/wire/apis/producer-id';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import type { Connection } from '@/server/kafka/wire/connection';
import { ConnectionLostError, ErrorCode, errorName, ProtocolError } from '@/server/kafka/wire/errors';
import { transactionOf } from './coordinator';
import { FILL_TIMEOUT_MS, FILL_TRANSACTION_TIMEOUT_MS } from './defaults';

export type FillOutcome =
  /** Each partition has its marker. */
  | { kind: 'DONE' }
  /** Nothing was appended; the errors by partition name. */
  | { kind: 'REFUSED'; errors: Map<string, number> }
  /** Nothing was appended, and nothing can be: the coordinator was not reached. `barrier` says when the id can be used again. */
  | { kind: 'UNSENT'; why: string }
  /** Markers may have been appended, or may be yet, until `barrier` has passed. */
  | { kind: 'UNKNOWN'; why: string };

/** After these the broker has done nothing, and asking again as we are would not help. */
const REFUSALS: ReadonlySet<number> = new Set([
  ErrorCode.TOPIC_AUTHORIZATION_FAILED,
  ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
]);
const COMPLETE: ReadonlySet<string> = new Set(['CompleteAbort', 'CompleteCommit', 'Empty']);
/** First guess of how long a transaction takes from its end to its last marker. */
const FIRST_TYPICAL_MS = 10;
const BARRIER_RETRY_MS = { busy: 10, first: 100, max: 2_000 };

export class FillTransaction {
  readonly transactionalId: string;
  readonly #client: ClusterClient;
  readonly #purpose: `fill-${number}`;
  /** Asks whether we still are the newest engine; throws when another one has taken over. */
  readonly #confirmOwned: () => Promise<void>;
  #producer: { producerId: bigint; producerEpoch: number } | null = null;
  #typicalMs = FIRST_TYPICAL_MS;
  /** The broker that coordinates this id; null after any error. */
  #coordinator: number | null = null;

  constructor(
    client: ClusterClient,
    transactionalId: string,
    index: number,
    confirmOwned: () => Promise<void>,
  ) {
    this.#client = client;
    this.transactionalId = transactionalId;
    this.#purpose = `fill-${index}`;
    this.#confirmOwned = confirmOwned;
  }

  /** −1 before the first use. */
  get producerId(): bigint {
    return this.#producer?.producerId ?? -1n;
  }

  /** One marker for each partition. After UNKNOWN, `barrier` must have passed before anything else is done with them. */
  async append(topics: { topic: string; partitions: number[] }[]): Promise<FillOutcome> {
    try {
      this.#producer ??= await this.#initialised();
    } catch (error) {
      this.#forget();
      if (error instanceof ProtocolError && REFUSALS.has(error.code)) return refused(topics, error.code);
      // The first call of an id, or one that was settled: nothing of ours is on its way.
      return { kind: 'UNSENT', why: (error as Error).message };
    }
    let connection: Connection;
    try {
      connection = await this.#connect();
    } catch (error) {
      this.#forget();
      return { kind: 'UNSENT', why: (error as Error).message };
    }
    try {
      return await this.#run(
        connection,
        { transactionalId: this.transactionalId, ...this.#producer },
        topics,
      );
    } catch (error) {
      this.#forget();
      return { kind: 'UNKNOWN', why: (error as Error).message };
    }
  }

  /** What is on the connection may still be carried out, until the epoch is raised: nothing more is sent on it. */
  #forget(): void {
    this.#producer = null;
    if (this.#coordinator === null) return;
    const connection = this.#client.detach(this.#coordinator, this.#purpose);
    connection?.destroy(new ConnectionLostError(connection.where, 'a fill transaction is of unknown fate'));
    this.#coordinator = null;
  }

  async #run(
    connection: Connection,
    id: { transactionalId: string; producerId: bigint; producerEpoch: number },
    topics: { topic: string; partitions: number[] }[],
  ): Promise<FillOutcome> {
    // The broker takes the second from the connection only when it has answered the first.
    const [added, ended] = await Promise.all([
      connection.request(addPartitionsToTxn, { ...id, topics }, { timeoutMs: FILL_TIMEOUT_MS }),
      connection.request(endTxn, { ...id, commit: false }, { timeoutMs: FILL_TIMEOUT_MS }),
    ]);
    if (isRefusal(added)) return { kind: 'REFUSED', errors: errorsOf(added) };
    const code = added.find((a) => a.errorCode !== 0)?.errorCode ?? ended.errorCode;
    if (code !== 0) {
      this.#forget();
      return { kind: 'UNKNOWN', why: `${this.transactionalId} at ${connection.where}: ${errorName(code)}` };
    }
    await this.#complete(connection);
    return { kind: 'DONE' };
  }

  /** EndTxn is answered before the markers are written: asks until all of them are. */
  async #complete(connection: Connection): Promise<void> {
    const beganMs = performance.now();
    let waitMs = this.#typicalMs * 0.7;
    for (;;) {
      await sleep(waitMs);
      const described = await this.#describe(connection);
      const tookMs = performance.now() - beganMs;
      if (described && COMPLETE.has(described.state)) {
        this.#typicalMs = this.#typicalMs * 0.8 + tookMs * 0.2;
        return;
      }
      if (tookMs > FILL_TIMEOUT_MS)
        throw new Error(`${this.transactionalId}: no markers within ${FILL_TIMEOUT_MS} ms`);
      waitMs = Math.max(1, tookMs * 0.2);
    }
  }

  #describe(connection: Connection): Promise<DescribedTransaction | null> {
    return transactionOf(connection, this.transactionalId, FILL_TIMEOUT_MS);
  }

  /**
   * Another engine, or a former life of ours, may have used this id: ends what it left open, and fences it. An id that nobody has used is left alone.
   * @throws KafkaError
   */
  async takeOver(): Promise<void> {
    // An id that was never used gets no connection of its own.
    const coordinator = await this.#client.transactionCoordinator(this.transactionalId);
    if ((await this.#describe(await this.#client.connection(coordinator, 'control'))) === null) return;
    this.#producer = await this.#initialised();
  }

  /** Resolves when no marker of an earlier append can arrive any more; tries until then. @throws when `stopped` says so, or another engine has taken over */
  async barrier(stopped: () => boolean, onFailure: (error: Error) => void): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        this.#producer = await this.#initialised();
        return;
      } catch (error) {
        this.#forget();
        if (stopped()) throw error;
        onFailure(error as Error);
        const ceiling = Math.min(BARRIER_RETRY_MS.max, BARRIER_RETRY_MS.first * 2 ** failures);
        await sleep(ceiling * (0.5 + Math.random() / 2));
        if (stopped()) throw error;
      }
    }
  }

  /** InitProducerId aborts what is open, and is answered only when the markers of all before it are written. */
  async #initialised(): Promise<{ producerId: bigint; producerEpoch: number }> {
    const deadlineMs = performance.now() + FILL_TIMEOUT_MS;
    for (;;) {
      const connection = await this.#connect();
      const answer = await connection.request(
        initProducerId,
        { transactionalId: this.transactionalId, transactionTimeoutMs: FILL_TRANSACTION_TIMEOUT_MS },
        { timeoutMs: FILL_TIMEOUT_MS },
      );
      if (answer.errorCode === 0) {
        // In this order: an engine that takes over raises the link's epoch first and its ids then. Either it has fenced this id, or we find out here.
        await this.#confirmOwned();
        return { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
      }
      if (answer.errorCode !== ErrorCode.CONCURRENT_TRANSACTIONS || performance.now() > deadlineMs)
        throw new ProtocolError(answer.errorCode, connection.where, 'InitProducerId', this.transactionalId);
      await sleep(BARRIER_RETRY_MS.busy);
    }
  }

  async #connect(): Promise<Connection> {
    this.#coordinator ??= await this.#client.transactionCoordinator(this.transactionalId);
    return this.#client.connection(this.#coordinator, this.#purpose);
  }
}

function isRefusal(added: AddedPartition[]): boolean {
  const first = added.find((a) => a.errorCode !== 0 && a.errorCode !== ErrorCode.OPERATION_NOT_ATTEMPTED);
  return first !== undefined && REFUSALS.has(first.errorCode);
}

function errorsOf(added: AddedPartition[]): Map<string, number> {
  return new Map(added.map((a) => [`${a.topic}-${a.partition}`, a.errorCode]));
}

function refused(topics: { topic: string; partitions: number[] }[], code: number): FillOutcome {
  const names = topics.flatMap((t) => t.partitions.map((p) => `${t.topic}-${p}`));
  return { kind: 'REFUSED', errors: new Map(names.map((name) => [name, code])) };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
