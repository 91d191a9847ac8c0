// Lets partitions be read from the replica nearest to the link, where client.rack says where the link is (KIP-392). Leaders are asked which one that is, and
// asked for the ends, which followers do not know. Any trouble with a follower leads back to the leader: what it means is never judged by a follower's word.
import { type FetchedPartition, fetch } from '@/server/kafka/wire/apis/fetch';
import { NO_TOPIC_ID } from '@/server/kafka/wire/apis/metadata';
import { ProtocolError } from '@/server/kafka/wire/errors';
import { FOLLOWER_BEHIND_MS, FOLLOWER_SILENT_MS, LEADER_ENDS_WAIT_MS } from './defaults';
import type { LinkCore } from './link-core';
import type { MirrorPartition } from './partition';
import { groupBy } from './partition-groups';
import { sweepLeader } from './sweeps';
import type { Traffic } from './traffic';

export class NearestReplicas {
  readonly #core: LinkCore;
  readonly #traffic: Traffic;
  #rack: string;
  /** Leaders that are being asked which replica is nearest, and for ends. */
  readonly #asked = new Set<number>();
  readonly #swept = new Set<number>();

  constructor(core: LinkCore, traffic: Traffic) {
    this.#core = core;
    this.#traffic = traffic;
    this.#rack = core.context.settings['client.rack'];
  }

  /**
   * Once a second. Without a rack nothing is asked.
   * @returns resolves when the leaders of followed partitions have told their ends, or take too long; null where nothing is followed
   */
  look(): Promise<unknown> | null {
    const { context } = this.#core;
    this.#rackChanged(context.settings['client.rack']);
    if (this.#rack === '' || context.stopping || this.#core.fatal) return null;
    const nowMs = performance.now();
    const followed: MirrorPartition[] = [];
    const due: MirrorPartition[] = [];
    for (const partition of this.#core.partitions()) {
      if (partition.followed) this.#watch(partition, nowMs);
      if (partition.followed) followed.push(partition);
      if (mayBeAsked(partition) && nowMs >= partition.replica.askAtMs) due.push(partition);
    }
    for (const [leader, group] of byLeader(due))
      void this.#once(this.#asked, leader, () => this.#ask(leader, group));
    if (followed.length === 0) return null;
    const sweeps = [...byLeader(followed)].map(([leader, group]) =>
      this.#once(this.#swept, leader, () => this.#sweep(group)),
    );
    return Promise.race([
      Promise.all(sweeps),
      new Promise((resolve) => setTimeout(resolve, LEADER_ENDS_WAIT_MS)),
    ]);
  }

  /** A follower is of no use: the leader is, and says what there is to say. */
  giveUp(partition: MirrorPartition, why: string): void {
    if (!partition.followed) return;
    this.#core.context.log('debug', `${partition.name}: from its leader again, ${why}`);
    partition.replica.giveUp(performance.now(), this.#ageMs);
    this.#traffic.startFetching(partition);
  }

  get #ageMs(): number {
    return this.#core.context.settings['metadata.max.age.ms'];
  }

  #rackChanged(rack: string): void {
    if (rack === this.#rack) return;
    this.#rack = rack;
    for (const partition of this.#core.partitions()) {
      const { followed } = partition;
      partition.replica.forget();
      if (followed) this.#traffic.startFetching(partition);
    }
  }

  /** A follower that does not answer, or does not bring what its leader has. A hole there, which a leader's cleaner may not have left yet, looks the same. */
  #watch(partition: MirrorPartition, nowMs: number): void {
    const { replica, source } = partition;
    if (source && source.silentMs > FOLLOWER_SILENT_MS) {
      this.giveUp(
        partition,
        `broker ${source.brokerId} has not answered for ${Math.round(source.silentMs)} ms`,
      );
      return;
    }
    const missing =
      partition.mode === 'RUNNING' &&
      !partition.throttled &&
      !source?.heldBack &&
      partition.queueLength === 0 &&
      partition.sourceLastStable > partition.planned;
    if (!missing || partition.lastFetchedAt > (replica.missingSinceMs ?? nowMs))
      replica.missingSinceMs = null;
    else replica.missingSinceMs ??= nowMs;
    if (replica.missingSinceMs !== null && nowMs - replica.missingSinceMs > FOLLOWER_BEHIND_MS)
      this.giveUp(partition, `broker ${source?.brokerId} shows nothing in front of the leader's end`);
  }

  /** One group of a leader at a time: one that stands still is not asked again, and holds up no other. */
  async #once(busy: Set<number>, leader: number, work: () => Promise<void>): Promise<void> {
    if (busy.has(leader)) return;
    busy.add(leader);
    try {
      await work();
    } catch (error) {
      const { context } = this.#core;
      context.refreshMetadata();
      context.log('debug', `${context.source.where(leader)}: ${(error as Error).message}`);
    } finally {
      busy.delete(leader);
    }
  }

  async #sweep(group: MirrorPartition[]): Promise<void> {
    if (!(await sweepLeader(this.#core.context, group))) this.#core.context.refreshMetadata();
  }

  /** A fetch outside the session, of which only who else should be asked is of interest: it holds up nothing, and moves nobody for nothing. */
  async #ask(leader: number, group: MirrorPartition[]): Promise<void> {
    const { context } = this.#core;
    const rack = this.#rack;
    const epochs = new Map(group.map((p) => [p, p.sourceLeaderEpoch]));
    // Also where no answer comes: not again at once.
    for (const { replica } of group) replica.askAtMs = performance.now() + this.#ageMs;
    const answers = await this.#answersOf(leader, group);
    const reached = new Map<number, Promise<boolean>>();
    for (const partition of group) {
      const said = answers.get(`${partition.sourceTopic}/${partition.index}`);
      if (!said) continue;
      const named = said.preferredReadReplica;
      const isOther = named >= 0 && named !== leader;
      if (isOther && !reached.has(named)) reached.set(named, this.#reach(named));
      const reachable = await (reached.get(named) ?? true);
      // It was asked for another rack, or there is none any more: then nobody would look after what is followed.
      if (rack !== this.#rack) return;
      if (partition.sourceLeaderEpoch !== epochs.get(partition) || !mayBeAsked(partition)) continue;
      if (said.errorCode !== 0) context.refreshMetadata();
      else this.#follow(partition, isOther ? named : null, reachable);
    }
  }

  #follow(partition: MirrorPartition, named: number | null, reachable: boolean): void {
    const { replica, source } = partition;
    const nowMs = performance.now();
    if (named === null) replica.stay(nowMs, this.#ageMs);
    else if (reachable) replica.take(named, nowMs, this.#ageMs);
    else replica.giveUp(nowMs, this.#ageMs);
    if (source?.brokerId !== (replica.follower ?? partition.sourceLeader))
      this.#traffic.startFetching(partition);
  }

  /** Before anything is moved to it: a follower that only the other brokers can reach must not cost a standstill each time. */
  async #reach(broker: number): Promise<boolean> {
    if (this.#traffic.isSilent(broker, FOLLOWER_SILENT_MS)) return false;
    const { source, budget, log, refreshMetadata } = this.#core.context;
    try {
      await source.connection(broker, 'fetch', budget.pool);
      return true;
    } catch (error) {
      log('debug', `a follower that is nearer can't be reached: ${(error as Error).message}`);
      refreshMetadata();
      return false;
    }
  }

  /** By name and index of the source's partition. */
  async #answersOf(leader: number, group: MirrorPartition[]): Promise<Map<string, FetchedPartition>> {
    const connection = await this.#core.context.source.connection(leader, 'control');
    const response = await connection.request(fetch, {
      ...{ maxWaitMs: 0, minBytes: 0, maxBytes: 1, readCommitted: true, sessionId: 0, sessionEpoch: -1 },
      topics: [...groupBy(group, (p) => p.sourceTopic)].map(([topic, partitions]) => ({
        topic,
        topicId: partitions[0]?.sourceTopicId ?? NO_TOPIC_ID,
        partitions: partitions.map((p) => ({
          partition: p.index,
          currentLeaderEpoch: p.sourceLeaderEpoch,
          fetchOffset: p.fetchOffset,
          lastFetchedEpoch: -1,
          maxBytes: 1,
        })),
      })),
      forgotten: [],
      rack: this.#rack,
    });
    if (response.errorCode !== 0) throw new ProtocolError(response.errorCode, connection.where, 'Fetch');
    const names = new Map(group.map((p) => [p.sourceTopicId, p.sourceTopic]));
    return new Map(
      response.topics.flatMap(({ topic, partitions }) =>
        partitions.map((said) => [`${names.get(topic) ?? topic}/${said.partition}`, said] as const),
      ),
    );
  }
}

const mayBeAsked = ({ mode, source, sourceLeader }: MirrorPartition): boolean =>
  mode === 'RUNNING' && source !== null && sourceLeader >= 0;

const byLeader = (partitions: readonly MirrorPartition[]) =>
  groupBy(partitions, ({ sourceLeader }) => sourceLeader);
