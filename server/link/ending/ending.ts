/**
 * Stops one mirror, step by step, from whatever the clusters say now: what an engine before this one had done is looked at again, never believed. The
 * way there: drain.ts says when a source is drained, fences.ts sets the fence, statement.ts says what is missing. Once `fencing` is in the store there is
 * no way back, only forward.
 */
import type {
  AnyStepName,
  EndingWish,
  OperationKind,
  OperationOutcome,
  OperationStatement,
  StepName,
} from '@/lib/contracts/operation';
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import { adviceOf } from './advice';
import { checkBack } from './check-back';
import { type Drained, drainSource } from './drain-source';
import type { EndingParts } from './ending-parts';
import { fencesSource, liftSourceFence } from './fence-source';
import { FenceWork } from './fence-work';
import { finishTopic } from './finish-topic';
import { Cancelled, Interrupted, NotDrained, OperationFailed } from './interruptions';
import { Steps, stepsOf } from './steps';
import { stopFetching } from './stop-fetching';
import { tried } from './tried';

/** Between two looks, and between two tries. */
const LOOK_MS = 300;
/** What is only said goes out this late, together. */
const SAY_MS = 200;
const PERSIST_RETRY_MS = 1_000;

export class Ending {
  readonly core: LinkCore;
  readonly topic: MirrorTopic;
  readonly parts: EndingParts;
  readonly operationId: string;
  readonly kind: OperationKind;
  readonly fencesSource: boolean;
  readonly steps: Steps;
  readonly notes: string[] = [];
  /** What was set on the topic at the end. */
  configs: Record<string, string> = {};
  /** Of a reverse: the mirror on the way back, null where there is none. */
  back: OperationStatement['back'];
  readonly fenceWork: FenceWork;
  #leftSource = false;
  #fencing: boolean;
  #sayTimer: NodeJS.Timeout | null = null;
  #over = false;

  constructor(core: LinkCore, topic: MirrorTopic, wish: EndingWish, parts: EndingParts) {
    this.core = core;
    this.topic = topic;
    this.parts = parts;
    this.operationId = wish.operationId;
    this.kind = wish.kind;
    this.#fencing = wish.fencing;
    this.#leftSource = wish.fencing || wish.kind === 'FAILOVER';
    this.fencesSource = fencesSource(wish);
    this.steps = new Steps(stepsOf(wish), () => this.#saySoon(), Date.now, wish.fencing ? wish.steps : []);
    this.fenceWork = new FenceWork(this, wish.statement);
  }

  /** @throws Interrupted when the operation is not wanted any more */
  get wish(): EndingWish {
    const wish = this.topic.desired.ending;
    if (wish?.operationId !== this.operationId) throw new Interrupted();
    return wish;
  }
  get state(): 'PENDING_STOPPED' | 'PENDING_SYNCHRONIZE' {
    return this.kind === 'REVERSE' ? 'PENDING_SYNCHRONIZE' : 'PENDING_STOPPED';
  }
  /** From now on nothing of the source matters to the mirror, whatever it becomes. */
  get leavesSource(): boolean {
    return this.#leftSource;
  }
  /** The topic's configs are those of an ordinary topic from now on, or about to be. */
  get fenced(): boolean {
    return this.#fencing;
  }
  /** For the operator: the step that it is at. */
  get explain(): string {
    const step = this.steps.current;
    const what = doing[this.kind];
    return step ? `${what}: ${words[step.name]}. ${step.detail ?? ''}`.trim() : `${what}.`;
  }

  async run(): Promise<void> {
    try {
      if (this.kind === 'REVERSE' && !this.#fencing) await checkBack(this);
      while (!(await this.#drainedAndFenced()));
      const message = await finishTopic(this);
      this.steps.begin('STOP');
      this.steps.done('STOP');
      await this.#end('DONE', message);
    } catch (error) {
      await this.#ended(error);
    }
  }

  /** @returns false where it must be drained again */
  async #drainedAndFenced(): Promise<boolean> {
    if (this.kind !== 'FAILOVER' && !this.#fencing) await this.#drain();
    else this.leaveSource();
    // An engine before this one got past the fence: its topic may be in use.
    if (this.fenceWork.levelled) return true;
    try {
      await this.fenceWork.run();
      return true;
    } catch (error) {
      if (!(error instanceof NotDrained)) throw error;
      this.fenceWork.drainAgain(error.message);
      this.#toDrain();
      return false;
    }
  }

  #toDrain(): void {
    this.#leftSource = false;
    this.steps.again('DRAIN');
  }

  async #drain(): Promise<void> {
    for (;;) {
      const drained: Drained = await drainSource(this);
      if (await this.fenceWork.takeDrained(drained)) return;
      this.#toDrain();
    }
  }

  /** Nothing more is mirrored: the partitions are this operation's alone. */
  leaveSource(): void {
    this.#leftSource = true;
    stopFetching(this.core, this.topic);
  }

  /** Before the first fence: from here on the store knows that there is no way back. */
  async beginFencing(): Promise<void> {
    this.#check();
    if (!this.#fencing) await this.#keepAdvice();
    this.#check();
    this.#fencing = true;
    await this.persist(null, null, this.fenceWork.statement());
  }

  /** An engine behind the fence asks the source for nothing: what was read of its configs by now must outlive this one. */
  async #keepAdvice(): Promise<void> {
    const { core, topic } = this;
    const advice = adviceOf(topic);
    if (advice === null) return;
    topic.desired = { ...topic.desired, advice };
    await core.ports.persist(topic.name, { advice });
  }

  /** For the statement, once. */
  note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence);
  }

  /** Tries until there is nothing to wait for. */
  async until(name: StepName, attempt: () => Promise<string | null>): Promise<void> {
    this.steps.begin(name);
    for (;;) {
      this.#check();
      const waits =
        this.core.fatal ?? (await tried(this.core, this.topic.name, words[name] ?? name, attempt));
      this.#check();
      if (waits === null) return;
      this.steps.say(name, waits);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #check(): void {
    const { core, topic } = this;
    if (core.context.stopping || core.topics.get(topic.name) !== topic) throw new Interrupted();
    const wish = this.wish;
    if (wish.cancel && !this.#fencing) throw new Cancelled();
    if (this.kind === 'FAILOVER' || this.#fencing) return;
    if (topic.phase === 'FAILED') throw new OperationFailed(topic.message ?? 'The mirror has failed.');
    const failed = topic.partitions.find(({ mode }) => mode === 'FAILED');
    if (failed) throw new OperationFailed(failed.message ?? `Partition ${failed.index} has failed.`);
  }

  // --- telling ---

  /** In the store when this returns. */
  async persist(
    outcome: OperationOutcome | null,
    message: string | null,
    statement: OperationStatement | null,
  ): Promise<void> {
    for (;;) {
      try {
        await this.core.ports.operation(this.#report(outcome, message, statement), true);
        return;
      } catch (error) {
        if (this.core.context.stopping) throw new Interrupted();
        this.wish;
        this.core.context.log('warn', `storing the operation on ${this.topic.name}: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, PERSIST_RETRY_MS));
      }
    }
  }

  #report(outcome: OperationOutcome | null, message: string | null, statement: OperationStatement | null) {
    const { operationId, topic, steps } = this;
    return {
      ...{ operationId, topic: topic.name, at: Date.now(), fencing: this.#fencing },
      ...{ steps: structuredClone(steps.list), outcome, message, statement },
    };
  }

  #saySoon(): void {
    if (this.#sayTimer || this.#over) return;
    this.#sayTimer = setTimeout(() => {
      this.#sayTimer = null;
      if (this.#over || this.core.context.stopping) return;
      void this.core.ports.operation(this.#report(null, null, null), false);
      this.core.context.stateChanged();
    }, SAY_MS);
    this.#sayTimer.unref();
  }

  // --- the end ---

  async #ended(error: unknown): Promise<void> {
    try {
      if (error instanceof Cancelled) {
        this.steps.fail('Taken back.');
        const left = await liftSourceFence(this);
        await this.#end(
          'CANCELLED',
          joined('Taken back before the fence; the mirror goes on as before.', left),
        );
      } else if (error instanceof OperationFailed) {
        this.steps.fail(error.message);
        await this.#end('FAILED', joined(error.message, await liftSourceFence(this)));
      } else if (!(error instanceof Interrupted)) throw error;
      else this.#quit();
    } catch (second) {
      this.#quit();
      if (!(second instanceof Interrupted))
        this.core.context.log('error', `the operation on ${this.topic.name}: ${(second as Error).stack}`);
    }
  }

  async #end(outcome: OperationOutcome, message: string): Promise<void> {
    const statement = outcome === 'DONE' ? this.fenceWork.statement() : null;
    await this.persist(outcome, message, statement);
    // A wish that was on its way meanwhile must not begin it anew.
    this.core.endedOperations.set(this.operationId, outcome);
    this.#quit();
    if (outcome === 'DONE') this.parts.stopped(this.topic);
    else this.parts.goOn(this.topic);
  }

  #quit(): void {
    this.#over = true;
    if (this.#sayTimer) clearTimeout(this.#sayTimer);
    if (this.topic.ending === this) this.topic.ending = null;
  }
}

const joined = (a: string, b: string | null): string => (b === null ? a : `${a} ${b}`);

const doing: Record<OperationKind, string> = {
  PROMOTE: 'Promoting',
  FAILOVER: 'Failing over',
  REVERSE: 'Turning round',
};

const words: Partial<Record<AnyStepName, string>> = {
  CHECK_BACK: 'looking whether it can be turned',
  FENCE_SOURCE: 'fencing the source topic',
  LEVEL: 'looking at what came behind the end of the source',
  TURN: 'putting the mirror on the way back',
  LOCK_BACK: 'waiting until the mirror on the way back has taken over',
  REFRESH: 'looking at the source topic',
  DRAIN: 'waiting until everything is mirrored',
  SYNC_CONFIGS: 'last sync of topic configs',
  SYNC_ACLS: 'last sync of ACLs',
  SYNC_OFFSETS: 'last sync of consumer offsets',
  SETTLE: 'waiting until what is in flight has settled',
  FENCE: 'setting the fence',
  CONFIGS: 'setting the topic’s own configs',
  UNLOCK: 'taking the lock away',
  STOP: 'stopping',
};
