// Runs what mirroring does on a scratch topic of the destination: create, append, fill, append, read, delete, grow, configure. Compares each offset with the plan.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { AclOperation, FillCheck, RightRow } from '@/lib/contracts/rights';
import { ClusterAdmin } from '@/server/kafka/admin';
import { clientFor } from '@/server/kafka/security';
import { OFFSET_LATEST, REPLICA_DEBUG } from '@/server/kafka/wire/apis/list-offsets';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { CHECK_CLIENT_ID } from './cluster-probe';
import { measureFills } from './fill-measure';
import { SCRATCH_PREFIX } from './reserved-topics';
import { removeStaleScratchTopics, SCRATCH_CONFIGS, scratchTopicName } from './scratch-leftovers';
import {
  append,
  isRefusal,
  leaderOf,
  mark,
  offsetOf,
  producerFor,
  Refused,
  read,
  trim,
} from './scratch-steps';
import { refusedOperations } from './topic-probe';
import { setTopicConfigs } from './topic-setup';

export type ScratchResult = {
  /** NOT_RUN: the scratch topic may not be created, which says nothing of other topics. */
  status: 'OK' | 'FAILED' | 'NOT_RUN';
  message: string;
  /** What was seen of rights on topics. */
  rights: ReadonlyMap<AclOperation, Extract<RightRow['status'], 'HELD' | 'MISSING'>>;
  fills: FillCheck | null;
};

/** @param byMarkers whether the principal may write markers; fills go by empty transactions otherwise */
export async function runScratchSequence(
  cluster: ClusterConfig,
  linkName: string,
  byMarkers: boolean,
): Promise<ScratchResult> {
  const topic = scratchTopicName(Date.now());
  const run = new ScratchRun(cluster, topic, `landbridge-${linkName}-check`);
  try {
    return await run.all(byMarkers);
  } finally {
    await run.close();
  }
}

class ScratchRun {
  readonly #client: ClusterClient;
  readonly #admin: ClusterAdmin;
  readonly #topic: string;
  readonly #transactionalId: string;
  readonly #rights = new Map<AclOperation, 'HELD' | 'MISSING'>();
  #created = false;

  constructor(cluster: ClusterConfig, topic: string, transactionalId: string) {
    this.#client = clientFor(cluster, CHECK_CLIENT_ID);
    this.#admin = new ClusterAdmin(cluster, CHECK_CLIENT_ID);
    this.#topic = topic;
    this.#transactionalId = transactionalId;
  }

  async all(byMarkers: boolean): Promise<ScratchResult> {
    let fills: FillCheck | null = null;
    try {
      const impossible = await this.#begin();
      if (impossible !== null) return this.#result('NOT_RUN', impossible);
      const leader = await leaderOf(this.#client, this.#topic);
      const producer = await producerFor(this.#client, this.#transactionalId);
      const wrote = await this.#step('WRITE', () => append(leader, this.#topic, producer, 0, 0n));
      await this.#step('READ', () => read(leader, this.#topic));
      if (wrote) {
        fills = byMarkers
          ? await mark(leader, this.#topic, producer)
          : await measureFills(this.#client, leader, this.#topic, this.#transactionalId);
        const end = await offsetOf(leader, this.#topic, OFFSET_LATEST, REPLICA_DEBUG);
        await append(leader, this.#topic, producer, 1, end);
        await this.#step('DELETE', () => trim(leader, this.#topic));
      }
      await this.#step('ALTER_CONFIGS', () =>
        setTopicConfigs(this.#client, this.#topic, { 'retention.ms': '-1' }),
      );
      await this.#step('ALTER', () => this.#admin.createPartitions(this.#topic, 2));
    } catch (error) {
      const status =
        error instanceof Refused || /AUTHORIZATION_FAILED/.test((error as Error).message)
          ? 'NOT_RUN'
          : 'FAILED';
      return { ...this.#result(status, (error as Error).message), fills };
    }
    const missing = [...this.#rights]
      .filter(([, status]) => status === 'MISSING')
      .map(([operation]) => operation);
    if (missing.length > 0)
      return {
        ...this.#result(
          'NOT_RUN',
          `On a scratch topic ${missing.join(', ')} was refused; see the rights below.`,
        ),
        fills,
      };
    const how = fills?.way === 'MARKERS' ? 'transaction markers' : 'empty transactions';
    return {
      ...this.#result(
        'OK',
        `On a scratch topic appends, ${how} (${Math.round(fills?.gapsPerSecond ?? 0)} gaps a second one by one, ${Math.round(fills?.offsetsPerSecond ?? 0)} offsets a second together) and DeleteRecords came out at the planned offsets.`,
      ),
      fills,
    };
  }

  /** Creates the topic, if it could be deleted again. @returns why not */
  async #begin(): Promise<string | null> {
    const refused = (await refusedOperations(await this.#client.anyConnection(), [this.#topic])).get(
      this.#topic,
    );
    for (const operation of ['WRITE', 'READ', 'DELETE', 'ALTER_CONFIGS'] as const)
      this.#rights.set(operation, refused?.includes(operation) ? 'MISSING' : 'HELD');
    const validateOnly = this.#rights.get('DELETE') === 'MISSING';
    const mayCreate = await this.#step('CREATE', () => this.#create(validateOnly));
    if (mayCreate && !validateOnly) return null;
    return (
      `A scratch topic may not be ${mayCreate ? 'deleted' : 'created'}, so the real sequence was not run. ` +
      `Grant the rights of a mirror topic on the prefix ${SCRATCH_PREFIX} for it; what is known of rights stands below.`
    );
  }

  #result(status: ScratchResult['status'], message: string): ScratchResult {
    return { status, message, rights: this.#rights, fills: null };
  }

  async #step(operation: AclOperation, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.#rights.set(operation, 'HELD');
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#rights.set(operation, 'MISSING');
      return false;
    }
  }

  async #create(validateOnly: boolean): Promise<void> {
    await this.#admin.createTopic(
      { topic: this.#topic, partitions: 1, replicationFactor: null, configs: { ...SCRATCH_CONFIGS } },
      validateOnly,
    );
    this.#created = !validateOnly;
  }

  async close(): Promise<void> {
    await removeStaleScratchTopics(this.#client, this.#admin).catch(() => {});
    if (this.#created) await this.#admin.deleteTopic(this.#topic).catch(() => {});
    await this.#admin.close();
    this.#client.close();
  }
}
