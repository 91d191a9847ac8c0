/**
 * Keeps alerts of all places over an open alerts.db: observations go in, alerts and messages come out, each change committed as a whole. No
 * timers: health.ts calls it.
 */
import type Database from 'libsql';
import type { Alert, ClearReason } from '@/lib/contracts/monitoring/alerts';
import type { Observation } from '@/lib/monitoring/observation';
import type { Log } from '@/server/log';
import type { Steps } from '@/server/steps';
import { noticeOf } from './channels/notices';
import { HealthError } from './errors';
import type { Remembered } from './evaluate';
import { causeWaitMs, orphanWaitMs, restartWaitMs } from './intervals';
import { isIdle } from './judged';
import type { OpenAlert } from './open-alert';
import type { Outbox } from './outbox';
import { type Place, placeKey } from './place';
import { causeIsPending } from './relate';
import { ruleOf, rules } from './rules/all';
import { AlertRows, openOf } from './store/alert-rows';
import { transaction } from './store/alerts-db';
import { type Telling, tell } from './tell';
import type { Tenant } from './tenant';
import { Unsent } from './unsent';
import { type NamesOf, Watch } from './watch';

export type KeeperOptions = {
  db: Database.Database;
  outbox: Outbox;
  log: Log;
  now: () => number;
  namesOf: NamesOf;
  linkTo: (alert: Alert) => string | null;
  tenantOf: (tenant: string) => Tenant | null;
};

/** An acknowledgement. `from`: who has it, as far as is known. */
export type Said = { by: string; why: string; from?: string | null };

export class Keeper {
  readonly rows: AlertRows;
  readonly watches = new Map<string, Watch>();
  readonly #options: KeeperOptions;
  readonly #startedAtMs: number;
  #unsent = new Unsent();

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
    this.rows = new AlertRows(options.db);
    for (const { place, memory } of this.rows.memories((rule) => ruleOf(rule) !== undefined))
      this.watches.set(placeKey(place), new Watch(place, memory, options.namesOf));
    for (const stored of this.rows.open()) this.#restore(stored);
    for (const stored of this.rows.clearedSince(options.now() - orphanWaitMs)) this.#restore(stored);
    this.save();
  }

  /** In steps. Nothing is judged before the tenant's settings are there: defaults might raise what people have switched off. */
  *judging(observation: Observation, place: Place, intervalMs: number): Steps<void> {
    const tenant = this.#options.tenantOf(place.tenant);
    if (!tenant) return;
    const watch = this.#watch(place);
    const settings = tenant.settingsOf(place.console);
    const at = { rules, settings, intervalMs, subjects: tenant.subjects };
    const steps = watch.observing(observation, at, () => this.#unsent.alerts);
    let step = steps.next();
    try {
      for (; !step.done; step = steps.next()) yield;
    } finally {
      // Also where nobody goes on with it: what is half judged must not be remembered.
      while (!step.done) step = steps.next();
      if (step.value) this.#finish(watch, tenant, step.value.remembered, step.value.cleared);
    }
  }

  /** The place is no more: its alerts are over, whoever was told of one is told so, and nothing of them is kept. */
  forget(place: Place): void {
    const watch = this.watches.get(placeKey(place));
    if (watch) {
      const { cleared } = watch.clearAll('GONE', this.#options.now(), this.#unsent.alerts);
      this.watches.delete(placeKey(place));
      const tenant = this.#options.tenantOf(place.tenant);
      if (tenant) this.#tell(watch, tenant, cleared);
    }
    this.#unsent.forget(place);
    this.save();
  }

  endAll(reason: ClearReason): void {
    for (const watch of this.watches.values()) {
      const tenant = this.#options.tenantOf(watch.place.tenant);
      if (!tenant) continue;
      const { remembered, cleared } = watch.clearAll(reason, this.#options.now(), this.#unsent.alerts);
      this.#unsent.remember(watch.place, remembered);
      this.#tell(watch, tenant, cleared);
    }
    this.save();
  }

  /** Of clusters and links that people have removed, at once: they may add others under the same names. */
  keepOnlyKnown(tenantName: string): void {
    const subjects = this.#options.tenantOf(tenantName)?.subjects;
    if (subjects) this.#keepOnly(tenantName, (scope) => scope === 'landbridge' || subjects.has(scope));
  }

  /** Other Kafka clusters answer under these names: what was so before, and who had it, says nothing of them. */
  clustersReplaced(place: Place, clusters: readonly string[]): void {
    const gone = new Set(clusters.map((cluster) => `cluster/${cluster}`));
    const watch = this.watches.get(placeKey(place));
    if (watch) this.#keepOnly(place.tenant, (scope) => !gone.has(scope), [watch]);
  }

  #keepOnly(
    tenantName: string,
    isThere: (scope: string) => boolean,
    watches: Iterable<Watch> = this.watches.values(),
  ): void {
    const tenant = this.#options.tenantOf(tenantName);
    if (!tenant) return;
    for (const watch of watches) {
      if (watch.place.tenant !== tenantName) continue;
      const now = this.#options.now();
      const { remembered, cleared } = watch.keepOnly(isThere, now, this.#unsent.alerts);
      this.#unsent.remember(watch.place, remembered);
      this.#tell(watch, tenant, cleared);
    }
    this.save();
  }

  /** Silences begin and end, routes change, messages are repeated: nothing was observed, but something may be due. */
  review(tenantName?: string): void {
    for (const watch of this.watches.values()) {
      if (tenantName !== undefined && watch.place.tenant !== tenantName) continue;
      const tenant = this.#options.tenantOf(watch.place.tenant);
      if (tenant && watch.open.size > 0) this.#tell(watch, tenant, watch.open.values());
    }
    this.save();
  }

  /**
   * Whoever has it may say more of it; who takes it over must know from whom.
   * @returns false when there is no such open alert
   * @throws HealthError ALERT_ACKNOWLEDGED
   */
  acknowledge(tenantName: string, id: string, { by, why, from = null }: Said): boolean {
    for (const watch of this.watches.values()) {
      if (watch.place.tenant !== tenantName) continue;
      const alert = [...watch.open.values()].find(({ body }) => body.id === id);
      if (!alert) continue;
      const { acknowledged } = alert.body;
      if (acknowledged && acknowledged.by !== by && acknowledged.by !== from)
        throw new HealthError(
          'ALERT_ACKNOWLEDGED',
          `${acknowledged.by} has acknowledged it meanwhile: "${acknowledged.why}" Talk to each other before you take it over.`,
        );
      const at = this.#options.now();
      alert.body.acknowledged = { at, by, why };
      this.#unsent.alerts.note(alert, 'ACKNOWLEDGED', at, why === '' ? by : `${by}: ${why}`);
      const tenant = this.#options.tenantOf(tenantName);
      if (tenant) this.#tell(watch, tenant, [alert]);
      this.save();
      return true;
    }
    return false;
  }

  /** Forgets what a channel was told: a new one under its id begins anew. */
  channelGone(tenantName: string, channel: string): void {
    for (const watch of this.watches.values()) {
      if (watch.place.tenant !== tenantName) continue;
      for (const alert of watch.open.values()) {
        if (!(channel in alert.body.told)) continue;
        delete alert.body.told[channel];
        this.#unsent.alerts.alerts.add(alert);
      }
    }
  }

  /** How long everything has been so, as of now: at a stop. */
  rememberAll(): void {
    for (const { place, memory } of this.watches.values()) {
      for (const [rule, subjects] of memory) {
        const gauge = ruleOf(rule)?.window?.kind === 'gauge';
        for (const [key, judged] of subjects)
          if (gauge || !isIdle(judged)) this.#unsent.remember(place, [{ rule, key, judged }]);
      }
    }
    this.save();
  }

  /** Why the last commit failed; null: it did not. */
  trouble: string | null = null;

  save(): void {
    if (this.#unsent.isEmpty) return;
    const { db, outbox, log } = this.#options;
    const unsent = this.#unsent;
    try {
      transaction(db, () => unsent.write(this.rows, outbox.rows));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (this.trouble === null)
        log('error', 'alerts.db takes no changes. They are kept in memory, and tried again.', error);
      this.trouble = why;
      return;
    }
    this.trouble = null;
    this.#unsent = new Unsent();
    for (const { tenant, channel } of unsent.deliveries) outbox.wake(tenant, channel);
  }

  #finish(
    watch: Watch,
    tenant: Tenant,
    remembered: readonly Remembered[],
    cleared: readonly OpenAlert[],
  ): void {
    this.#unsent.remember(watch.place, remembered);
    this.#tell(watch, tenant, [...watch.open.values(), ...cleared]);
    this.save();
  }

  #tell(watch: Watch, tenant: Tenant, alerts: Iterable<OpenAlert>): void {
    const now = this.#options.now();
    let under: Map<string, string[]> | null = null;
    for (const alert of alerts) {
      const { told, createdAtMs } = alert.body;
      const young = now - createdAtMs < causeWaitMs && Object.keys(told).length === 0;
      const waiting =
        alert.ebbing || this.#isUnseen(alert, now) || (young && causeIsPending(watch.memory, alert));
      const tellings = tell(alert, tenant.to, now, waiting);
      for (const one of tellings) {
        under ??= messagesByParent(watch);
        this.#queue(watch, one, now, under.get(alert.body.id) ?? []);
      }
      if (tellings.length > 0) this.#unsent.alerts.alerts.add(alert);
    }
  }

  /** From before a restart, and not looked at since: it may be over. */
  #isUnseen({ known, body }: OpenAlert, nowMs: number): boolean {
    const sinceStartMs = nowMs - this.#startedAtMs;
    return (
      !known && body.createdAtMs < this.#startedAtMs && sinceStartMs >= 0 && sinceStartMs < restartWaitMs
    );
  }

  /** @param under messages of what is listed under it */
  #queue(watch: Watch, { channel, kind, alert }: Telling, atMs: number, under: readonly string[]): void {
    this.#unsent.deliveries.push({
      tenant: watch.place.tenant,
      channel: channel.id,
      channelName: channel.name,
      alert: alert.body.id,
      rule: alert.rule.id,
      title: alert.rule.title,
      severity: alert.body.severity,
      kind,
      body: JSON.stringify(noticeOf(alert, kind, atMs, kind === 'CLEAR' ? [] : under, this.#options.linkTo)),
      createdAtMs: atMs,
    });
  }

  #watch(place: Place): Watch {
    const key = placeKey(place);
    const watch = this.watches.get(key) ?? new Watch(place, new Map(), this.#options.namesOf);
    this.watches.set(key, watch);
    return watch;
  }

  /** Ids of rules stay, so that one is only unknown to an older program. What nothing is remembered of, the next observation clears. */
  #restore(stored: ReturnType<AlertRows['open']>[number]): void {
    const rule = ruleOf(stored.rule);
    if (rule) this.#watch(stored.place).add(openOf(stored, rule));
    else if (stored.body.clearedAtMs === null) this.rows.orphan(stored.body.id, this.#options.now());
  }
}

/** Worked out once for all that is told at a time: in a storm that is thousands. */
function messagesByParent({ open }: Watch): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { body } of open.values()) {
    if (body.parent === null) continue;
    const messages = found.get(body.parent);
    if (messages) messages.push(body.message);
    else found.set(body.parent, [body.message]);
  }
  return found;
}
