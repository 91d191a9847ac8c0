/**
 * The web thread's side of the talk with the engine: sends the desired state, stores facts and events, feeds the metrics.
 * Facts and events are written in groups, so that ten thousand mirrors starting at once cost a handful of fsyncs.
 */
import type { FromEngine, ToEngine } from '@/lib/contracts/engine';
import type { SweepOutcome } from '@/lib/contracts/verify';
import type { AuditLog } from '@/server/access/audit';
import type { EngineListener } from '@/server/engine-supervisor';
import { eventFlushMs } from '@/server/intervals';
import type { Log } from '@/server/log';
import type { Metrics } from '@/server/metrics/metrics';
import { keepGroupMemory, listGroupMemory } from '@/server/store/group-memory';
import { recordHeldAcls } from '@/server/store/held-acls';
import { insertLinkEvents, type NewLinkEvent } from '@/server/store/link-events';
import { forgetCleanStops, recordCleanStop } from '@/server/store/links';
import { recordMirrorFacts } from '@/server/store/mirrors';
import type { Store } from '@/server/store/store';
import { recordVerification, type VerificationFacts } from '@/server/store/verification';
import type { AutoMirrors } from './auto-mirrors';
import type { Catalog } from './catalog';
import { EngineAudit } from './engine-audit';
import { type OperationMessage, storeProgress } from './engine-operations';
import type { Turns } from './turns';

type Persist = Extract<FromEngine, { type: 'persist' }>;
type AclsHeld = Extract<FromEngine, { type: 'aclsHeld' }>;
type KeepGroups = Extract<FromEngine, { type: 'keepGroups' }>;
type RecallGroups = Extract<FromEngine, { type: 'recallGroups' }>;
type AddMirrors = Extract<FromEngine, { type: 'addMirrors' }>;
type Turn = Extract<FromEngine, { type: 'turn' }>;
type Post = (message: ToEngine) => void;

const sweepMessage: Record<SweepOutcome, string> = {
  EQUAL: 'Every record of both sides was compared, and they are equal.',
  DIFFERENT: 'The sweep has found a difference; the partition has failed and says where.',
  CANCELLED: 'The sweep was given up.',
};

export class EngineLink implements EngineListener {
  readonly #store: Store;
  readonly #catalog: Catalog;
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #audit: EngineAudit;
  readonly #auditLog: AuditLog;
  #started = false;
  #mirrors: AutoMirrors | null = null;
  #turns: Turns | null = null;
  #facts: { message: Persist; post: Post }[] = [];
  #factsScheduled = false;
  #operations: { message: OperationMessage; post: Post }[] = [];
  #events: NewLinkEvent[] = [];
  #eventTimer: NodeJS.Timeout | null = null;
  #found: VerificationFacts[] = [];
  #foundTimer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: {
    store: Store;
    catalog: Catalog;
    metrics: Metrics;
    audit: AuditLog;
    log: Log;
  }) {
    this.#store = options.store;
    this.#catalog = options.catalog;
    this.#metrics = options.metrics;
    this.#log = options.log;
    this.#audit = new EngineAudit(options);
    this.#auditLog = options.audit;
  }

  /** Who changes the wish because the engine says so; before the engine starts. */
  takeChangers(mirrors: AutoMirrors, turns: Turns): void {
    this.#mirrors = mirrors;
    this.#turns = turns;
  }

  /**
   * A clean-stop epoch is good for one start: it is sent with the first desired state and forgotten in the store before
   * that, because the engine raises the epoch and may die without telling.
   */
  async onStart(post: Post): Promise<void> {
    this.#started = false;
    this.#metrics.engineRestarted();
    const epochs = new Map(this.#catalog.links.map((link) => [link.id, link.cleanStopEpoch]));
    await forgetCleanStops(this.#store.db);
    await this.#catalog.load();
    const links = this.#catalog.desired();
    post({
      type: 'desired',
      links: links.map((link) => ({ ...link, cleanStopEpoch: epochs.get(link.id) ?? null })),
    });
    this.#started = true;
  }

  /** After a change. Before the first desired state of an engine there is nothing to send: that one holds the change. */
  sendDesired(post: Post): void {
    if (this.#started) post({ type: 'desired', links: this.#catalog.desired() });
  }

  onMessage(message: Exclude<FromEngine, { type: 'heartbeat' | 'answer' }>, post: Post): void {
    switch (message.type) {
      case 'snapshot':
        this.#metrics.ingest(message);
        return;
      case 'persist':
        this.#facts.push({ message, post });
        this.#scheduleFacts();
        return;
      case 'aclsHeld':
        this.#enqueue('store ACLs', () => this.#writeHeldAcls(message, post));
        return;
      case 'keepGroups':
        this.#enqueue('store what was committed for groups', () => this.#keepGroups(message, post));
        return;
      case 'recallGroups':
        this.#enqueue('read what was committed for groups', () => this.#recallGroups(message, post));
        return;
      case 'operation':
        this.#progress(message, post);
        return;
      case 'event':
        this.addEvent({ ...message, actor: 'engine', operationId: this.#audit.event(message) });
        return;
      case 'verified':
        this.#verified(message);
        return;
      case 'addMirrors':
        void this.#addMirrors(message, post);
        return;
      case 'turn':
        void this.#turn(message, post);
        return;
      case 'wrote':
        this.#audit.wrote(message);
        return;
      case 'stopped':
        this.#enqueue('store the clean stop', () => this.#writeEpochs(message.epochs));
        return;
      case 'log':
        this.#log(message.level, `engine: ${message.message}`);
    }
  }

  /** Advice for the next engine, and what people are shown: nothing waits for it. */
  #verified(facts: Extract<FromEngine, { type: 'verified' }>): void {
    const { sweepEnded, linkId, topic } = facts;
    if (sweepEnded) {
      const event = { linkId, at: sweepEnded.at, topic, partition: null, from: null };
      const said = { ...event, to: `SWEEP_${sweepEnded.outcome}`, message: sweepMessage[sweepEnded.outcome] };
      this.addEvent({
        ...said,
        actor: 'engine',
        operationId: this.#audit.event(said),
      });
    }
    this.#found.push(facts);
    this.#foundTimer ??= setTimeout(() => this.#flushFound(), eventFlushMs);
  }

  #flushFound(): void {
    if (this.#foundTimer) clearTimeout(this.#foundTimer);
    this.#foundTimer = null;
    const batch = this.#found;
    this.#found = [];
    if (batch.length === 0) return;
    this.#enqueue('store what was verified', async () => {
      await this.#store.transaction(async (trx) => {
        for (const facts of batch) await recordVerification(trx, facts);
      });
      for (const facts of batch) this.#catalog.applyVerified(facts);
    });
  }

  /** Changes to the wish go their own way, one after the other. */
  async #addMirrors({ id, linkId, sourceTopics, validateOnly }: AddMirrors, post: Post): Promise<void> {
    try {
      if (!this.#mirrors) throw new Error('The server is not up yet.');
      const judged = await this.#mirrors.add(linkId, sourceTopics, validateOnly);
      post({ type: 'mirrorsAdded', id, judged, error: null });
    } catch (error) {
      this.#log('error', 'Mirrors that a link creates by itself cannot be stored.', error);
      const said = 'The store did not take the new mirrors; see the log of the server';
      post({ type: 'mirrorsAdded', id, judged: null, error: said });
    }
  }

  /** Behind what the engine has said before: where the source ended is in the store by then. */
  async #turn({ id, linkId, topic, operationId }: Turn, post: Post): Promise<void> {
    try {
      await this.#writing;
      if (!this.#turns) throw new Error('The server is not up yet.');
      post({ type: 'turned', id, ...(await this.#turns.turn(linkId, topic, operationId)) });
    } catch (error) {
      this.#log('error', 'A mirror cannot be put on its way back.', error);
      const said = 'The store did not take the mirror on the way back; see the log of the server';
      post({ type: 'turned', id, back: null, refused: null, error: said });
    }
  }

  addEvent(event: NewLinkEvent): void {
    this.#events.push(event);
    this.#eventTimer ??= setTimeout(() => this.#flushEvents(), eventFlushMs);
  }

  /** After this, all that was said so far is in the store. */
  async settle(): Promise<void> {
    this.#flushEvents();
    this.#flushFacts();
    this.#flushFound();
    this.#flushOperations();
    await this.#writing;
    await this.#audit.settle();
  }

  #scheduleFacts(): void {
    if (this.#factsScheduled) return;
    this.#factsScheduled = true;
    setImmediate(() => this.#flushFacts());
  }

  #flushFacts(): void {
    this.#factsScheduled = false;
    const batch = this.#facts;
    this.#facts = [];
    if (batch.length > 0) this.#enqueue('store facts of mirrors', () => this.#writeFacts(batch));
  }

  async #writeFacts(batch: { message: Persist; post: Post }[]): Promise<void> {
    const answer = (error: (known: boolean) => string | null, known: readonly boolean[]) =>
      batch.forEach(({ message, post }, index) => {
        post({ type: 'persisted', id: message.id, error: error(known[index] ?? false) });
      });
    try {
      const known = await this.#store.transaction(async (trx) => {
        const results: boolean[] = [];
        for (const { message } of batch) results.push(await recordMirrorFacts(trx, message));
        return results;
      });
      for (const { message } of batch) this.#catalog.applyFacts(message);
      answer((isKnown) => (isKnown ? null : 'The mirror is no longer wanted.'), known);
    } catch (error) {
      this.#log('error', 'The store did not take what the engine asked it to keep.', error);
      answer(() => 'The store cannot be written; see the log of the server.', []);
    }
  }

  async #writeHeldAcls({ id, linkId, held }: AclsHeld, post: Post): Promise<void> {
    try {
      await this.#store.transaction((trx) => recordHeldAcls(trx, linkId, held));
      this.#catalog.applyHeldAcls(linkId, held);
      post({ type: 'persisted', id, error: null });
    } catch (error) {
      this.#log('error', 'The store did not take which ACLs a link has added.', error);
      const gone = this.#catalog.linkById(linkId) === undefined;
      const said = gone
        ? 'The link is no longer wanted.'
        : 'The store cannot be written; see the log of the server.';
      post({ type: 'persisted', id, error: said });
    }
  }

  async #keepGroups({ id, linkId, ...change }: KeepGroups, post: Post): Promise<void> {
    try {
      const known = this.#catalog.linkById(linkId) !== undefined;
      if (known) await this.#store.transaction((trx) => keepGroupMemory(trx, linkId, change));
      post({ type: 'persisted', id, error: known ? null : 'The link is no longer wanted.' });
    } catch (error) {
      this.#log('error', 'The store did not take what was committed for groups.', error);
      post({ type: 'persisted', id, error: 'The store cannot be written; see the log of the server.' });
    }
  }

  async #recallGroups({ id, linkId }: RecallGroups, post: Post): Promise<void> {
    try {
      post({ type: 'groups', id, groups: await listGroupMemory(this.#store.db, linkId), error: null });
    } catch (error) {
      this.#log('error', 'The store did not tell what was committed for groups.', error);
      post({ type: 'groups', id, groups: [], error: 'The store cannot be read; see the log of the server.' });
    }
  }

  #progress(message: OperationMessage, post: Post): void {
    this.#catalog.applyProgress(message.linkId, message.topic, message);
    if (message.id === null) return;
    this.#operations.push({ message, post });
    if (this.#operations.length > 1) return;
    setImmediate(() => this.#flushOperations());
  }

  #flushOperations(): void {
    const batch = this.#operations;
    this.#operations = [];
    if (batch.length > 0) this.#enqueue('store operations', () => this.#writeOperations(batch));
  }

  async #writeOperations(batch: { message: OperationMessage; post: Post }[]): Promise<void> {
    let answers: (string | null)[];
    try {
      answers = await this.#store.transaction(async (trx) => {
        const stored: (string | null)[] = [];
        for (const { message } of batch)
          stored.push(await storeProgress(trx, { catalog: this.#catalog, audit: this.#auditLog }, message));
        return stored;
      });
      if (batch.some(({ message }) => message.outcome !== null || message.facts)) await this.#catalog.load();
    } catch (error) {
      this.#log('error', 'The store did not take how far an operation is.', error);
      answers = batch.map(() => 'The store cannot be written; see the log of the server.');
    }
    for (const [index, { message, post }] of batch.entries())
      if (message.id !== null) post({ type: 'persisted', id: message.id, error: answers[index] ?? null });
    // What has ended is not wanted any more, or is wanted as before.
    const last = batch.findLast(({ message }) => message.outcome !== null);
    if (last) this.sendDesired(last.post);
  }

  #flushEvents(): void {
    if (this.#eventTimer) clearTimeout(this.#eventTimer);
    this.#eventTimer = null;
    const batch = this.#events;
    this.#events = [];
    if (batch.length === 0) return;
    this.#enqueue('store events', () => this.#store.transaction((trx) => insertLinkEvents(trx, batch)));
  }

  async #writeEpochs(epochs: Record<string, number | null>): Promise<void> {
    await this.#store.transaction(async (trx) => {
      for (const [id, epoch] of Object.entries(epochs)) await recordCleanStop(trx, id, epoch);
    });
  }

  /** Writes run one after the other, in the order the engine spoke. */
  #enqueue(what: string, write: () => Promise<void>): void {
    this.#writing = this.#writing.then(write).catch((error: unknown) => {
      this.#log('error', `Cannot ${what}.`, error);
    });
  }
}
