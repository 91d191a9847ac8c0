// Keeps the committed offsets of consumer groups on the destination in step with the source's: the same numbers, because mirrors have the same
// offsets. Commits only for groups without members, only what a mirror safely holds, and never over somebody else's commit (docs/consumer-groups.md).
import type { GroupStatus } from '@/lib/contracts/consumer-group';
import { letsThrough, type NameFilter, parseNameFilters } from '@/lib/contracts/name-filters';
import type { GroupAnswer } from '@/server/kafka/groups';
import type { OffsetCommitRequest } from '@/server/kafka/wire/apis/offset-commit';
import type { CommittedOffset } from '@/server/kafka/wire/apis/offset-fetch';
import { KafkaError } from '@/server/kafka/wire/errors';
import type { GroupPlaces, LinkCore } from '../link-core';
import type { TaskReport } from '../tasks/link-tasks';
import { DestinationGroups } from './destination-groups';
import { type SourceGroup, type SourceGroups, sourceGroups } from './group-lookup';
import { type GroupMemory, markOf, placeKey } from './group-memory';
import { type BoundsOf, type Commit, type GroupPlan, planGroup } from './group-plan';
import {
  busy,
  type GroupResult,
  isFree,
  refused,
  settled,
  troubled,
  unstable,
  usedVerdict,
  type Verdict,
} from './group-result';
import { MemoryKeeper } from './memory-keeper';
import { mirrorBounds } from './mirror-bounds';
import { errorsOf, noFilters } from './sync-errors';

export type SyncOptions = {
  /** Commits only for this mirror topic; null for all. */
  topic: string | null;
  /** False: the source isn't asked. What the link last saw there, or has committed, is held to what the mirror has. */
  source: boolean;
  /** The mirror is being stopped, in whatever state it is. */
  final: boolean;
};

type Candidate = {
  found: SourceGroup;
  name: string;
  memory: GroupMemory;
  /** Committed at the source, under the mirrors' names. */
  offsets: CommittedOffset[];
};
type Work = { candidate: Candidate; plan: GroupPlan };
type Run = {
  options: SyncOptions;
  boundsOf: BoundsOf;
  there: DestinationGroups;
  results: Map<string, GroupResult>;
};

const NOTHING_SEEN: SourceGroups = { groups: new Map(), troubles: [], refused: [] };

const NOT_SYNCED: ReadonlySet<GroupStatus> = new Set(['BUSY', 'NOT_AUTHORIZED', 'IN_ERROR']);

export class OffsetSync {
  readonly #core: LinkCore;
  readonly #keeper: MemoryKeeper;
  #results = new Map<string, GroupResult>();
  /** End of the last run that looked at everything. */
  asOf: number | null = null;
  /** One at a time: what a run has read must hold when it commits. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(core: LinkCore) {
    this.#core = core;
    this.#keeper = new MemoryKeeper(core.ports);
  }

  get results(): ReadonlyMap<string, GroupResult> {
    return this.#results;
  }
  /** Groups that the last run should have kept in step and could not; null before the first one. */
  get behind(): number | null {
    if (this.asOf === null) return null;
    return [...this.#results.values()].filter(({ status }) => NOT_SYNCED.has(status)).length;
  }

  lastSyncOf(group: string): number | null {
    return this.#keeper.peek(group)?.syncedAtMs ?? null;
  }
  /** What a group of the source is called on the destination. */
  mirrorGroupOf(group: string): string {
    const { settings } = this.#core.context;
    return settings['consumer.group.prefix.enable'] ? settings['cluster.link.prefix'] + group : group;
  }

  run(options: SyncOptions): Promise<TaskReport & { results: ReadonlyMap<string, GroupResult> }> {
    const turn = this.#turn.then(() => this.#run(options));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Mirror topics that were deleted: brokers have dropped what groups had committed on them. */
  forgetTopics(topics: readonly string[]): Promise<void> {
    const turn = this.#turn.then(async () => {
      await this.#keeper.load();
      await this.#keeper.forgetTopics(topics);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #run(options: SyncOptions): Promise<TaskReport & { results: ReadonlyMap<string, GroupResult> }> {
    const { context, desired, ports } = this.#core;
    const filters = parseNameFilters('groupFilters', context.settings['consumer.offset.group.filters']);
    if (!filters.some(({ filterType }) => filterType === 'INCLUDE')) {
      this.#results = new Map();
      this.asOf = Date.now();
      return { errors: [noFilters()], said: null, results: this.#results };
    }
    await this.#keeper.load();
    this.#takeTurns(filters);
    const seen = options.source ? await sourceGroups(context.source, filters) : NOTHING_SEEN;
    const candidates = this.#candidates(seen, filters, options);
    const boundsOf = await this.#bounds(candidates, options);
    const placed = candidates.filter(hasPlaces);
    const there = await DestinationGroups.look(
      context.destination,
      placed.map(({ name }) => name),
      new Set(placed.filter(({ found }) => found.type === 'share').map(({ name }) => name)),
    );
    const run: Run = { options, boundsOf, there, results: new Map() };
    const work = candidates.flatMap((candidate) => this.#decide(candidate, run) ?? []);
    const done = await this.#commit(work, run);
    await this.#keeper.save();
    if (options.source && seen.troubles.length === 0) await this.#forgetGone(seen, run.results, filters);
    this.#take(run.results, options, seen.troubles.length > 0);
    if (done.offsets > 0)
      ports.wrote({ what: 'GROUP_OFFSETS_COMMITTED', groups: done.groups, offsets: done.offsets });
    const said =
      done.offsets === 0
        ? null
        : `Committed ${done.offsets} offsets of ${done.groups.length} consumer groups on ${desired.destination.name}.`;
    return {
      errors: errorsOf(desired, run.results.values(), seen.refused, seen.troubles),
      said,
      results: run.results,
    };
  }

  /**
   * A topic that was a source is taken over as it is: where groups stand in it now counts as a commit of the link, although they have made it
   * themselves. Must not matter how often. @throws when the store doesn't take it
   */
  async stood(topic: string, by: string, groups: GroupPlaces): Promise<void> {
    const turn = this.#turn.then(async () => {
      await this.#keeper.load();
      for (const { group, places } of groups) this.#keeper.of(group).turnedTo(topic, by, places);
      await this.#keeper.save();
    });
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  /** Topics that were turned round hold positions that this link has not written. */
  #takeTurns(filters: readonly NameFilter[]): void {
    for (const { name, desired } of this.#core.topics.values()) {
      if (!desired.turn) continue;
      for (const { group, places } of desired.turn.groups)
        if (letsThrough(filters, group))
          this.#keeper.of(group).turnedTo(name, desired.turn.operationId, places);
    }
  }

  /** Groups at the source, and those that were there once. */
  #candidates(seen: SourceGroups, filters: readonly NameFilter[], options: SyncOptions): Candidate[] {
    const mirrors = new Map<string, string[]>();
    for (const { name, desired } of this.#core.topics.values())
      mirrors.set(desired.sourceTopic, [...(mirrors.get(desired.sourceTopic) ?? []), name]);
    const candidates = [...seen.groups.values()].map((found) => ({
      found,
      name: this.mirrorGroupOf(found.group),
      memory: this.#keeper.of(found.group),
      offsets: found.offsets.flatMap((offset) =>
        (mirrors.get(offset.topic) ?? []).map((topic) => ({ ...offset, topic })),
      ),
    }));
    // Brokers that don't answer hide groups that are there.
    if (options.source && seen.troubles.length > 0) return candidates;
    for (const memory of this.#keeper.all()) {
      if (seen.groups.has(memory.group) || memory.empty || !letsThrough(filters, memory.group)) continue;
      candidates.push(this.#remembered(memory, options));
    }
    return candidates;
  }

  #remembered(memory: GroupMemory, options: SyncOptions): Candidate {
    const last = this.#results.get(memory.group);
    const found: SourceGroup = {
      group: memory.group,
      type: memory.share ? 'share' : (last?.type ?? 'unknown'),
      state: null,
      offsets: [],
      error: null,
    };
    const offsets = (options.source ? [] : (last?.offsets ?? [])).flatMap(
      ({ topic, partition, source, metadata }) =>
        source === null
          ? []
          : [{ topic, partition, offset: source, metadata, leaderEpoch: -1, errorCode: 0 }],
    );
    return { found, name: this.mirrorGroupOf(memory.group), memory, offsets };
  }

  async #bounds(candidates: readonly Candidate[], options: SyncOptions): Promise<BoundsOf> {
    const names = new Set(candidates.flatMap(({ offsets }) => offsets.map(({ topic }) => topic)));
    if (options.topic !== null) names.add(options.topic);
    const topics = [...this.#core.topics.values()].filter((topic) => names.has(topic.name));
    const strangers = options.source ? await this.#recreated(topics.map((t) => t.desired.sourceTopic)) : null;
    const boundsOf = await mirrorBounds(this.#core, topics, options);
    return (topic, partition) => {
      const sourceTopic = this.#core.topics.get(topic)?.desired.sourceTopic ?? topic;
      return strangers?.has(sourceTopic)
        ? `The source topic ${sourceTopic} is another one than the link mirrors: its offsets say nothing here.`
        : boundsOf(topic, partition);
    };
  }

  /** Topics at the source that are not those that are mirrored. Asked after their offsets were read: what was read then is of the mirrored ones. */
  async #recreated(names: readonly string[]): Promise<Set<string>> {
    if (names.length === 0) return new Set();
    const ids = new Map([...this.#core.topics.values()].map((t) => [t.desired.sourceTopic, t.sourceTopicId]));
    const { topics } = await this.#core.context.source.metadata([...new Set(names)]);
    const others = topics.filter(({ name, topicId, errorCode }) => {
      const mirrored = ids.get(name) ?? null;
      return errorCode === 0 && mirrored !== null && mirrored !== topicId;
    });
    return new Set(others.map(({ name }) => name));
  }

  /** Gives the group its result. @returns what is to be committed for it */
  #decide(candidate: Candidate, run: Run): Work | null {
    const { found, memory, name } = candidate;
    if (found.error) return this.#put(candidate, run, troubled(found.error, this.#core.desired.source.name));
    const committed = hasPlaces(candidate) ? run.there.committed(name) : [];
    if (committed instanceof KafkaError) {
      const verdict = troubled(committed, this.#core.desired.destination.name);
      return this.#put(candidate, run, verdict, this.#plan(candidate, [], run));
    }
    const plan = this.#plan(candidate, committed, run);
    const obstacle = this.#obstacle(candidate, plan, run);
    // What is sent next must not push out what stands there.
    for (const { topic, partition, mark } of plan.ours) memory.found(topic, partition, mark);
    if (obstacle === null && plan.commits.length === 0) memory.syncedAtMs = Date.now();
    this.#put(candidate, run, obstacle ?? settled(plan), plan);
    return obstacle === null && plan.commits.length > 0 ? { candidate, plan } : null;
  }

  #plan({ found, memory, offsets }: Candidate, committed: readonly CommittedOffset[], run: Run): GroupPlan {
    const { options, boundsOf } = run;
    const destination = committed.filter(({ topic }) => this.#core.topics.has(topic));
    const renewMs = this.#core.context.tuning.offsetRenewMs;
    // Start offsets of share groups don't expire.
    const renew =
      found.type !== 'share' && (memory.renewedAtMs === null || Date.now() - memory.renewedAtMs > renewMs);
    // With nothing left of the source, what the link has committed is held to what the mirror has.
    const source = options.source || offsets.length > 0 ? offsets : destination;
    const plan = planGroup({ source, destination, memory, boundsOf, renew });
    const commits = plan.commits.filter(({ topic }) => options.topic === null || topic === options.topic);
    return { ...plan, commits };
  }

  /** Why nothing may be committed for the group, now or for good. */
  #obstacle({ found, name, memory }: Candidate, plan: GroupPlan, { there }: Run): Verdict | null {
    const { name: destination } = this.#core.desired.destination;
    const free = isFree(there.stateOf(name));
    if (plan.foreign !== null) memory.markUsed(plan.foreign, Date.now());
    else if (there.wasJoined(name)) memory.markUsed('consumers have joined it', Date.now());
    else if (plan.blank && !plan.unstable && free) memory.begunAnew();
    if (memory.used) return usedVerdict(memory.used, found.type, name, destination);
    if (!free) return busy(name, destination);
    return plan.unstable ? unstable(destination) : null;
  }

  #put({ found, name }: Candidate, run: Run, verdict: Verdict, plan: GroupPlan | null = null): null {
    run.results.set(found.group, {
      group: found.group,
      mirrorGroup: name,
      type: found.type,
      sourceState: found.state,
      mirrorState: run.there.stateOf(name),
      ...verdict,
      offsets: plan?.offsets ?? [],
    });
    return null;
  }

  /**
   * Stores what is about to be committed, looks again that nobody else has committed meanwhile, and commits. Between that look and the commit a
   * consumer would have to join, commit and leave: while it is there, the broker refuses.
   */
  async #commit(work: readonly Work[], run: Run): Promise<{ groups: string[]; offsets: number }> {
    const done = { groups: [] as string[], offsets: 0 };
    if (work.length === 0) return done;
    for (const { candidate, plan } of work) {
      candidate.memory.share = candidate.found.type === 'share';
      for (const { topic, partition, offset, metadata } of plan.commits)
        candidate.memory.intend(topic, partition, markOf(offset, metadata));
    }
    await this.#keeper.save();
    const { superseded } = this.#core.context.identity;
    if (superseded) throw superseded;
    await run.there.lookAgain(work.map(({ candidate }) => candidate.name));
    const clear = work.filter((item) => this.#stillClear(item, run));
    const requests = new Map<string, OffsetCommitRequest>(
      clear.map(({ candidate: { name }, plan }) => [name, { group: name, topics: byTopic(plan.commits) }]),
    );
    const answers = await run.there.commit(requests);
    for (const item of clear) {
      const written = this.#settle(item, answers.get(item.candidate.name), run);
      if (written === 0) continue;
      done.groups.push(item.candidate.name);
      done.offsets += written;
    }
    return done;
  }

  #stillClear({ candidate, plan }: Work, run: Run): boolean {
    const committed = run.there.committed(candidate.name);
    const now = committed instanceof KafkaError ? null : this.#plan(candidate, committed, run);
    const verdict =
      committed instanceof KafkaError
        ? troubled(committed, this.#core.desired.destination.name)
        : this.#obstacle(candidate, now as GroupPlan, run);
    if (verdict === null) return true;
    for (const { topic, partition, offset, metadata } of plan.commits)
      candidate.memory.revoke(topic, partition, markOf(offset, metadata));
    this.#put(candidate, run, verdict, now ?? plan);
    return false;
  }

  /** @returns how many offsets the destination has taken */
  #settle({ candidate, plan }: Work, answer: GroupAnswer<Map<string, number>> | undefined, run: Run): number {
    const { memory, name } = candidate;
    const destination = this.#core.desired.destination.name;
    if (!answer?.value) {
      // It may have been taken, or may be yet.
      for (const { topic, partition, offset, metadata } of plan.commits)
        memory.lost(topic, partition, markOf(offset, metadata));
      const error =
        answer?.error ?? new KafkaError(`${destination} has not answered the commit`, { retriable: true });
      this.#put(candidate, run, troubled(error, destination), plan);
      return 0;
    }
    const refusals = answer.value;
    const taken = new Map<string, bigint>();
    for (const { topic, partition, offset, metadata } of plan.commits)
      if (refusals.has(placeKey(topic, partition))) memory.revoke(topic, partition, markOf(offset, metadata));
      else {
        memory.taken(topic, partition, markOf(offset, metadata));
        taken.set(placeKey(topic, partition), offset);
      }
    const offsets = plan.offsets.map((planned) => ({
      ...planned,
      mirror: taken.get(placeKey(planned.topic, planned.partition)) ?? planned.mirror,
    }));
    const now = { ...plan, offsets, blank: plan.blank && taken.size === 0 };
    const verdict = refusals.size > 0 ? refused(refusals, name, destination) : settled(now);
    this.#put(candidate, run, verdict, now);
    if (refusals.size === 0) {
      memory.syncedAtMs = Date.now();
      if (plan.renew && run.options.topic === null) memory.renewed(memory.syncedAtMs);
    }
    return taken.size;
  }

  async #forgetGone(
    seen: SourceGroups,
    results: ReadonlyMap<string, GroupResult>,
    filters: readonly NameFilter[],
  ): Promise<void> {
    const gone = this.#keeper.all().filter(({ group }) => {
      if (seen.groups.has(group) || !letsThrough(filters, group)) return false;
      const result = results.get(group);
      return result === undefined || result.status === 'NO_OFFSETS';
    });
    await this.#keeper.forget(gone.map(({ group }) => group));
    for (const { group } of gone) this.#results.delete(group);
  }

  #take(results: Map<string, GroupResult>, options: SyncOptions, partial: boolean): void {
    // What was last seen of the source is worth more than a look without it.
    if (!options.source) return;
    this.#results = partial ? new Map([...this.#results, ...results]) : results;
    this.asOf = Date.now();
  }
}

/** Something of it can stand on the destination. */
const hasPlaces = ({ offsets, memory }: Candidate): boolean => offsets.length > 0 || !memory.empty;

function byTopic(commits: readonly Commit[]): OffsetCommitRequest['topics'] {
  const topics = new Map<string, OffsetCommitRequest['topics'][number]>();
  for (const { topic, ...partition } of commits) {
    const named = topics.get(topic) ?? { topic, partitions: [] };
    named.partitions.push(partition);
    topics.set(topic, named);
  }
  return [...topics.values()];
}
