// The set of running links: follows the desired state, answers questions, gives snapshots. Knows nothing of threads: it gets a way to send handed in.
import { aclPurpose } from '@/lib/contracts/acl';
import type { AutoCreateJudgement } from '@/lib/contracts/auto-create';
import type {
  DeletedTopic,
  DesiredLink,
  EngineRequest,
  FromEngine,
  StoredGroup,
  ToEngine,
} from '@/lib/contracts/engine';
import { heldOn } from './access/held-on';
import { listTopics, probeCluster } from './cluster-probe';
import { placeOf } from './credentials';
import { SNAPSHOT_MS, STOP_SETTLE_MS } from './defaults';
import { checkWayBack } from './ending/way-back';
import { checkLink } from './link-check';
import type { Tuning } from './link-context';
import type { MirrorElsewhere, OperationReport, TurnAnswer } from './link-core';
import { LinkRunner } from './link-runner';
import { liftFence, releaseAcls } from './lock/release';
import { checkMirrors } from './mirror-check';
import { produceRecord } from './produce-record';
import { snapshotOf } from './snapshot';
import { deleteTopics, lookAtTopics } from './topic-removal';

export type Send = (message: FromEngine, transfer?: ArrayBuffer[]) => void;

export class Engine {
  readonly #send: Send;
  readonly #tuning: Partial<Tuning>;
  readonly #runners = new Map<string, LinkRunner>();
  readonly #stopped = new Map<string, number | null>();
  readonly #persisting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  readonly #recalling = new Map<
    number,
    { resolve: (groups: StoredGroup[]) => void; reject: (error: Error) => void }
  >();
  readonly #adding = new Map<
    number,
    { resolve: (judged: AutoCreateJudgement[]) => void; reject: (error: Error) => void }
  >();
  readonly #turning = new Map<
    number,
    { resolve: (answer: TurnAnswer) => void; reject: (error: Error) => void }
  >();
  #nextPersist = 1;
  #stopping = false;
  #snapshotTimer: NodeJS.Timeout | null = null;
  /** Replacing a runner (its clusters changed) waits for the old one's end. */
  #changes: Promise<void> = Promise.resolve();

  constructor(send: Send, tuning: Partial<Tuning> = {}) {
    this.#send = send;
    this.#tuning = tuning;
  }

  get runners(): ReadonlyMap<string, LinkRunner> {
    return this.#runners;
  }

  start(): void {
    this.#snapshotTimer = setInterval(() => this.snapshot(), SNAPSHOT_MS);
  }

  receive(message: ToEngine): void {
    switch (message.type) {
      case 'desired':
        this.#changes = this.#changes
          .then(() => this.#reconcile(message.links))
          .catch((error: Error) => this.#log('error', `reconcile: ${error.stack}`));
        return;
      case 'request':
        void this.#answer(message.id, message.request);
        return;
      case 'persisted': {
        const waiting = this.#persisting.get(message.id);
        this.#persisting.delete(message.id);
        if (message.error === null) waiting?.resolve();
        else waiting?.reject(new Error(message.error));
        return;
      }
      case 'groups': {
        const waiting = this.#recalling.get(message.id);
        this.#recalling.delete(message.id);
        if (message.error === null) waiting?.resolve(message.groups);
        else waiting?.reject(new Error(message.error));
        return;
      }
      case 'mirrorsAdded': {
        const waiting = this.#adding.get(message.id);
        this.#adding.delete(message.id);
        if (message.judged) waiting?.resolve(message.judged);
        else waiting?.reject(new Error(message.error ?? 'The store did not answer'));
        return;
      }
      case 'turned': {
        const waiting = this.#turning.get(message.id);
        this.#turning.delete(message.id);
        const { back, refused, error } = message;
        if (error === null) waiting?.resolve({ back, refused });
        else waiting?.reject(new Error(error));
        return;
      }
      case 'stop':
        void this.stop();
        return;
    }
  }

  async #reconcile(links: DesiredLink[]): Promise<void> {
    if (this.#stopping) return;
    const wanted = new Map(links.map((link) => [link.id, link]));
    for (const [id, runner] of this.#runners) {
      const desired = wanted.get(id);
      if (
        desired &&
        !needsNewRunner(runner, desired) &&
        !(runner.fatal && desired.settings['cluster.link.paused'])
      )
        continue;
      this.#runners.delete(id);
      const epoch = await runner.stop(STOP_SETTLE_MS);
      this.#stopped.set(id, epoch);
      if (desired) desired.cleanStopEpoch = epoch;
    }
    for (const link of links) {
      const runner = this.#runners.get(link.id);
      if (runner) runner.update(link);
      else this.#run(link);
    }
    this.snapshot();
  }

  #run(link: DesiredLink): void {
    const runner = new LinkRunner(
      link,
      {
        persist: (topic, facts) =>
          this.#stored((id) => ({ type: 'persist', id, linkId: link.id, topic, ...facts })),
        holdAcls: (held) => this.#stored((id) => ({ type: 'aclsHeld', id, linkId: link.id, held })),
        aclsHeldOn: (clusterId, purpose) => heldOn(this.#runners.values(), clusterId, [purpose]),
        aclsHeldElsewhere: (clusterId, purpose) =>
          heldOn(this.#runners.values(), clusterId, aclPurpose.options, { linkId: link.id, purpose }),
        keepGroups: (change) =>
          this.#stored((id) => ({ type: 'keepGroups', id, linkId: link.id, ...change })),
        recallGroups: () => this.#recall(link.id),
        addMirrors: (sourceTopics, validateOnly) => this.#addMirrors(link.id, sourceTopics, validateOnly),
        turn: (topic, operationId) => this.#turn(link.id, topic, operationId),
        elsewhere: (linkId, topic) => this.#elsewhere(linkId, topic),
        event: (topic, partition, from, to, message) =>
          this.#send({ type: 'event', linkId: link.id, at: Date.now(), topic, partition, from, to, message }),
        operation: (report, stored) => this.#operation(link.id, report, stored),
        verified: (topic, facts) => this.#send({ type: 'verified', linkId: link.id, topic, ...facts }),
        wrote: (write) => this.#send({ type: 'wrote', linkId: link.id, at: Date.now(), write }),
        log: (level, message) => this.#log(level, message),
      },
      this.#tuning,
    );
    this.#runners.set(link.id, runner);
    runner.start();
  }

  /** Resolves when the store has it. */
  #stored(message: (id: number) => FromEngine): Promise<void> {
    const id = this.#nextPersist++;
    return new Promise((resolve, reject) => {
      this.#persisting.set(id, { resolve, reject });
      this.#send(message(id));
    });
  }

  #recall(linkId: string): Promise<StoredGroup[]> {
    const id = this.#nextPersist++;
    return new Promise((resolve, reject) => {
      this.#recalling.set(id, { resolve, reject });
      this.#send({ type: 'recallGroups', id, linkId });
    });
  }

  #operation(linkId: string, report: OperationReport, stored: boolean): Promise<void> {
    if (!stored) {
      this.#send({ type: 'operation', id: null, linkId, ...report });
      return Promise.resolve();
    }
    return this.#stored((id) => ({ type: 'operation', id, linkId, ...report }));
  }

  #addMirrors(linkId: string, sourceTopics: string[], validateOnly: boolean): Promise<AutoCreateJudgement[]> {
    const id = this.#nextPersist++;
    return new Promise((resolve, reject) => {
      this.#adding.set(id, { resolve, reject });
      this.#send({ type: 'addMirrors', id, linkId, sourceTopics, validateOnly });
    });
  }

  #turn(linkId: string, topic: string, operationId: string): Promise<TurnAnswer> {
    const id = this.#nextPersist++;
    return new Promise((resolve, reject) => {
      this.#turning.set(id, { resolve, reject });
      this.#send({ type: 'turn', id, linkId, topic, operationId });
    });
  }

  #elsewhere(linkId: string, name: string): MirrorElsewhere | null {
    const runner = this.#runners.get(linkId);
    const topic = runner?.topics.get(name);
    return runner && topic ? { topic, lock: runner.lock.viewOf(name) } : null;
  }

  async #answer(id: number, request: EngineRequest): Promise<void> {
    try {
      this.#send({ type: 'answer', id, ok: true, value: await this.#ask(request), error: null });
    } catch (error) {
      this.#send({ type: 'answer', id, ok: false, value: null, error: (error as Error).message });
    }
  }

  #ask(request: EngineRequest): Promise<unknown> {
    switch (request.op) {
      case 'probeCluster':
        return probeCluster(request.cluster);
      case 'listTopics':
        return listTopics(request.cluster);
      case 'checkLink':
        return checkLink(request);
      case 'checkBack':
        return checkWayBack(request);
      case 'checkMirrors':
        return checkMirrors(request);
      case 'produceRecord':
        return produceRecord(request);
      case 'runTask':
        return this.#running(request).runTask(request.task);
      case 'previewAcls':
        return this.#running(request).aclSync.preview(request);
      case 'releaseAcls':
        return releaseAcls(this.#running(request), request.deletedTopics ?? []);
      case 'lookAtTopics':
        return lookAtTopics(request, this.#runners.get(request.linkId)?.destinationIds ?? new Map());
      case 'deleteTopics':
        return this.#deleteTopics(request);
      case 'liftFence':
        return liftFence(this.#running(request), request.topics);
      case 'groups':
        return Promise.resolve(this.#running(request).groupPage(request.query));
      case 'group':
        return this.#running(request).groupDetail(request.group);
      case 'mirrorConfigs':
        return Promise.resolve(this.#running(request).mirrorConfigs(request.topic));
      case 'previewGroups':
        return this.#running(request).previewGroups(request.filters);
      case 'checkAgain':
        return Promise.resolve(this.#running(request).checkAgain(request.topic));
      case 'lookAtTopic':
        return this.#running(request).lookAtMirror(request.topic);
      case 'lookAtParting':
        return this.#running(request).lookAtParting(request);
      case 'recordsOfSource':
        return this.#running(request).recordsOfSource(request);
    }
  }

  /** Behind what was wished before: no mirror writes to them any more. */
  async #deleteTopics(request: Extract<EngineRequest, { op: 'deleteTopics' }>): Promise<DeletedTopic[]> {
    await this.#changes;
    const runners = [...this.#runners.values()];
    const mirrored = request.topics.find(({ topic }) =>
      runners.some(
        ({ desired, topics }) => desired.destinationClusterId === request.clusterId && topics.has(topic),
      ),
    );
    if (mirrored) throw new Error(`${mirrored.topic} is a mirror of a link: it is not deleted`);
    const answers = await deleteTopics(request);
    const gone = answers.filter(({ outcome }) => outcome === 'GONE').map(({ topic }) => topic);
    await this.#runners.get(request.linkId)?.forgetTopics(gone);
    return answers;
  }

  #running({ linkId, link }: { linkId: string; link: string }): LinkRunner {
    const runner = this.#runners.get(linkId);
    if (!runner) throw new Error(`Link ${link} does not run`);
    return runner;
  }

  snapshot(): void {
    if (this.#stopping) return;
    const at = Date.now();
    const { links, columns } = snapshotOf(this.#runners.values(), at);
    this.#send(
      { type: 'snapshot', at, links, columns },
      Object.values(columns).map((column) => column.buffer as ArrayBuffer),
    );
  }

  #log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void {
    this.#send({ type: 'log', level, message });
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    if (this.#snapshotTimer) clearInterval(this.#snapshotTimer);
    const epochs: Record<string, number | null> = {};
    await Promise.all(
      [...this.#runners].map(async ([id, runner]) => {
        epochs[id] = await runner.stop(STOP_SETTLE_MS);
      }),
    );
    this.#send({ type: 'stopped', epochs });
  }
}

/** Clients and identity are made of these; credentials and everything else change while the link runs. */
function needsNewRunner(runner: LinkRunner, desired: DesiredLink): boolean {
  const identity = (link: DesiredLink) =>
    JSON.stringify([
      link.name,
      placeOf(link.source),
      placeOf(link.destination),
      link.sourceClusterId,
      link.destinationClusterId,
    ]);
  return identity(runner.desired) !== identity(desired);
}
