/**
 * Makes the topic of one mirror anew, step by step, from whatever the clusters say now. Until the store knows that the topic may be gone nothing has been
 * changed, and it can be taken back; from there on every next engine goes on. What is deleted is only ever the topic that was looked at when it was
 * asked for.
 */
import type { OperationOutcome } from '@/lib/contracts/operation';
import type { RemadeFacts, RemakeKind, RemakeStepName, RemakeWish, RemakeWork } from '@/lib/contracts/remake';
import { Cancelled, Interrupted, OperationFailed } from '../ending/interruptions';
import { Steps } from '../ending/steps';
import { tried } from '../ending/tried';
import type { LinkCore } from '../link-core';
import { MirrorTopic, type TopicRemaking } from '../mirror-topic';
import { dropPartitions, forget } from '../wish';
import { checkBefore } from './check';
import { compareSides, saveSide } from './compare';
import { untilQuiet } from './quiet';
import { createAnew, deleteOld, untilMirrored } from './replace';

const LOOK_MS = 300;
const SAY_MS = 200;
const PERSIST_RETRY_MS = 1_000;

const stepsOf: Record<RemakeKind, readonly RemakeStepName[]> = {
  RESEED: ['CHECK', 'QUIET', 'DELETE', 'CREATE', 'MIRROR'],
  FAILBACK: ['CHECK', 'QUIET', 'COMPARE', 'SAVE', 'DELETE', 'CREATE', 'MIRROR'],
};
const words: Record<RemakeStepName, string> = {
  CHECK: 'looking at both topics',
  QUIET: 'waiting until nobody writes',
  COMPARE: 'comparing both sides',
  SAVE: 'saving what has diverged',
  DELETE: 'deleting the topic',
  CREATE: 'creating the topic',
  MIRROR: 'beginning to mirror',
};

export class Remake implements TopicRemaking {
  readonly core: LinkCore;
  readonly operationId: string;
  readonly kind: RemakeKind;
  readonly steps: Steps;
  topic: MirrorTopic;
  work: RemakeWork;
  /** The set-up may go on. */
  cleared = false;
  #deleting: boolean;
  #sayTimer: NodeJS.Timeout | null = null;
  #over = false;

  constructor(core: LinkCore, topic: MirrorTopic, wish: RemakeWish) {
    this.core = core;
    this.topic = topic;
    this.operationId = wish.operationId;
    this.kind = wish.kind;
    this.work = wish.work;
    this.#deleting = wish.deleting;
    this.steps = new Steps(stepsOf[wish.kind], () => this.#saySoon());
  }

  /** @throws Interrupted when the operation is not wanted any more */
  get wish(): RemakeWish {
    const wish = this.topic.desired.remake;
    if (wish?.operationId !== this.operationId) throw new Interrupted();
    return wish;
  }
  get explain(): string {
    const { name = 'CHECK', detail = null } = this.steps.current ?? {};
    const what = this.kind === 'RESEED' ? 'Re-seeding' : 'Failing back';
    return `${what}: ${words[name as RemakeStepName]}. ${detail ?? ''}`.trim();
  }

  async run(): Promise<void> {
    try {
      if (!this.#deleting && !this.work.cleared) await this.#prepare();
      else this.#passOver('CHECK', 'QUIET', 'COMPARE', 'SAVE');
      if (this.work.cleared) this.#passOver('DELETE');
      while (!this.work.cleared && !(await deleteOld(this))) {
        this.steps.again('CHECK');
        await this.#prepare();
      }
      await createAnew(this);
      await untilMirrored(this);
      await this.#end('DONE', this.#summary());
    } catch (error) {
      await this.#ended(error);
    }
  }

  /** Nothing is changed here, but for the copy of what has diverged. */
  async #prepare(): Promise<void> {
    this.#standStill();
    await checkBefore(this);
    for (;;) {
      const quiet = await untilQuiet(this);
      if (this.kind === 'RESEED') return;
      if (await compareSides(this, quiet)) return;
      if (await saveSide(this, quiet)) return;
      this.steps.again('QUIET');
    }
  }

  /** The link appends nothing to what may be deleted. */
  #standStill(): void {
    dropPartitions(this.core, this.topic);
    this.topic.partitions = [];
    if (this.topic.phase === 'READY') this.topic.phase = 'NEW';
    this.core.context.stateChanged();
  }

  #passOver(...names: RemakeStepName[]): void {
    for (const name of names) {
      const step = this.steps.list.find((one) => one.name === name);
      if (step?.state === 'PENDING')
        this.steps.skip(name, 'Done by the engine before this one, or not needed.');
    }
  }

  // --- what the steps do with it ---

  /** From here on the store knows that the topic may be gone, and where ACLs can see to it nobody else writes to it any more. */
  async beginDeleting(): Promise<void> {
    this.check();
    this.#deleting = true;
    await this.persist(null, null);
    this.topic.desired = { ...this.topic.desired, remake: { ...this.wish, deleting: true } };
    await this.core.lockAnew();
    this.check();
  }

  /** What stood in the way is gone, or was found to fit: nothing that was known of it holds for what is set up now. */
  async clear(work: RemakeWork, facts: RemadeFacts): Promise<void> {
    this.work = { ...work, cleared: true };
    await this.persist(null, null, facts);
    const { core, topic } = this;
    core.destinationIds.delete(topic.name);
    const unknown = { sourceTopicId: null, destinationTopicId: null, consistentAt: null, verified: null };
    const desired = { ...topic.desired, ...facts, ...unknown };
    // As many replicas as the topic had, unless others were chosen.
    const replicationFactor = desired.options.replicationFactor ?? this.work.old?.replicationFactor ?? null;
    const options = { ...desired.options, replicationFactor };
    const anew = new MirrorTopic({ ...desired, options, acceptedLosses: [], turn: null });
    topic.remaking = null;
    anew.remaking = this;
    anew.state = topic.state;
    anew.since = topic.since;
    core.topics.set(anew.name, anew);
    this.topic = anew;
  }

  /** Tries until there is nothing to wait for. */
  async until(name: RemakeStepName, attempt: () => Promise<string | null>): Promise<void> {
    this.steps.begin(name);
    for (;;) {
      this.check();
      const waits = this.core.fatal ?? (await tried(this.core, this.topic.name, words[name], attempt));
      this.check();
      if (waits === null) return;
      this.steps.say(name, waits);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  check(): void {
    const { core, topic } = this;
    if (core.context.stopping || core.topics.get(topic.name) !== topic) throw new Interrupted();
    if (this.wish.cancel && !this.#deleting) throw new Cancelled();
  }

  async persist(
    outcome: OperationOutcome | null,
    message: string | null,
    facts?: RemadeFacts,
  ): Promise<void> {
    for (;;) {
      try {
        await this.core.ports.operation(
          { ...this.#report(outcome, message), ...(facts ? { facts } : {}) },
          true,
        );
        return;
      } catch (error) {
        if (this.core.context.stopping) throw new Interrupted();
        this.wish;
        this.core.context.log('warn', `storing the operation on ${this.topic.name}: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, PERSIST_RETRY_MS));
      }
    }
  }

  #report(outcome: OperationOutcome | null, message: string | null) {
    const { operationId, topic, steps, work } = this;
    return {
      ...{ operationId, topic: topic.name, at: Date.now(), fencing: this.#deleting, work },
      ...{ steps: structuredClone(steps.list), outcome, message, statement: null },
    };
  }

  #saySoon(): void {
    if (this.#sayTimer || this.#over) return;
    this.#sayTimer = setTimeout(() => {
      this.#sayTimer = null;
      if (this.#over || this.core.context.stopping) return;
      void this.core.ports.operation(this.#report(null, null), false);
      this.core.context.stateChanged();
    }, SAY_MS);
    this.#sayTimer.unref();
  }

  // --- the end ---

  #summary(): string {
    const { old, parting, saved } = this.work;
    const { length } = this.topic.partitions;
    if (this.kind === 'RESEED')
      return `Re-seeded: ${length} partitions mirror from their beginning; ${old ? `the topic with ${old.offsets} offsets was deleted` : 'there was no topic to delete'}.`;
    const parted = (parting ?? []).filter((one) => one.parted !== null);
    const stays = old?.topicId === this.core.destinationIds.get(this.topic.name);
    if (old && parted.length === 0)
      return `Failed back: nothing had diverged; ${length} partitions ${stays ? 'go on where they were, nothing was copied' : 'mirror from their beginning, because the old topic could not stay as it was'}.`;
    const records = parted.reduce((sum, one) => sum + BigInt(one.records ?? 0), 0n);
    const kept = saved ? `, saved in ${saved.topic}` : '';
    return `Failed back: ${length} partitions mirror from their beginning; ${records} records had diverged${kept}.`;
  }

  async #ended(error: unknown): Promise<void> {
    try {
      if (error instanceof Cancelled) {
        this.steps.fail('Taken back.');
        await this.#end('CANCELLED', 'Taken back before anything was deleted.');
      } else if (error instanceof OperationFailed) {
        this.steps.fail(error.message);
        await this.#end('FAILED', error.message);
      } else if (!(error instanceof Interrupted)) throw error;
      else this.#quit();
    } catch (second) {
      this.#quit();
      if (!(second instanceof Interrupted))
        this.core.context.log('error', `the operation on ${this.topic.name}: ${(second as Error).stack}`);
    }
  }

  async #end(outcome: OperationOutcome, message: string): Promise<void> {
    await this.persist(outcome, message);
    const { core, topic } = this;
    core.endedOperations.set(this.operationId, outcome);
    this.#quit();
    topic.desired = { ...topic.desired, remake: null };
    // It was put on the link for this operation alone.
    if (this.kind === 'FAILBACK' && outcome !== 'DONE' && !this.#deleting) forget(core, topic);
    else if (outcome !== 'DONE' && topic.phase === 'NEW') core.context.refreshMetadata();
    core.context.stateChanged();
  }

  #quit(): void {
    this.#over = true;
    if (this.#sayTimer) clearTimeout(this.#sayTimer);
    if (this.topic.remaking === this) this.topic.remaking = null;
  }
}
