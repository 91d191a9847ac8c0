// Who the link is to the destination's brokers: one producer id per link, found again by any engine through its transactional id.
// The coordinator's epoch says which engine is the newest; the others stand down.
import { createHash, randomInt } from 'node:crypto';
import { type DescribedTransaction, initProducerId } from '@/server/kafka/wire/apis/producer-id';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { transactionOf } from './coordinator';
import { OWNERSHIP_VALID_MS } from './defaults';

/** `landbridge-<link>-<hash>`: derived from both cluster ids and the link's name, so that it needs no store. */
export function transactionalIdOf(
  sourceClusterId: string,
  destinationClusterId: string,
  linkName: string,
): string {
  const hash = createHash('sha256')
    .update(`${sourceClusterId}\n${destinationClusterId}\n${linkName}`)
    .digest('hex')
    .slice(0, 16);
  return `landbridge-${linkName}-${hash}`;
}

/** Another engine runs this link: it has raised the epoch after us. */
export class Superseded extends KafkaError {
  readonly epoch: number;
  constructor(transactionalId: string, own: number, theirs: number) {
    super(
      `another engine runs this link: ${transactionalId} is at producer epoch ${theirs}, ours was ${own}`,
      { retriable: false },
    );
    this.name = 'Superseded';
    this.epoch = theirs;
  }
}

/** Unused as a timeout: no transaction is ever begun under the link's id. */
const TRANSACTION_TIMEOUT_MS = { from: 30_000, below: 60_000 };
/** Errors after which the epoch is what it was; others, as a lost answer, leave it open. */
const NOTHING_RAISED: ReadonlySet<number> = new Set([
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.CONCURRENT_TRANSACTIONS,
  ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
]);
/** Less than an answer stays valid: a coordinator that stands still must be found out, and its successor asked, before all writers stop. */
const COORDINATOR_TIMEOUT_MS = 4_000;

export class LinkIdentity {
  readonly transactionalId: string;
  readonly #client: ClusterClient;
  #producerId = -1n;
  #epoch = -1;
  #turn: Promise<void> = Promise.resolve();
  #initialisedAtMs = 0;
  /** Raises whose answer was lost: the coordinator may have carried them out, or may yet. */
  #lostRaises = 0;
  /** The timeout of our raises. The coordinator tells whose the last raise was by nothing else: a higher epoch with another one isn't ours. */
  readonly #markMs = randomInt(TRANSACTION_TIMEOUT_MS.from, TRANSACTION_TIMEOUT_MS.below);
  /** Monotonic time of the start of the last check that found us the newest. */
  #ownedAtMs = Number.NEGATIVE_INFINITY;
  #superseded: Superseded | null = null;
  #trouble: KafkaError | null = null;
  /** Epoch that the coordinator held before our first call; null when nobody had called before, undefined until asked. */
  previousEpoch: number | null | undefined = undefined;

  constructor(client: ClusterClient, transactionalId: string) {
    this.#client = client;
    this.transactionalId = transactionalId;
  }

  get producerId(): bigint {
    return this.#producerId;
  }
  get epoch(): number {
    return this.#epoch;
  }
  /** Why the coordinator did not confirm us last time; null when it did. */
  get trouble(): KafkaError | null {
    return this.#trouble;
  }
  get superseded(): Superseded | null {
    return this.#superseded;
  }

  /** True while the last confirmation that we are the newest engine is young enough to send on. */
  owned(nowMs: number): boolean {
    return this.#superseded === null && nowMs - this.#ownedAtMs < OWNERSHIP_VALID_MS;
  }

  /**
   * Raises the epoch, for partitions that begin a new life after `sinceMs` (monotonic). Calls that come together share one epoch.
   * @throws Superseded, ProtocolError (TRANSACTIONAL_ID_AUTHORIZATION_FAILED: the principal needs WRITE on the transactional id)
   */
  raise(sinceMs: number): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#superseded) throw this.#superseded;
      if (this.#epoch >= 0 && this.#initialisedAtMs > sinceMs) return;
      await this.#init();
    });
  }

  /**
   * For a transaction under the link's own id: nobody raises the epoch in the middle of it, which would end it. When it fails, the coordinator may end
   * it by itself, at a raised epoch that is ours.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.then(
      () => undefined,
      () => {
        this.#lostRaises += 2;
      },
    );
    return turn;
  }

  /** Raising and checking never overlap: a check in the middle of a raise would take our own new epoch for somebody else's. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch((error: unknown) => {
      if (error instanceof KafkaError) this.#trouble = error;
    });
    return turn;
  }

  async #init(): Promise<void> {
    const startedMs = performance.now();
    if (this.#epoch >= 0) await this.#confirm();
    else if (this.previousEpoch === undefined)
      this.previousEpoch = (await this.#describe())?.producerEpoch ?? null;
    const connection = await this.#client.connection(
      await this.#client.transactionCoordinator(this.transactionalId),
      'control',
    );
    const { producerId } = this;
    const highest = this.#epoch + 1 + this.#lostRaises;
    this.#lostRaises++;
    const answer = await connection.request(
      initProducerId,
      { transactionalId: this.transactionalId, transactionTimeoutMs: this.#markMs },
      { timeoutMs: COORDINATOR_TIMEOUT_MS },
    );
    if (answer.errorCode !== 0) {
      if (NOTHING_RAISED.has(answer.errorCode)) this.#lostRaises--;
      throw new ProtocolError(answer.errorCode, connection.where, 'InitProducerId', this.transactionalId);
    }
    // A higher epoch than the next one means that somebody else asked, too.
    if (this.#epoch >= 0 && answer.producerId === producerId && answer.producerEpoch > highest) {
      throw this.#standDown(answer.producerEpoch);
    }
    this.#producerId = answer.producerId;
    this.#epoch = answer.producerEpoch;
    this.#lostRaises = 0;
    this.#initialisedAtMs = performance.now();
    this.#ownedAtMs = startedMs;
    this.#trouble = null;
  }

  async #describe(): Promise<DescribedTransaction | null> {
    const connection = await this.#client.connection(
      await this.#client.transactionCoordinator(this.transactionalId),
      'control',
    );
    return transactionOf(connection, this.transactionalId, COORDINATOR_TIMEOUT_MS);
  }

  /** Asks the coordinator whether our epoch still is the newest. @throws Superseded when it isn't, and for good */
  check(): Promise<void> {
    return this.#inTurn(() => this.#confirm());
  }

  async #confirm(): Promise<void> {
    if (this.#superseded) throw this.#superseded;
    if (this.#epoch < 0) return;
    const startedMs = performance.now();
    const described = await this.#describe();
    // The coordinator forgets ids that nobody used for a week: nobody else can have used it then.
    if (described && this.#isNewer(described)) {
      const ours = this.#lostRaises > 0 && described.timeoutMs === this.#markMs;
      if (!ours) throw this.#standDown(described.producerEpoch);
    }
    this.#ownedAtMs = startedMs;
    this.#trouble = null;
  }

  /** A new producer id comes when the epochs of the old one are used up. */
  #isNewer({ producerId, producerEpoch }: DescribedTransaction): boolean {
    return producerId > this.#producerId || (producerId === this.#producerId && producerEpoch > this.#epoch);
  }

  #standDown(theirs: number): Superseded {
    this.#superseded = new Superseded(this.transactionalId, this.#epoch, theirs);
    return this.#superseded;
  }
}
