/**
 * Health of everything that is observed: rules, alerts, and their way to people. One of it serves a console, or all consoles of a hub; it opens
 * alerts.db, and nothing else may. It knows neither Kafka nor Next: it is told settings and observations, and answers questions.
 */
import type Database from 'libsql';
import type {
  Alert,
  AlertDetail,
  AlertPage,
  AlertQuery,
  ClearReason,
  VisibleAlerts,
} from '@/lib/contracts/monitoring/alerts';
import { type Channel, channelSecrets } from '@/lib/contracts/monitoring/channels';
import {
  type ChannelTest,
  type DeliveryPage,
  type DeliveryQuery,
  deliveryQuery,
} from '@/lib/contracts/monitoring/deliveries';
import type { HealthSettingsInput } from '@/lib/contracts/monitoring/health-settings';
import type { LibraryView, RuleArea, Severity } from '@/lib/contracts/monitoring/rules';
import type { Observation } from '@/lib/monitoring/observation';
import { rememberSecrets, scrub } from '@/server/access/scrub';
import type { Log } from '@/server/log';
import { atOnce, type Steps } from '@/server/steps';
import { testNotice } from './channels/notices';
import { type Send, send } from './channels/send';
import { HealthError } from './errors';
import * as limits from './intervals';
import { Keeper, type Said } from './keeper';
import { libraryEntry } from './library';
import { alertPageOf, countsOf, type Listing, listing, rowOf } from './listing';
import { seesScope, visibilityOf } from './matching';
import type { OpenAlert } from './open-alert';
import { Outbox } from './outbox';
import { here, type Place, placeKey } from './place';
import { ruleOf, rules } from './rules/all';
import { openOf } from './store/alert-rows';
import { openAlertsDb, transaction } from './store/alerts-db';
import { Tenant } from './tenant';
import type { NamesOf } from './watch';

export type HealthOptions = {
  /** Path of alerts.db. */
  file: string;
  log: Log;
  now?: () => number;
  /** How far observations of one place are apart, unless it is told with one. */
  intervalMs?: number;
  send?: Send;
  random?: () => number;
  /** Names of what an alert affects, where more is known than the numbers tell. */
  namesOf?: NamesOf;
  /** Address of an alert's page. */
  linkTo?: (alert: Alert) => string | null;
};

export type LibraryQuery = {
  tenant?: string;
  console?: string;
  rule?: string;
  area?: RuleArea;
  visible?: VisibleAlerts;
  /** Subjects listed of each rule. */
  limit?: number;
};

type Opened = { db: Database.Database; keeper: Keeper; outbox: Outbox };

export class Health {
  readonly #options: Required<HealthOptions>;
  readonly #tenants = new Map<string, Tenant>();
  #opened: Opened | null = null;
  #problem: string | null = null;
  #fault: string | null = null;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: HealthOptions) {
    this.#options = {
      now: Date.now,
      intervalMs: 10_000,
      send,
      random: Math.random,
      namesOf: () => null,
      linkTo: () => null,
      ...options,
    };
  }

  /** Opens alerts.db. If that fails it says so, here and to whoever asks, and judges nothing. */
  start(): void {
    const { file, log, now, namesOf, linkTo, random } = this.#options;
    const tenantOf = (tenant: string) => this.#tenants.get(tenant) ?? null;
    try {
      const db = openAlertsDb(file);
      const channelOf = (tenant: string, id: string) => tenantOf(tenant)?.channels.get(id) ?? null;
      const outbox = new Outbox({ db, log, now, random, send: this.#options.send, channelOf });
      const keeper = new Keeper({ db, outbox, log, now, namesOf, linkTo, tenantOf });
      this.#opened = { db, keeper, outbox };
      this.#problem = null;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      log('error', this.#problem, error);
      return;
    }
    this.#every(limits.pumpIntervalMs, () => void this.pump());
    this.#every(limits.reviewIntervalMs, () => this.#opened?.keeper.review());
    this.#every(limits.pruneIntervalMs, () => this.prune());
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    const opened = this.#opened;
    if (!opened) return;
    await opened.outbox.stop();
    opened.keeper.rememberAll();
    this.#opened = null;
    opened.db.close();
  }

  /** Why no alerts are judged or stored; null: all is well. */
  get problem(): string | null {
    return this.#problem ?? this.#fault ?? this.#opened?.keeper.trouble ?? null;
  }

  /** All that a tenant's people have decided; told again whole at each change. */
  setSettings(desired: HealthSettingsInput, tenant = ''): void {
    const before = this.#tenants.get(tenant) ?? null;
    const next = new Tenant(desired);
    this.#tenants.set(tenant, next);
    rememberSecrets(`alert channels of ${tenant}`, next.secrets);
    const opened = this.#opened;
    if (!opened) return;
    const { gone, changed } = next.since(before);
    for (const id of gone) opened.keeper.channelGone(tenant, id);
    try {
      // Also of channels that were deleted while this did not run.
      opened.outbox.keepChannels(tenant, [...next.channels.keys()]);
      for (const id of changed) opened.outbox.hurry(tenant, id);
    } catch (error) {
      this.#options.log('error', 'alerts.db does not take what was decided about channels.', error);
    }
    opened.keeper.keepOnlyKnown(tenant);
    opened.keeper.review(tenant);
  }

  /**
   * A fault of a rule must not keep others from what was observed: it is said here, and in `problem`.
   * @param intervalMs how far observations of this place are apart: time between two that are much farther apart is not counted
   */
  observe(observation: Observation, place: Place = here, intervalMs = this.#options.intervalMs): void {
    atOnce(this.judging(observation, place, intervalMs));
  }

  /** The same in steps: one after the other, and others may come in between. */
  *judging(observation: Observation, place: Place, intervalMs: number): Steps<void> {
    try {
      if (this.#opened) yield* this.#opened.keeper.judging(observation, place, intervalMs);
      this.#fault = null;
    } catch (error) {
      if (this.#fault === null) this.#options.log('error', 'An observation could not be judged.', error);
      this.#fault = `The last observation could not be judged: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** Alerts of clusters are over when other Kafka clusters answer under their names: those are judged anew. */
  clustersReplaced(clusters: readonly string[], place: Place = here): void {
    this.#opened?.keeper.clustersReplaced(place, clusters);
  }

  /** A console that is removed from a hub: nothing of it is kept. @throws HealthError UNAVAILABLE */
  forget(place: Place): void {
    this.#open().keeper.forget(place);
  }

  /** Nothing is judged here any more: open alerts end, and whoever was told of one is told so. */
  endAll(reason: ClearReason): void {
    this.#open().keeper.endAll(reason);
  }

  /** Nothing waits for a channel that is switched on. */
  get isTold(): boolean {
    const { keeper, outbox } = this.#open();
    const served = (tenant: string, id: string) =>
      this.#tenants.get(tenant)?.channels.get(id)?.enabled ?? false;
    return (
      keeper.trouble === null &&
      !outbox.rows.due(this.#options.now()).some(({ tenant, channel }) => served(tenant, channel))
    );
  }

  alerts(query: AlertQuery = {}): AlertPage {
    return alertPageOf(query, this.#listing(query.tenant ?? '', query.visible));
  }

  /** How many are open in one place. */
  openIn(place: Place): Record<Severity, number> {
    return countsOf([...(this.#open().keeper.watches.get(placeKey(place))?.open.values() ?? [])]);
  }

  alert(
    id: string,
    { tenant = '', visible = null }: { tenant?: string; visible?: VisibleAlerts } = {},
  ): AlertDetail | null {
    const { keeper } = this.#open();
    const of = this.#listing(tenant, visible);
    const sees = visibilityOf(visible);
    const stored = keeper.rows.one(id);
    const alert = stored && stored.place.tenant === tenant ? this.#live(stored) : null;
    if (!alert || !sees(alert.body.labels, alert.place.console)) return null;
    const children = keeper.rows
      .children(id, limits.affectedItems)
      .flatMap((one) => this.#live(one) ?? [])
      .filter(({ body, place }) => sees(body.labels, place.console));
    return {
      alert: rowOf(alert, of),
      changes: keeper.rows.changes(id),
      children: children.map((one) => rowOf(one, of)),
    };
  }

  /** @throws HealthError NOT_FOUND when it is cleared, or not this tenant's; ALERT_ACKNOWLEDGED by somebody else than `from` */
  acknowledge(id: string, said: Said, tenant = ''): void {
    if (!this.#open().keeper.acknowledge(tenant, id, said))
      throw new HealthError('NOT_FOUND', 'There is no such alert that is still raised.');
  }

  /** Each rule at each thing that it judges, as of the last observation. */
  library({ tenant = '', console, rule, area, visible, limit = 50 }: LibraryQuery = {}): LibraryView {
    const decided = this.#tenants.get(tenant) ?? new Tenant({});
    const watches = [...this.#open().keeper.watches.values()].filter(
      ({ place }) =>
        place.tenant === tenant &&
        (console === undefined || place.console === console) &&
        (visible?.consoles?.includes(place.console) ?? true),
    );
    const places = watches.map(({ place, memory, numbers }) => ({
      ...{ console: place.console, memory, numbers },
      settings: decided.settingsOf(place.console),
    }));
    const ask = {
      ...{ places, limit, whole: places.length <= 1, visible: visibilityOf(visible) },
      overridesOf: (id: string) => decided.overridesOf(id).filter(({ scope }) => seesScope(visible, scope)),
    };
    const seenAtMs = places.flatMap(({ numbers }) => numbers?.observation.atMs ?? []);
    const shown = rules.filter((one) => (!rule || one.id === rule) && (!area || one.area === area));
    return {
      at: seenAtMs.length === 0 ? null : Math.max(...seenAtMs),
      whole: ask.whole,
      rules: shown.map((one) => libraryEntry(one, ask)),
    };
  }

  deliveries(query: DeliveryQuery = {}): DeliveryPage {
    const { after, limit, ...ask } = deliveryQuery.parse(query);
    const { rows } = this.#open().outbox;
    const found = rows.list(ask, after === undefined ? null : Number(after), limit + 1);
    const deliveries = found.slice(0, limit);
    const next = found.length > limit ? (deliveries.at(-1)?.id ?? null) : null;
    return { deliveries, next, counts: rows.counts(ask.tenant) };
  }

  /** A message that was given up is tried anew. @throws HealthError NOT_FOUND */
  sendAgain(delivery: string, tenant = ''): void {
    const { db, outbox } = this.#open();
    const channel = outbox.rows.channelOfDead(tenant, Number(delivery));
    if (channel === null) throw new HealthError('NOT_FOUND', 'There is no such message that was given up.');
    if (!this.#tenants.get(tenant)?.channels.has(channel))
      throw new HealthError(
        'NOT_FOUND',
        'The channel of this message was deleted: there is nowhere to send it.',
      );
    transaction(db, () => outbox.rows.again(Number(delivery), this.#options.now()));
    outbox.hurry(tenant, channel);
  }

  /** Sends a message on the channel now, also where it is switched off or not kept yet. */
  async testChannel(channel: Channel, by: string): Promise<ChannelTest> {
    rememberSecrets('alert channel being tested', channelSecrets(channel));
    const began = performance.now();
    const now = this.#options.now();
    try {
      const notice = testNotice(by, now);
      const { ok, said } = await this.#options.send(channel, notice, notice.id, now);
      return { ok, said, tookMs: performance.now() - began };
    } catch (error) {
      return {
        ok: false,
        said: scrub(error instanceof Error ? error.message : String(error)),
        tookMs: performance.now() - began,
      };
    }
  }

  /** For `landbridge_channel_failing_seconds`. */
  channelsFailing(tenant = ''): { channel: string; seconds: number }[] {
    const channels = [...(this.#tenants.get(tenant)?.channels.values() ?? [])].filter(
      ({ enabled }) => enabled,
    );
    return channels.map(({ id, name }) => ({
      channel: name,
      seconds: this.#opened?.outbox.failingSeconds(tenant, id) ?? 0,
    }));
  }

  /** Sends what is due; called each second. @returns when what is under way is done */
  async pump(): Promise<void> {
    await this.#opened?.outbox.pump();
  }

  prune(): void {
    const opened = this.#opened;
    if (!opened) return;
    // The clock may be wrong: what is old by it and is the newest there is stays.
    const now = Math.min(this.#options.now(), opened.keeper.rows.latestMs() ?? 0);
    opened.keeper.rows.prune(now - limits.clearedAlertsKeptMs, limits.clearedAlertsKept);
    opened.outbox.rows.prune(now - limits.deliveriesKeptMs, limits.deliveriesKept);
  }

  #open(): Opened {
    if (!this.#opened) throw new HealthError('UNAVAILABLE', this.#problem ?? 'Health has not been started.');
    return this.#opened;
  }

  #listing(tenant: string, visible: VisibleAlerts | undefined): Listing {
    const { keeper } = this.#open();
    return listing({
      watches: [...keeper.watches.values()].filter(({ place }) => place.tenant === tenant),
      rows: keeper.rows,
      sees: visible ? visibilityOf(visible) : null,
      silences: this.#tenants.get(tenant)?.to.silences ?? [],
      nowMs: this.#options.now(),
    });
  }

  /** The one in memory where it is open: it is newer. */
  #live(stored: Parameters<typeof openOf>[0]): OpenAlert | null {
    const rule = ruleOf(stored.rule);
    if (!rule) return null;
    for (const watch of this.#open().keeper.watches.values()) {
      if (watch.place.tenant !== stored.place.tenant) continue;
      for (const alert of watch.open.values()) if (alert.body.id === stored.body.id) return alert;
    }
    return openOf(stored, rule);
  }

  #every(ms: number, work: () => void): void {
    const timer = setInterval(() => {
      try {
        work();
      } catch (error) {
        this.#options.log('error', 'Health could not do its periodic work.', error);
      }
    }, ms);
    timer.unref();
    this.#timers.push(timer);
  }
}
