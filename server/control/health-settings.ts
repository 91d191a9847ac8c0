// Decisions of people about health: thresholds, silences, channels, routes. Stored with their audit rows, told whole to the data thread.
import { randomUUID } from 'node:crypto';
import {
  type Channel,
  type ChannelView,
  channel,
  channelSecrets,
  channelViewOf,
  type Route,
  route,
} from '@/lib/contracts/monitoring/channels';
import type { ChannelForm, ChannelInput, NewSilence } from '@/lib/contracts/monitoring/health-changes';
import type { HealthSettings as Told } from '@/lib/contracts/monitoring/health-settings';
import { type RuleOverride, ruleOverride } from '@/lib/contracts/monitoring/rules';
import { type AlertMatcher, type Silence, silence } from '@/lib/contracts/monitoring/silences';
import type { Target } from '@/lib/grants';
import { type Actor, actorName } from '@/server/access/actor';
import type { AuditPort, Operation } from '@/server/access/audit';
import { authorise, maySee } from '@/server/access/authorise';
import { rememberSecrets } from '@/server/access/scrub';
import { LandbridgeError } from '@/server/errors';
import { parseInput } from '@/server/http/parse-input';
import {
  deleteHealthSetting,
  type HealthKind,
  listHealthSettings,
  putHealthSetting,
} from '@/server/store/health-settings';
import type { Executor, Store } from '@/server/store/store';
import type { Catalog } from './catalog';
import { channelFormOf, filledChannel, shownChannel } from './health-channels';
import { everywhere, type HealthTargets } from './health-targets';

type Deps = {
  store: Store;
  audit: AuditPort;
  catalog: Catalog;
  targets: HealthTargets;
  /** Why a rule cannot be set so; null: it can. */
  overrideProblem: (override: RuleOverride) => string | null;
  /** Why no alert can be meant by them; null: one can. */
  matcherProblem: (matchers: readonly AlertMatcher[]) => string | null;
  /** They are told to the data thread. */
  changed: () => void;
  nowMs?: () => number;
};

/** Ended ones are kept this long, for whoever asks why nothing was sent. */
const silencesKeptMs = 30 * 86_400_000;

export class HealthSettings {
  readonly #deps: Deps;
  readonly #nowMs: () => number;
  #overrides: RuleOverride[] = [];
  #silences: Silence[] = [];
  #channels: Channel[] = [];
  #routes: Route[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? Date.now;
  }

  /** @throws SealError */
  async load(): Promise<void> {
    const { store, catalog } = this.#deps;
    const rows = await listHealthSettings(store.db, catalog.box);
    const of = (kind: HealthKind) => rows.filter((row) => row.kind === kind).map(({ value }) => value);
    this.#overrides = of('override').map((value) => ruleOverride.parse(value));
    this.#silences = of('silence').map((value) => silence.parse(value));
    this.#channels = of('channel').map((value) => channel.parse(value));
    this.#routes = of('route').map((value) => route.parse(value));
    rememberSecrets('channels', this.#channels.flatMap(channelSecrets));
  }

  get told(): Omit<Told, 'subjects'> {
    return {
      ...{ overrides: this.#overrides, silences: this.#silences },
      ...{ channels: this.#channels, routes: this.#routes },
    };
  }

  /** Those that hold everywhere, and where the actor may look. */
  overrides(actor: Actor): RuleOverride[] {
    return this.#overrides.filter(
      ({ scope }) => scope.kind === 'everywhere' || maySee(actor, this.#deps.targets.ofScope(scope)),
    );
  }

  /** One that says nothing takes back what was decided for that rule and scope. */
  async setOverride(actor: Actor, override: RuleOverride): Promise<RuleOverride[]> {
    const { rule, scope, ...decided } = override;
    const target = this.#deps.targets.ofScope(scope);
    this.#deps.targets.checkSeen(actor, target);
    authorise(actor, scope.kind === 'everywhere' ? 'administrator' : 'operator', target);
    const problem = this.#deps.overrideProblem(override);
    if (problem !== null) throw new LandbridgeError('INVALID_REQUEST', problem);
    const id = overrideId(override);
    const before = this.#overrides.find((one) => overrideId(one) === id) ?? null;
    const empty = Object.keys(decided).length === 0;
    const operation = { ...this.#operation(actor, 'change health rule', 'healthRule', rule, target), before };
    await this.#change({ ...operation, after: empty ? null : override }, (trx) =>
      empty ? deleteHealthSetting(trx, 'override', id) : this.#put(trx, 'override', id, override),
    );
    return this.overrides(actor);
  }

  silences(actor: Actor): Silence[] {
    const { targets } = this.#deps;
    return this.#silences.filter((one) => {
      const target = targets.pinnedBy(one.matchers);
      // On a hub it may name what other consoles have.
      return (target.kind === 'everywhere' && !targets.isHub) || maySee(actor, target);
    });
  }

  /** Of what an operator may silence: everything, one cluster, or one link; on a hub, one console. */
  async silence(actor: Actor, { matchers, from, until, why }: NewSilence): Promise<Silence> {
    this.#checkMatchers(matchers, 'matchers');
    const target = this.#deps.targets.pinnedBy(matchers);
    this.#deps.targets.checkSeen(actor, target);
    this.#authoriseSilence(actor, target);
    const nowMs = this.#nowMs();
    if (until <= nowMs)
      throw new LandbridgeError('INVALID_REQUEST', 'The silence would be over already. Choose a later end.');
    const made = parseInput(
      silence,
      { id: randomUUID(), matchers, from: from ?? nowMs, until, by: actorName(actor), why },
      'body',
    );
    const operation = this.#operation(actor, 'silence alerts', 'silence', shownMatchers(matchers), target);
    await this.#change({ ...operation, after: made, reason: why }, async (trx) => {
      for (const old of this.#silences)
        if (old.until < nowMs - silencesKeptMs) await deleteHealthSetting(trx, 'silence', old.id);
      await this.#put(trx, 'silence', made.id, made);
    });
    return made;
  }

  /** From now on alerts are sent again. */
  async endSilence(actor: Actor, id: string): Promise<Silence> {
    const before = this.silences(actor).find((one) => one.id === id);
    if (!before) throw new LandbridgeError('NOT_FOUND', `There is no silence "${id}".`);
    const target = this.#deps.targets.pinnedBy(before.matchers);
    this.#authoriseSilence(actor, target);
    const nowMs = this.#nowMs();
    if (before.until <= nowMs) return before;
    // One that has not begun leaves nothing behind.
    const after = before.from < nowMs ? { ...before, until: nowMs } : null;
    const operation = this.#operation(
      actor,
      'end silence',
      'silence',
      shownMatchers(before.matchers),
      target,
    );
    await this.#change({ ...operation, before, after }, (trx) =>
      after ? this.#put(trx, 'silence', id, after) : deleteHealthSetting(trx, 'silence', id),
    );
    return after ?? { ...before, until: before.from + 1 };
  }

  channels(actor: Actor): ChannelView[] {
    authorise(actor, 'viewer', everywhere);
    return this.#channels.map(channelViewOf);
  }

  /** With its secrets, for a test. */
  channel(actor: Actor, id: string): Channel {
    authorise(actor, 'administrator', everywhere);
    return this.#channel(id);
  }

  /** Without its secrets, to be changed. */
  channelForm(actor: Actor, id: string): ChannelForm {
    return channelFormOf(this.channel(actor, id));
  }

  /** As it would be saved, with its secrets: for a test before that. @param id of the one that it changes */
  triedChannel(actor: Actor, input: ChannelInput, id: string | null): Channel {
    authorise(actor, 'administrator', everywhere);
    return filledChannel(id ?? randomUUID(), input, id === null ? null : this.#channel(id));
  }

  async addChannel(actor: Actor, input: ChannelInput): Promise<ChannelView> {
    authorise(actor, 'administrator', everywhere);
    return this.#keepChannel(actor, filledChannel(randomUUID(), input, null), null);
  }

  async changeChannel(actor: Actor, id: string, input: ChannelInput): Promise<ChannelView> {
    authorise(actor, 'administrator', everywhere);
    const before = this.#channel(id);
    return this.#keepChannel(actor, filledChannel(id, input, before), before);
  }

  async removeChannel(actor: Actor, id: string): Promise<void> {
    authorise(actor, 'administrator', everywhere);
    const before = this.#channel(id);
    const used = this.#routes.filter(({ channels }) => channels.includes(id)).length;
    if (used > 0)
      throw new LandbridgeError(
        'CHANNEL_IN_USE',
        `${used === 1 ? 'A route sends' : `${used} routes send`} alerts to "${before.name}". Take it out of the routes first.`,
      );
    const operation = this.#operation(actor, 'remove alert channel', 'alertChannel', before.name, everywhere);
    await this.#change({ ...operation, before: shownChannel(before, before) }, (trx) =>
      deleteHealthSetting(trx, 'channel', id),
    );
  }

  routes(actor: Actor): Route[] {
    authorise(actor, 'viewer', everywhere);
    return this.#routes;
  }

  async setRoutes(actor: Actor, routes: readonly Route[]): Promise<Route[]> {
    authorise(actor, 'administrator', everywhere);
    const ids = new Set(routes.map(({ id }) => id));
    if (ids.size < routes.length)
      throw new LandbridgeError('INVALID_REQUEST', 'Two routes have the same id.');
    for (const [at, { channels, matchers }] of routes.entries()) {
      this.#checkMatchers(matchers, `routes.${at}.matchers`);
      const unknown = channels.find((id) => !this.#channels.some((one) => one.id === id));
      if (unknown !== undefined)
        throw new LandbridgeError(
          'INVALID_REQUEST',
          `Route ${at + 1} names a channel that is not there: "${unknown}".`,
        );
    }
    const operation = this.#operation(actor, 'change alert routes', 'alertChannel', 'routes', everywhere);
    await this.#change({ ...operation, before: this.#routes, after: [...routes] }, async (trx) => {
      for (const { id } of this.#routes) await deleteHealthSetting(trx, 'route', id);
      for (const one of routes) await this.#put(trx, 'route', one.id, one);
    });
    return this.#routes;
  }

  async #keepChannel(actor: Actor, after: Channel, before: Channel | null): Promise<ChannelView> {
    if (this.#channels.some((one) => one.id !== after.id && one.name === after.name))
      throw new LandbridgeError('INVALID_REQUEST', `There is another channel called "${after.name}".`, {
        fields: { name: 'Another channel has this name.' },
      });
    rememberSecrets('channel being added', channelSecrets(after));
    const operation = this.#operation(
      ...([actor, before ? 'change alert channel' : 'add alert channel', 'alertChannel'] as const),
      after.name,
      everywhere,
    );
    const change = { before: before && shownChannel(before, before), after: shownChannel(after, before) };
    await this.#change({ ...operation, ...change }, (trx) => this.#put(trx, 'channel', after.id, after));
    return channelViewOf(after);
  }

  #channel(id: string): Channel {
    const found = this.#channels.find((one) => one.id === id);
    if (found) return found;
    throw new LandbridgeError('NOT_FOUND', `There is no alert channel "${id}".`);
  }

  /** What was decided for a console alone goes with it. */
  async dropConsole(trx: Executor, console: string): Promise<void> {
    for (const one of this.#overrides)
      if (one.scope.kind === 'console' && one.scope.console === console)
        await deleteHealthSetting(trx, 'override', overrideId(one));
    for (const { id, matchers } of this.#silences) {
      const target = this.#deps.targets.pinnedBy(matchers);
      if (target.kind === 'console' && target.console === console)
        await deleteHealthSetting(trx, 'silence', id);
    }
  }

  #put(trx: Executor, kind: HealthKind, id: string, value: unknown): Promise<void> {
    return putHealthSetting(trx, this.#deps.catalog.box, { kind, id, value }, this.#nowMs());
  }

  /** One change after the other, each with its audit rows; then everything is read again and told. */
  #change(operation: Operation, write: (trx: Executor) => Promise<void>): Promise<void> {
    const run = this.#last.then(async () => {
      await this.#deps.audit.within(operation, write);
      await this.load();
      this.#deps.changed();
    });
    this.#last = run.catch(() => undefined);
    return run;
  }

  #checkMatchers(matchers: readonly AlertMatcher[], field: string): void {
    const problem = this.#deps.matcherProblem(matchers);
    if (problem !== null)
      throw new LandbridgeError('INVALID_REQUEST', problem, { fields: { [field]: problem } });
  }

  #operation(actor: Actor, operation: string, type: AuditType, name: string, scope: Target): Operation {
    return { actor, operation, target: { type, name, scope } };
  }

  #authoriseSilence(actor: Actor, target: Target): void {
    if (target.kind !== 'everywhere' || maySee(actor, everywhere)) {
      authorise(actor, 'operator', target);
      return;
    }
    throw new LandbridgeError(
      'FORBIDDEN',
      `A silence for everything takes the role operator everywhere. Add a matcher ${this.#deps.targets.isHub ? '"console is …"' : '"cluster is …", or "link is …" and "destination is …",'} of what you operate.`,
    );
  }
}

type AuditType = 'healthRule' | 'silence' | 'alertChannel';

const overrideId = ({ rule, scope }: RuleOverride): string => {
  const where =
    scope.kind === 'everywhere'
      ? []
      : scope.kind === 'cluster'
        ? [scope.cluster]
        : scope.kind === 'console'
          ? [scope.console]
          : [scope.destination, scope.link];
  return [rule, scope.kind, ...where].join(' ');
};

const shownMatchers = (matchers: readonly AlertMatcher[]): string =>
  matchers.map(({ label, op, value }) => `${label} ${op} "${value}"`).join(', ') || 'all alerts';
