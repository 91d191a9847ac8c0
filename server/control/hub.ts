// A hub as people and consoles see it: takes reports of consoles, and shows each person those that they may see.

import type {
  HubCluster,
  HubClusters,
  HubConsole,
  HubConsoleDetail,
  HubConsoles,
  ReportTaken,
} from '@/lib/contracts/hub';
import { type AlertPage, type AlertQuery, alertQuery } from '@/lib/contracts/monitoring/alerts';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import type { HistoryParameters } from '@/lib/contracts/monitoring/history';
import type { HubAnswers, HubRequest, SeenConsole } from '@/lib/contracts/monitoring/hub-thread';
import { severities } from '@/lib/contracts/monitoring/rules';
import type { Target } from '@/lib/grants';
import type { Actor } from '@/server/access/actor';
import type { AuditPort } from '@/server/access/audit';
import { authorise, maySee } from '@/server/access/authorise';
import type { HubSenders } from '@/server/access/hub-senders';
import { LandbridgeError } from '@/server/errors';
import { newSeriesCost, overBudgetToldMs } from '@/server/intervals';
import type { MonitorPort } from '@/server/monitoring/monitor-port';
import type { Executor } from '@/server/store/store';
import { queryOf } from './history-query';
import { ReportBudgets, type Spend } from './report-budgets';
import { wholePage } from './whole-page';

type Deps = {
  senders: HubSenders;
  monitor: MonitorPort;
  audit: AuditPort;
  /** What was decided for that console alone. */
  dropDecisions: (trx: Executor, console: string) => Promise<void>;
  /** After a console was removed. */
  changed: () => Promise<void>;
  nowMs?: () => number;
};

export class Hub {
  readonly senders: HubSenders;
  readonly #deps: Deps;
  readonly #nowMs: () => number;
  readonly #budgets = new ReportBudgets();

  constructor(deps: Deps) {
    this.senders = deps.senders;
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? Date.now;
  }

  /**
   * Before a report is read: a console that is over its budget is told to wait.
   * @throws LandbridgeError RATE_LIMITED, and whatever `read` throws
   */
  reading<T>(actor: Actor, read: (spend: Spend) => Promise<T>): Promise<T> {
    return this.#budgets.reading(consoleOf(actor), read);
  }

  /**
   * With the key of a console: what it holds is of that console, whatever it says of itself.
   * @throws LandbridgeError INVALID_REQUEST for what is never taken, CONSOLE_CONFLICT
   */
  async take(actor: Actor, report: HealthReport, sentAt: number | null): Promise<ReportTaken> {
    const console = consoleOf(actor);
    // It may have been revoked while the report was unpacked; from here on it is before whatever comes then.
    if (actor.kind === 'hubSender' && !this.senders.holds(actor.id))
      throw new LandbridgeError('UNAUTHENTICATED', 'The key of this console was revoked.');
    const receivedAt = this.#nowMs();
    // As if all its names were new, until it is known: what is sent meanwhile must not be begun with.
    const series = report.series.reduce((sum, { values }) => sum + values.length, 0);
    this.#spendOnNew(console, series);
    const answer = await this.#ask<'take'>({
      ...{ op: 'take', console, report, sentAt, receivedAt },
    });
    this.#spendOnNew(console, answer.newSeries - series);
    if ('refused' in answer) throw new LandbridgeError('INVALID_REQUEST', answer.refused);
    if ('conflict' in answer) throw new LandbridgeError('CONSOLE_CONFLICT', answer.conflict);
    return answer;
  }

  #spendOnNew(console: string, series: number): void {
    this.#budgets.spend(console, series * (newSeriesCost - 1));
  }

  async consoles(actor: Actor): Promise<HubConsoles> {
    const consoles = await this.#ask<'consoles'>({ op: 'consoles', names: this.#visible(actor) });
    return {
      now: this.#nowMs(),
      consoles: consoles.map((one) => this.#withBudget(one)).sort(worstFirst),
    };
  }

  async clusters(actor: Actor): Promise<HubClusters> {
    const clusters = await this.#ask<'clusters'>({ op: 'clusters', names: this.#visible(actor) });
    return { now: this.#nowMs(), clusters: clusters.sort(moreTroubleFirst) };
  }

  /** @throws LandbridgeError CONSOLE_NOT_FOUND, also for those that may not be seen */
  async console(actor: Actor, name: string): Promise<HubConsoleDetail> {
    const names = [this.#seen(actor, name)];
    const [[console], clusters, links] = await Promise.all([
      this.#ask<'consoles'>({ op: 'consoles', names }),
      this.#ask<'clusters'>({ op: 'clusters', names }),
      this.#ask<'links'>({ op: 'links', names }),
    ]);
    if (!console) throw consoleNotFound(name);
    clusters.sort(moreTroubleFirst);
    return { now: this.#nowMs(), console: this.#withBudget(console), clusters, links };
  }

  /**
   * With its keys, its history, its alerts, and what was decided for it alone. Its keys are refused from the first moment on; if the rest fails, it
   * is still listed, and can be removed again.
   *
   * @throws LandbridgeError CONSOLE_NOT_FOUND, MONITORING_UNAVAILABLE
   */
  async remove(actor: Actor, name: string): Promise<void> {
    authorise(actor, 'administrator', { kind: 'everywhere' });
    const console = this.#seen(actor, name);
    const { audit, dropDecisions, changed } = this.#deps;
    const keys = await this.senders.keysOf(console);
    const target = { type: 'console' as const, name: console, scope: consoleTarget(console) };
    await audit.around({ actor, operation: 'remove console', target, before: { keys } }, async () => {
      await this.senders.revokeAll(console);
      await this.#ask<'forget'>({ op: 'forget', console });
      await this.senders.dropAll(console, (trx) => dropDecisions(trx, console));
      this.#budgets.forget(console);
      await changed();
    });
  }

  async history(actor: Actor, name: string, query: HistoryParameters): Promise<HubAnswers['history']> {
    const console = this.#seen(actor, name);
    return this.#ask<'history'>({ op: 'history', console, query: queryOf(query) });
  }

  /** Of this console alone, whatever else is asked for. */
  async alerts(actor: Actor, name: string, query: AlertQuery): Promise<AlertPage> {
    const console = this.#seen(actor, name);
    const asked = alertQuery.parse({ ...query, tenant: '', console });
    return wholePage(asked, (part) => this.#ask<'alerts'>({ op: 'alerts', console, query: part }));
  }

  #withBudget(console: SeenConsole): HubConsole {
    const agoMs = this.#budgets.refusedAgoMs(console.name);
    const at = agoMs !== null && agoMs < overBudgetToldMs ? this.#nowMs() - Math.round(agoMs) : null;
    return { ...console, overBudgetAt: at };
  }

  #visible(actor: Actor): string[] {
    return this.senders.consoles.flatMap(({ name }) => (maySee(actor, consoleTarget(name)) ? [name] : []));
  }

  #seen(actor: Actor, name: string): string {
    if (this.senders.knows(name) && maySee(actor, consoleTarget(name))) return name;
    throw consoleNotFound(name);
  }

  #ask<Op extends HubRequest['op']>(ask: Extract<HubRequest, { op: Op }>): Promise<HubAnswers[Op]> {
    return this.#deps.monitor.ask<'hub'>({ op: 'hub', ask }) as Promise<HubAnswers[Op]>;
  }
}

function consoleOf(actor: Actor): string {
  if (actor.kind === 'hubSender') return actor.console;
  throw new LandbridgeError('FORBIDDEN', 'Health reports are taken with the key of a console only.');
}

export const consoleTarget = (console: string): Target => ({ kind: 'console', console });

export const consoleNotFound = (name: string) =>
  new LandbridgeError('CONSOLE_NOT_FOUND', `There is no console "${name}" on this hub.`);

const stateRank = { SILENT: 0, REPORTING: 1, NEVER: 2, REVOKED: 3 } as const;

/** Silent ones first, then by the gravest alerts; then by name, so that a list stays as it is. */
function worstFirst(a: HubConsole, b: HubConsole): number {
  const byState = Number(b.state === 'SILENT') - Number(a.state === 'SILENT');
  if (byState !== 0) return byState;
  for (const severity of severities.toReversed()) {
    const more = (b.alerts[severity] ?? 0) - (a.alerts[severity] ?? 0);
    if (more !== 0) return more;
  }
  const unreachable = (b.clustersUnreachable ?? 0) - (a.clustersUnreachable ?? 0);
  return unreachable || stateRank[a.state] - stateRank[b.state] || a.name.localeCompare(b.name);
}

function moreTroubleFirst(a: HubCluster, b: HubCluster): number {
  const byName = a.name.localeCompare(b.name) || a.console.localeCompare(b.console);
  return troubleOf(b) - troubleOf(a) || byName;
}

function troubleOf(cluster: HubCluster): number {
  const { reachable, offlinePartitions, underMinIsrPartitions, underReplicatedPartitions, stale } = cluster;
  if (reachable === false) return 1e12;
  return (
    Number(stale) * 1e11 +
    (offlinePartitions ?? 0) * 1e6 +
    (underMinIsrPartitions ?? 0) * 1e3 +
    (underReplicatedPartitions ?? 0)
  );
}
