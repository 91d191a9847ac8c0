// Keeps the lock of a link's mirror topics: looks at the destination's ACLs again and again, adds what is needed, takes away what is not
// wanted any more, and knows of each mirror whether it is locked. Never an error of a mirror: without rights or authorizer it is watched only.
import { type AclBinding, bindingKey, bindingText } from '@/lib/contracts/acl';
import type { MirrorLock } from '@/lib/contracts/link';
import { listAcls } from '@/server/kafka/acls';
import { ErrorCode, ProtocolError } from '@/server/kafka/wire/errors';
import type { AclBook } from '../access/acl-book';
import { findSelf, guessedSelf, type Self } from '../access/self';
import { allows, EVERYBODY, TopicAcls } from '../access/topic-access';
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import { principalOf } from '../rights';
import { deriveLock, type LockPlan } from './derive-lock';
import { lockView, obstacleOf, watched } from './lock-view';

/** A trial of who the link is that was refused or found nothing is made again after this long. */
const TRIAL_RETRY_MS = 60_000;
/** A lock that was not looked at for this long is not called a lock any more. */
const LOOK_VALID_MS = 60_000;

export class LockKeeper {
  readonly #core: LinkCore;
  readonly #book: AclBook;
  readonly #views = new Map<string, MirrorLock>();
  /** Unlocked until then (monotonic ms): an operation has gone past its fence, or the link is being deleted. Of this mirror: one that is made anew is locked. */
  readonly #released = new Map<string, { untilMs: number; topic: MirrorTopic | undefined }>();
  #self: Self;
  #selfTriedMs = Number.NEGATIVE_INFINITY;
  /** An ACL on every topic hid what brokers do without one, when the link was looking for itself. */
  #defaultHidden = false;
  #signIn = '';
  #lookedMs = performance.now();
  #trouble: string | null = null;
  #notBeforeMs = 0;
  #running: Promise<void> | null = null;

  constructor(core: LinkCore, book: AclBook) {
    this.#core = core;
    this.#book = book;
    this.#self = guessedSelf(principalOf(core.desired.destination));
  }

  get self(): Self {
    return this.#self;
  }

  holds(topic: string): boolean {
    return this.#book.held('LOCK', topic).length > 0;
  }

  /** Null before the first look. */
  viewOf(topic: string): MirrorLock | null {
    const view = this.#views.get(topic) ?? null;
    if (view?.state !== 'LOCKED' || performance.now() - this.#lookedMs < LOOK_VALID_MS) return view;
    return watched(
      `${this.#trouble ?? 'ACLs were not looked at lately.'} When they last were: ${view.message}`,
    );
  }

  /** Called often; looks when it is time to, or when a mirror has come that was never looked at. */
  tick(): void {
    if (this.#running || this.#core.context.stopping || this.#core.fatal) return;
    const fresh = this.#lockable().some(({ name }) => !this.#views.has(name));
    if (!fresh && performance.now() < this.#notBeforeMs) return;
    void this.look();
  }

  /** Settings or sign-in may have changed: looked at once. */
  soon(): void {
    this.#notBeforeMs = 0;
  }

  /** One look with all that follows from it; joins one that goes on. */
  look(): Promise<void> {
    this.#running ??= this.#book
      .inTurn(() => this.#look())
      .catch((error: Error) => this.#failed(error))
      .finally(() => {
        this.#running = null;
        this.#notBeforeMs = performance.now() + this.#core.context.settings['acl.sync.ms'];
      });
    return this.#running;
  }

  /** One look that begins now: what goes on may have begun before something was to be locked. */
  async lookAnew(): Promise<void> {
    await this.#running;
    await this.look();
  }

  /** Takes away what the lock of these topics has added, and leaves them unlocked. @returns what stands then */
  release(topics: readonly string[], forMs = Number.POSITIVE_INFINITY): Promise<readonly AclBinding[]> {
    const untilMs = performance.now() + forMs;
    for (const name of topics) this.#released.set(name, { untilMs, topic: this.#core.topics.get(name) });
    return this.#book.inTurn(async () => {
      const { destination } = this.#core.context;
      const wanted = new Map(topics.map((topic) => [topic, []]));
      const present = await listAcls(destination);
      return this.#book.settle(destination, 'LOCK', present, wanted);
    });
  }

  async #look(): Promise<void> {
    const { context } = this.#core;
    this.#forgetSelfOfOtherSignIn();
    const topics = this.#lockable();
    for (const name of this.#views.keys()) if (!this.#core.topics.has(name)) this.#views.delete(name);
    if (topics.length === 0 && this.#book.names('LOCK').length === 0) return;
    let present: readonly AclBinding[] = await listAcls(context.destination);
    this.#looked();
    if (this.#defaultHidden && !namesEveryTopic(present)) this.#forgetSelf();
    if (context.settings['mirror.lock'] === 'watch') {
      await this.#settle(present, new Map());
      for (const { name } of topics) this.#see(name, watched('The setting mirror.lock is watch.'));
      return;
    }
    let plans = this.#plans(topics, present);
    if ([...plans.values()].some(({ needsSelf }) => needsSelf) && this.#trialIsDue()) {
      await this.#findSelf(present);
      plans = this.#plans(topics, present);
    }
    let obstacle: string | null = null;
    try {
      const known = [...plans].filter(([, plan]) => !plan.needsSelf);
      present = await this.#settle(present, new Map(known.map(([name, plan]) => [name, plan.bindings])));
    } catch (error) {
      obstacle = obstacleOf(error as Error, this.#core.desired.destination);
      context.log('debug', `lock: ${(error as Error).message}`);
      present = await listAcls(context.destination);
    }
    const standing = new Set(present.map(bindingKey));
    for (const [name, plan] of plans) {
      const stands = plan.bindings.every((binding) => standing.has(bindingKey(binding)));
      this.#see(name, lockView(plan, stands, this.#self, obstacle ?? this.#trouble));
    }
  }

  /** Also takes away what is left of topics that are no mirrors any more. */
  #settle(present: readonly AclBinding[], wanted: Map<string, AclBinding[]>): Promise<readonly AclBinding[]> {
    for (const name of this.#book.names('LOCK'))
      if (!wanted.has(name) && !this.#keeps(name)) wanted.set(name, []);
    return this.#book.settle(this.#core.context.destination, 'LOCK', present, wanted);
  }

  /** A lock that stands stays while it isn't known who the link is. */
  #keeps(name: string): boolean {
    if (this.#core.context.settings['mirror.lock'] === 'watch' || this.#isReleased(name)) return false;
    return this.#core.topics.has(name);
  }

  #plans(topics: readonly MirrorTopic[], present: readonly AclBinding[]): Map<string, LockPlan> {
    const own = this.#book.keys('LOCK');
    // Of a link in the other direction: it is lifted once this lock stands.
    const fences = this.#core.ports.aclsHeldOn(this.#core.desired.destinationClusterId, 'FENCE');
    const others = present.filter((b) => !own.has(bindingKey(b)) && !fences.has(bindingKey(b)));
    const acls = new TopicAcls(others);
    const cluster = others.filter(({ resourceType }) => resourceType === 'CLUSTER');
    return new Map(topics.map(({ name }) => [name, deriveLock(name, acls.about(name), cluster, this.#self)]));
  }

  /** Topics that exist and are ours; none whose mirror is past its fence. */
  #lockable(): MirrorTopic[] {
    return [...this.#core.topics.values()].filter(
      ({ name, desired }) =>
        // A lock stays while its topic is made anew, and is there before the new one.
        (desired.created || desired.remake?.deleting === true) &&
        !desired.ending?.fencing &&
        !this.#isReleased(name),
    );
  }

  #isReleased(name: string): boolean {
    const released = this.#released.get(name);
    const topic = this.#core.topics.get(name);
    if (!released || released.untilMs <= performance.now()) return false;
    return topic === undefined || topic === released.topic;
  }

  #trialIsDue(): boolean {
    return performance.now() - this.#selfTriedMs > TRIAL_RETRY_MS;
  }

  async #findSelf(present: readonly AclBinding[]): Promise<void> {
    const { context, desired } = this.#core;
    this.#selfTriedMs = performance.now();
    const told = context.settings['mirror.lock.principal'];
    const guesses = [told, principalOf(desired.destination) ?? ''].filter((name) => name !== '');
    try {
      this.#self = await findSelf(context.destination, desired.id, present, guesses);
      this.#defaultHidden = namesEveryTopic(present);
      this.#trouble = null;
    } catch (error) {
      this.#trouble = obstacleOf(error as Error, desired.destination);
      // Right after somebody has granted what was missing, it is tried again.
      if (error instanceof ProtocolError) this.#selfTriedMs = Number.NEGATIVE_INFINITY;
      context.log('debug', `lock: looking for the link's principal: ${(error as Error).message}`);
    }
  }

  #forgetSelfOfOtherSignIn(): void {
    const { desired, context } = this.#core;
    const signIn = JSON.stringify([desired.destination.security, context.settings['mirror.lock.principal']]);
    if (signIn === this.#signIn) return;
    this.#signIn = signIn;
    this.#forgetSelf();
  }

  #forgetSelf(): void {
    this.#self = guessedSelf(principalOf(this.#core.desired.destination));
    this.#selfTriedMs = Number.NEGATIVE_INFINITY;
    this.#defaultHidden = false;
  }

  #looked(): void {
    this.#lookedMs = performance.now();
    this.#trouble = null;
  }

  #failed(error: Error): void {
    if (this.#core.context.stopping) return;
    this.#trouble = obstacleOf(error, this.#core.desired.destination);
    const code = error instanceof ProtocolError ? error.code : null;
    const told = code === ErrorCode.SECURITY_DISABLED || code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
    for (const { name } of this.#lockable())
      if (told || !this.#views.has(name)) this.#see(name, watched(this.#trouble));
    this.#core.context.log('debug', `lock: ${error.message}`);
  }

  #see(name: string, view: MirrorLock): void {
    const before = this.#views.get(name);
    this.#views.set(name, view);
    if (!before || before.state === view.state) return;
    const to = view.state === 'LOCKED' ? 'LOCKED' : 'WATCHED_ONLY';
    this.#core.ports.event(name, null, null, to, view.message);
  }
}

const namesEveryTopic = (present: readonly AclBinding[]): boolean =>
  present.some(
    ({ resourceType, resourceName, patternType }) =>
      resourceType === 'TOPIC' && resourceName === '*' && patternType === 'LITERAL',
  );

/** By what the link can still write to a topic, in words; null when it can't. */
export function ownWrite(topic: string, present: readonly AclBinding[], self: Self): string | null {
  if (self.superUser) return 'it is a super user';
  const about = new TopicAcls(present).about(topic);
  const giving = about.find(
    (b) => allows(b, 'WRITE') && (b.principal === self.principal || b.principal === EVERYBODY),
  );
  if (giving) return bindingText(giving);
  if (about.length > 0 || self.openByDefault !== true) return null;
  return 'no ACL names the topic, and the brokers then let everybody in';
}
