/**
 * Carries out the deletion of topics that were mirrors: what is to be deleted stands in the store, so that it goes on after a
 * kill at any point, and is tried again until every broker has forgotten the topic. What brokers refuse for good is given up.
 */
import type { PendingDeletion } from '@/lib/contracts/cluster';
import type { DeletedTopic } from '@/lib/contracts/engine';
import type { AuditPort, Ending } from '@/server/access/audit';
import type { EnginePort } from '@/server/engine-port';
import { type Times, topicsDeletedAtOnce } from '@/server/intervals';
import type { Log } from '@/server/log';
import { insertLinkEvents } from '@/server/store/link-events';
import { removeTopicDeletions, type TopicDeletion } from '@/server/store/topic-deletions';
import type { Catalog } from './catalog';
import type { Changes } from './changes';
import { clusterTargetOf } from './link-operations';

type Deps = {
  catalog: Catalog;
  changes: Changes;
  engine: EnginePort;
  audit: AuditPort;
  log: Log;
  times: Pick<Times, 'topicDeletionRetryMs' | 'topicDeletionWaitMs'>;
};
/** The audit entry of topics that were asked for together, in this process. */
type Entry = {
  operationId: string;
  end: (ending: Ending) => Promise<void>;
  gone: string[];
  refused: Map<string, string>;
};
/** What brokers refuse for good, and what is not done yet, in words. */
export type Unfinished = { refused: string[]; pending: string[] };

const keyOf = ({ clusterId, topic }: TopicDeletion) => `${clusterId}/${topic}`;

export class TopicDeletions {
  readonly #deps: Deps;
  /** By the audit entry of the request. */
  readonly #entries = new Map<string, Entry>();
  readonly #troubles = new Map<string, string>();
  /** Requests that somebody waits for, with what was refused. */
  readonly #watched = new Map<string, string[]>();
  #timer: NodeJS.Timeout | null = null;
  #rounds = 0;
  #last: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Also takes up what a server before this one has left. */
  start(): void {
    this.#timer = setInterval(() => {
      if (this.#rounds === 0 && this.#deps.catalog.deletions.length > 0) void this.#round();
    }, this.#deps.times.topicDeletionRetryMs);
    this.#timer.unref();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
  }
  /** Nothing of it writes to the store any more. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** Of a cluster, oldest first. */
  pending(cluster: string): PendingDeletion[] {
    return this.#deps.catalog.deletions
      .filter((deletion) => deletion.cluster === cluster)
      .map((deletion) => ({
        ...{ topic: deletion.topic, link: deletion.link, actor: deletion.actor },
        askedAt: deletion.askedAtMs,
        trouble: this.#troubles.get(keyOf(deletion)) ?? null,
      }));
  }

  /** Begins at once; answers when it is done, or after `topicDeletionWaitMs`: the rest goes on. */
  async carryOut(auditOperationId: string): Promise<Unfinished> {
    const refused: string[] = [];
    this.#watched.set(auditOperationId, refused);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#deps.times.topicDeletionWaitMs);
    });
    await Promise.race([this.#round(), limit]);
    clearTimeout(timer);
    this.#watched.delete(auditOperationId);
    const left = this.#deps.catalog.deletions.filter((one) => one.auditOperationId === auditOperationId);
    return { refused, pending: left.map((one) => this.#troubles.get(keyOf(one)) ?? one.topic) };
  }

  /** One after the other, so that no topic is asked for twice at once. */
  #round(): Promise<void> {
    this.#rounds++;
    this.#last = this.#last
      .then(() => this.#all())
      .finally(() => {
        this.#rounds--;
      });
    return this.#last;
  }

  async #all(): Promise<void> {
    const groups = new Map<string, TopicDeletion[]>();
    for (const deletion of this.#deps.catalog.deletions) {
      const group = groups.get(deletion.auditOperationId);
      if (group) group.push(deletion);
      else groups.set(deletion.auditOperationId, [deletion]);
    }
    for (const group of groups.values())
      for (let at = 0; at < group.length && !this.#stopped; at += topicsDeletedAtOnce) {
        const some = group.slice(at, at + topicsDeletedAtOnce);
        await this.#try(some).catch((error: Error) => {
          for (const deletion of some) this.#troubles.set(keyOf(deletion), error.message);
          this.#deps.log('debug', `Deleting topics that were mirrors: ${error.message}`);
        });
      }
  }

  /** @param some of one request, and so of one cluster */
  async #try(some: readonly TopicDeletion[]): Promise<void> {
    const [{ cluster, clusterId, linkId, auditOperationId }] = some as [TopicDeletion];
    const config = this.#deps.catalog.cluster(cluster).config;
    const entry = this.#entries.get(auditOperationId) ?? (await this.#begin(some));
    const topics = some.map(({ topic, topicId }) => ({ topic, topicId }));
    const asked = { op: 'deleteTopics', linkId, cluster: config, clusterId, topics } as const;
    const answers = await this.#deps.engine.request(asked);
    const ended = answers.filter(({ outcome }) => outcome !== 'LATER');
    await this.#store(some, ended, entry);
    for (const { topic, outcome, message } of answers) {
      const key = `${clusterId}/${topic}`;
      if (outcome === 'LATER') this.#troubles.set(key, message);
      else this.#troubles.delete(key);
      if (outcome === 'GONE') entry.gone.push(topic);
      if (outcome !== 'REFUSED') continue;
      entry.refused.set(topic, message);
      this.#watched.get(auditOperationId)?.push(message);
      this.#deps.log('warn', `${topic} of ${cluster} is not deleted: ${message}`);
    }
    if (this.#deps.catalog.deletions.some((one) => one.auditOperationId === auditOperationId)) return;
    this.#entries.delete(auditOperationId);
    await entry.end(endingOf(entry));
  }

  /** On record before a broker is asked. */
  async #begin(some: readonly TopicDeletion[]): Promise<Entry> {
    const [{ cluster, auditOperationId }] = some as [TopicDeletion];
    const all = this.#deps.catalog.deletions.filter((one) => one.auditOperationId === auditOperationId);
    const { operationId, end } = await this.#deps.audit.begin({
      actor: { kind: 'engine' },
      operation: 'delete topics that were mirrors',
      target: clusterTargetOf(cluster),
      // Seen by whoever sees the cluster: of which link, and by whom, the entry of the request tells those who may see that.
      details: {
        askedIn: auditOperationId,
        topics: all.map(({ topic, topicId }) => ({ topic, topicId })),
      },
    });
    const entry: Entry = { operationId, end, gone: [], refused: new Map() };
    this.#entries.set(auditOperationId, entry);
    return entry;
  }

  #store(some: readonly TopicDeletion[], ended: readonly DeletedTopic[], entry: Entry): Promise<void> {
    const [{ clusterId, linkId }] = some as [TopicDeletion];
    if (ended.length === 0) return Promise.resolve();
    const at = Date.now();
    return this.#deps.changes.inAudited(async (trx) => {
      await removeTopicDeletions(
        trx,
        clusterId,
        ended.map(({ topic }) => topic),
      );
      await insertLinkEvents(
        trx,
        ended.map(({ topic, outcome, message }) => ({
          ...{ linkId, at, topic, partition: null, from: null, message, actor: 'engine' },
          ...{ to: outcome === 'GONE' ? 'TOPIC_DELETED' : 'TOPIC_NOT_DELETED' },
          operationId: entry.operationId,
        })),
      );
    });
  }
}

function endingOf({ gone, refused }: Entry): Ending {
  const [first] = refused.values();
  const details = { deleted: gone, ...(first === undefined ? {} : { refused: Object.fromEntries(refused) }) };
  if (first === undefined) return { result: 'OK', details };
  return { result: 'FAILED', message: `Kept, as ordinary topics: ${first}`, details };
}
