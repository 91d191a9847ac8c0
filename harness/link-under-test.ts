// One link of the real engine between two clusters, in this process, with its facts kept in memory: for tests that look at what arrives.

import type { HeldAcls } from '@/lib/contracts/acl';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import type { DesiredLink, DestinationWrite, FromEngine, StoredGroup } from '@/lib/contracts/engine';
import { type LinkSettings, linkSettings } from '@/lib/contracts/link';
import {
  type OperationKind,
  type OperationOptions,
  type OperationOutcome,
  type OperationStatement,
  operationOptions,
} from '@/lib/contracts/operation';
import {
  noWork,
  type RemakeKind,
  type RemakeOptions,
  type RemakeRequest,
  remakeOptions,
} from '@/lib/contracts/remake';
import { mirrorNameOf } from '@/lib/mirror-name';
import { Engine } from '@/server/link/engine';
import type { Tuning } from '@/server/link/link-context';
import type { LinkRunner } from '@/server/link/link-runner';
import type { MirrorPartition } from '@/server/link/partition';
import type { KafkaCluster } from './cluster';
import { listOffsets, type PartitionOffsets } from './topics';
import { waitFor } from './wait-for';

const LIMIT_MS = 180_000;
/** A busy machine mirrors more slowly than a test writes: what has come together by the end of it takes its time. */
export const CATCH_UP_LIMIT_MS = 300_000;

export type LinkOptions = {
  source: KafkaCluster;
  destination: KafkaCluster;
  /** How the link signs in where it isn't anonymous, through the plaintext listeners. */
  signIn?: { source?: SignIn; destination?: SignIn };
  name: string;
  topics: string[];
  /** Source topic → name of its mirror, where it is not the usual one. */
  rename?: Record<string, string>;
  settings?: Partial<LinkSettings>;
  replicationFactor?: number;
  configs?: Record<string, string>;
  tuning?: Partial<Tuning>;
  /** Facts of an earlier engine, as from its store. */
  facts?: LinkUnderTest;
};

export type SignIn = Pick<ClusterConfig, 'bootstrapServers' | 'security'>;
type Mirror = DesiredLink['mirrors'][number];
export type OperationMessage = Extract<FromEngine, { type: 'operation' }>;
type Event = Extract<FromEngine, { type: 'event' }>;
type Verified = Extract<FromEngine, { type: 'verified' }>;

export class LinkUnderTest {
  readonly events: Event[] = [];
  readonly logs: string[] = [];
  /** What was changed besides records. */
  readonly writes: DestinationWrite[] = [];
  /** What was last said of the operation on each topic. */
  readonly operations = new Map<string, OperationMessage>();
  readonly verified: Verified[] = [];
  /** What was kept of consumer groups, as by the store. */
  readonly groupMemory: Map<string, string>;
  readonly #engine: Engine;
  readonly #desired: DesiredLink;
  readonly #source: KafkaCluster;
  #stopping: Promise<number | null> | null = null;
  #stopped: ((epochs: Record<string, number | null>) => void) | null = null;

  constructor(options: LinkOptions) {
    this.#source = options.source;
    this.#desired = options.facts ? structuredClone(options.facts.#desired) : desiredLink(options);
    this.groupMemory = new Map(options.facts?.groupMemory);
    this.#engine = new Engine((message) => this.#receive(message), {
      unknownFateWaitMs: 1_500,
      ...options.tuning,
    });
    this.#engine.start();
    this.send();
  }

  get runner(): LinkRunner {
    const runner = this.#engine.runners.get(this.#desired.id);
    if (!runner) throw new Error('The link does not run yet.');
    return runner;
  }

  /** Asks for a promote or a failover, as an operator would. @returns the operation's id */
  end(topic: string, kind: OperationKind, options: Partial<OperationOptions> = {}): string {
    const operationId = `${kind}-${topic}-${Date.now()}`;
    this.change((desired) => askToEnd(desired, topic, kind, options, operationId));
    return operationId;
  }

  /** Waits until the operation has ended, in the way that is expected. */
  async ended(
    topic: string,
    outcome: OperationOutcome = 'DONE',
    limitMs = LIMIT_MS,
  ): Promise<OperationMessage & { statement: OperationStatement }> {
    const said = () => this.operations.get(topic);
    await this.until(`the operation on ${topic} ends`, () => (said()?.outcome ?? null) !== null, limitMs);
    const last = said();
    if (last?.outcome !== outcome) throw new Error(`It ended ${last?.outcome}: ${last?.message}`);
    return { ...last, statement: last.statement as OperationStatement };
  }

  /** Waits until the operation that makes the topic anew has ended, in the way that is expected. */
  async remade(topic: string, outcome: OperationOutcome = 'DONE'): Promise<OperationMessage> {
    const said = () => this.operations.get(topic);
    await this.until(`the operation on ${topic} ends`, () => (said()?.outcome ?? null) !== null);
    const last = said();
    if (last?.outcome !== outcome) throw new Error(`It ended ${last?.outcome}: ${last?.message}`);
    return last;
  }

  /** Changes the wish, as an operator would. */
  change(change: (desired: DesiredLink) => void): void {
    change(this.#desired);
    this.send();
  }
  send(): void {
    this.#engine.receive({ type: 'desired', links: [structuredClone(this.#desired)] });
  }

  #receive(message: FromEngine): void {
    if (message.type === 'event') this.events.push(message);
    if (message.type === 'log') this.logs.push(`${message.level} ${message.message}`);
    if (message.type === 'stopped') this.#stopped?.(message.epochs);
    if (message.type === 'verified') this.#verified(message);
    if (message.type === 'persist') {
      const mirror = this.#desired.mirrors.find((m) => m.topic === message.topic);
      if (mirror) {
        if (message.created !== undefined) mirror.created = message.created;
        if (message.starts !== undefined) mirror.starts = message.starts;
        if (message.sourceTopicId !== undefined) mirror.sourceTopicId = message.sourceTopicId;
        if (message.consistentAt !== undefined) mirror.consistentAt = message.consistentAt;
        if (message.advice !== undefined) mirror.advice = message.advice;
      }
      queueMicrotask(() => this.#engine.receive({ type: 'persisted', id: message.id, error: null }));
    }
    if (message.type === 'wrote') this.writes.push(message.write);
    if (message.type === 'aclsHeld') {
      keepAcls(this.#desired, message.held);
      const { id } = message;
      queueMicrotask(() => this.#engine.receive({ type: 'persisted', id, error: null }));
    }
    if (message.type === 'keepGroups') {
      keepGroups(this.groupMemory, message);
      queueMicrotask(() => this.#engine.receive({ type: 'persisted', id: message.id, error: null }));
    }
    if (message.type === 'recallGroups') {
      const groups = recalled(this.groupMemory);
      queueMicrotask(() => this.#engine.receive({ type: 'groups', id: message.id, groups, error: null }));
    }
    if (message.type === 'addMirrors') this.#addMirrors(message);
    if (message.type === 'operation') {
      this.operations.set(message.topic, message);
      keepProgress(this.#desired, message);
      const { id } = message;
      if (id !== null) queueMicrotask(() => this.#engine.receive({ type: 'persisted', id, error: null }));
    }
  }

  /** Keeps what a store would keep. */
  #verified(message: Verified): void {
    this.verified.push(message);
    const mirror = this.#desired.mirrors.find((m) => m.topic === message.topic);
    if (!mirror) return;
    mirror.verified = message.progress;
    if (message.sweepEnded?.id === mirror.sweep?.id) mirror.sweep = null;
  }

  /** As the server's store, where nothing stands against it. */
  #addMirrors({ id, sourceTopics, validateOnly }: Extract<FromEngine, { type: 'addMirrors' }>): void {
    const prefix = this.#desired.settings['cluster.link.prefix'];
    const judged = sourceTopics.map((sourceTopic) => ({
      sourceTopic,
      topic: mirrorNameOf(prefix, sourceTopic),
      verdict: 'MATCHED' as const,
      message: 'Will be mirrored.',
    }));
    if (!validateOnly) {
      this.#desired.mirrors.push(...judged.map(({ topic, sourceTopic }) => wantedMirror(topic, sourceTopic)));
      this.send();
    }
    queueMicrotask(() => this.#engine.receive({ type: 'mirrorsAdded', id, judged, error: null }));
  }

  /** State, error and message of one mirror. */
  mirror(topic: string) {
    const found = this.runner.topics.get(topic);
    if (!found) throw new Error(`${topic} is not a mirror of this link.`);
    return {
      ...found.view(this.runner.condition, this.runner.message, this.runner.patienceMs),
      partitions: found.partitions,
    };
  }

  /** Waits until every partition of the topics safely holds all that the source holds at this moment. */
  async caughtUp(limitMs = CATCH_UP_LIMIT_MS): Promise<void> {
    const ends = await sourceEnds(this.#desired, this.#source);
    await this.until(
      'the link catches up',
      () => {
        const { topics, condition, message, patienceMs } = this.runner;
        if (topics.size < ends.size) return false;
        for (const topic of topics.values()) {
          const view = topic.view(condition, message, patienceMs);
          if (view.state === 'FAILED') throw new Error(`${topic.name} failed: ${view.explain}`);
          const wanted = ends.get(topic.name) ?? new Map<number, bigint>();
          if (topic.phase !== 'READY' || topic.partitions.length < wanted.size) return false;
          const holds = topic.partitions.every(
            (p) => p.mode === 'RUNNING' && p.headDone && p.mirrorHighWatermark >= (wanted.get(p.index) ?? 0n),
          );
          if (!holds) return false;
        }
        return true;
      },
      limitMs,
    );
  }

  /** Waits until every partition of the topics that `which` takes has safely gone on by more than so many offsets from now. */
  async goesOn(
    topics: string[],
    options: { by?: bigint; which?: (partition: MirrorPartition) => boolean; limitMs?: number } = {},
  ): Promise<void> {
    const { by = 20n, which = () => true, limitMs = 180_000 } = options;
    const chosen = () => topics.flatMap((topic) => this.mirror(topic).partitions).filter(which);
    const known = () => topics.every((topic) => this.mirror(topic).partitions.length > 0);
    await this.until('the partitions to go on are known', () => known() && chosen().length > 0, limitMs);
    const before = chosen().map((partition) => ({ partition, end: partition.mirrorHighWatermark }));
    const all = () =>
      before.every(({ partition: p, end }) => p.mode === 'RUNNING' && p.mirrorHighWatermark > end + by);
    await this.until('all partitions go on', all, limitMs);
  }

  /** @throws with the state of the link when the condition has not come true in time */
  async until(what: string, condition: () => boolean | Promise<boolean>, limitMs = LIMIT_MS): Promise<void> {
    try {
      // Nothing is true of a link before it runs.
      const runs = () => this.#engine.runners.has(this.#desired.id);
      await waitFor(what, () => runs() && condition(), { limitMs, everyMs: 20 });
    } catch (error) {
      throw new Error(`${(error as Error).message} ${this.describe()}`, { cause: error });
    }
  }

  describe(): string {
    const runner = this.#engine.runners.get(this.#desired.id);
    if (!runner) return 'no runner';
    const topics = [...runner.topics.values()].map(
      (t) =>
        `${t.name} ${t.phase} ${t.message ?? ''} ${t.partitions
          .map(
            (p) =>
              `[${p.index} ${p.mode} src ${p.sourceStart}..${p.sourceLastStable} acked ${p.acked} sent ${p.sent} planned ${p.planned} hw ${p.mirrorHighWatermark} out ${p.outstanding} q ${p.queueLength} ${p.message ?? ''}]`,
          )
          .slice(0, 5)
          .join(' ')}`,
    );
    const operations = [...this.operations.values()].map(
      ({ topic, outcome, steps }) => `${topic} ${outcome} ${JSON.stringify(steps)}`,
    );
    return `${runner.state} ${runner.message ?? ''}; ${operations.join('; ')}; ${topics.join('; ')}; last logs: ${this.logs.slice(-5).join(' | ')}`;
  }

  /** Stops in order; a second call waits for the first. @returns the epoch at a clean stop */
  stop(): Promise<number | null> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<number | null> {
    const epochs = new Promise<Record<string, number | null>>((resolve) => {
      this.#stopped = resolve;
    });
    this.#engine.receive({ type: 'stop' });
    const epoch = (await epochs)[this.#desired.id] ?? null;
    this.#desired.cleanStopEpoch = epoch;
    return epoch;
  }
}

/** A mirror that nothing is known of yet. */
export const wantedMirror = (
  topic: string,
  sourceTopic: string,
  options: Mirror['options'] = { replicationFactor: null, configs: {} },
): Mirror => ({
  ...{ topic, sourceTopic, options },
  paused: false,
  sourceTopicId: null,
  starts: null,
  created: false,
  consistentAt: null,
  advice: null,
  ending: null,
});

export function desiredLink(options: LinkOptions): DesiredLink {
  const prefix = options.settings?.['cluster.link.prefix'] ?? '';
  const mirror = (sourceTopic: string): Mirror =>
    wantedMirror(options.rename?.[sourceTopic] ?? mirrorNameOf(prefix, sourceTopic), sourceTopic, {
      replicationFactor: options.replicationFactor ?? null,
      configs: options.configs ?? {},
    });
  return {
    id: options.name,
    name: options.name,
    source: endOf('source', options.source, options.signIn?.source),
    destination: endOf('destination', options.destination, options.signIn?.destination),
    sourceClusterId: options.source.clusterId,
    destinationClusterId: options.destination.clusterId,
    settings: linkSettings.parse({
      'metadata.max.age.ms': 1_000,
      'availability.check.ms': 1_000,
      ...options.settings,
    }),
    mirrors: options.topics.map(mirror),
    renamed: [],
    heldAcls: [],
    cleanStopEpoch: null,
  };
}

export function askToEnd(
  desired: DesiredLink,
  topic: string,
  kind: OperationKind,
  options: Partial<OperationOptions>,
  operationId: string,
): void {
  const mirror = desired.mirrors.find((m) => m.topic === topic);
  if (!mirror) throw new Error(`${topic} is not a mirror of this link.`);
  mirror.ending = {
    ...{ operationId, kind, startedAt: Date.now(), cancel: false, fencing: false, statement: null },
    options: operationOptions.parse({ quietMs: 500, ...options }),
  };
}

/** As the server's store. */
export function keepAcls(desired: DesiredLink, held: readonly HeldAcls[]): void {
  const changed = new Set(held.map(({ purpose, name }) => `${purpose} ${name}`));
  const rest = desired.heldAcls.filter(({ purpose, name }) => !changed.has(`${purpose} ${name}`));
  desired.heldAcls = [...rest, ...held.filter(({ bindings }) => bindings.length > 0)];
}

type KeepGroups = Extract<FromEngine, { type: 'keepGroups' }>;

/** As the server's store. */
export function keepGroups(memory: Map<string, string>, { put, remove }: KeepGroups): void {
  for (const stored of put) memory.set(stored.group, stored.memory);
  for (const group of remove) memory.delete(group);
}
export function recalled(memory: ReadonlyMap<string, string>): StoredGroup[] {
  return [...memory].map(([group, text]) => ({ group, memory: text }));
}

/** As the server's store: the fence is remembered, and a mirror that has ended its operation is stopped or goes on. */
export function keepProgress(desired: DesiredLink, message: OperationMessage): void {
  const mirror = desired.mirrors.find((m) => m.topic === message.topic);
  if (mirror?.remake?.operationId === message.operationId) keepRemake(desired, mirror, message);
  if (mirror?.ending?.operationId !== message.operationId) return;
  if (message.fencing) mirror.ending.fencing = true;
  if (message.statement) mirror.ending.statement = message.statement;
  if (message.outcome === null) return;
  mirror.ending = null;
  if (message.outcome === 'DONE') desired.mirrors = desired.mirrors.filter((m) => m !== mirror);
}

function keepRemake(
  desired: DesiredLink,
  mirror: Mirror,
  { fencing, work, facts, outcome }: OperationMessage,
) {
  const { remake } = mirror;
  if (!remake) return;
  if (fencing) remake.deleting = true;
  if (work) remake.work = work;
  if (facts) {
    const unknown = { sourceTopicId: null, consistentAt: null, verified: null, acceptedLosses: [] };
    Object.assign(mirror, unknown, facts);
  }
  if (outcome === null) return;
  if (remake.kind === 'FAILBACK' && outcome !== 'DONE' && !remake.deleting)
    desired.mirrors = desired.mirrors.filter((m) => m !== mirror);
  mirror.remake = null;
}

/** Asks for the topic of a mirror to be made anew, as an operator would who has looked at it. */
export function askToRemake(
  desired: DesiredLink,
  topic: string,
  kind: RemakeKind,
  request: Omit<Partial<RemakeRequest>, 'options'> & {
    topicId: string | null;
    options?: Partial<RemakeOptions>;
  },
  operationId = `${kind}-${topic}-${Date.now()}`,
): string {
  const mirror = desired.mirrors.find((m) => m.topic === topic);
  if (!mirror) throw new Error(`${topic} is not a mirror of this link.`);
  const options = remakeOptions.parse({ quietMs: 300, ...request.options });
  mirror.remake = {
    ...{ operationId, kind, startedAt: Date.now(), cancel: false, deleting: false, work: noWork },
    request: { ends: {}, saveTo: null, ...request, options },
  };
  return operationId;
}

function endOf(name: string, cluster: KafkaCluster, signIn: SignIn | undefined): ClusterConfig {
  return clusterConfig.parse({ name, bootstrapServers: cluster.bootstrap.split(','), ...signIn });
}

/** Last stable offsets of all mirrored topics, asked of the source itself, by mirror topic. */
export async function sourceEnds(
  desired: DesiredLink,
  { bootstrap }: KafkaCluster,
): Promise<Map<string, PartitionOffsets>> {
  const ends = desired.mirrors.map(async ({ topic, sourceTopic }) => {
    const place = { bootstrap, topic: sourceTopic };
    return [topic, await listOffsets({ ...place, at: 'latest', isolation: 'read_committed' })] as const;
  });
  return new Map(await Promise.all(ends));
}
