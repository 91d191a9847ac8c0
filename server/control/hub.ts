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
import type { HubAnswers, HubRequest } from '@/lib/contracts/monitoring/hub-thread';
import { severities } from '@/lib/contracts/monitoring/rules';
import type { Target } from '@/lib/grants';
import type { Actor } from '@/server/access/actor';
import { maySee } from '@/server/access/authorise';
import type { HubSenders } from '@/server/access/hub-senders';
import { LandbridgeError } from '@/server/errors';
import type { MonitorPort } from '@/server/monitoring/monitor-port';
import { queryOf } from './history-query';

type Deps = { senders: HubSenders; monitor: MonitorPort; nowMs?: () => number };

export class Hub {
  readonly senders: HubSenders;
  readonly #monitor: MonitorPort;
  readonly #nowMs: () => number;

  constructor({ senders, monitor, nowMs }: Deps) {
    this.senders = senders;
    this.#monitor = monitor;
    this.#nowMs = nowMs ?? Date.now;
  }

  /**
   * With the key of a console: what it holds is of that console, whatever it says of itself.
   * @throws LandbridgeError INVALID_REQUEST for what is never taken, CONSOLE_CONFLICT
   */
  async take(actor: Actor, report: HealthReport, sentAt: number | null): Promise<ReportTaken> {
    if (actor.kind !== 'hubSender')
      throw new LandbridgeError('FORBIDDEN', 'Health reports are taken with the key of a console only.');
    const receivedAt = this.#nowMs();
    const answer = await this.#ask<'take'>({
      ...{ op: 'take', console: actor.console, report, sentAt, receivedAt },
    });
    if ('refused' in answer) throw new LandbridgeError('INVALID_REQUEST', answer.refused);
    if ('conflict' in answer) throw new LandbridgeError('CONSOLE_CONFLICT', answer.conflict);
    return answer;
  }

  async consoles(actor: Actor): Promise<HubConsoles> {
    const consoles = await this.#ask<'consoles'>({ op: 'consoles', names: this.#visible(actor) });
    return { now: this.#nowMs(), consoles: consoles.sort(worstFirst) };
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
    if (!console) throw notFound(name);
    return { now: this.#nowMs(), console, clusters, links };
  }

  async history(actor: Actor, name: string, query: HistoryParameters): Promise<HubAnswers['history']> {
    const console = this.#seen(actor, name);
    return this.#ask<'history'>({ op: 'history', console, query: queryOf(query) });
  }

  /** Of this console alone, whatever else is asked for. */
  async alerts(actor: Actor, name: string, query: AlertQuery): Promise<AlertPage> {
    const console = this.#seen(actor, name);
    return this.#ask<'alerts'>({
      op: 'alerts',
      console,
      query: alertQuery.parse({ ...query, tenant: '', console }),
    });
  }

  #visible(actor: Actor): string[] {
    return this.senders.consoles.flatMap(({ name }) => (maySee(actor, consoleTarget(name)) ? [name] : []));
  }

  #seen(actor: Actor, name: string): string {
    if (this.senders.knows(name) && maySee(actor, consoleTarget(name))) return name;
    throw notFound(name);
  }

  #ask<Op extends HubRequest['op']>(ask: Extract<HubRequest, { op: Op }>): Promise<HubAnswers[Op]> {
    return this.#monitor.ask<'hub'>({ op: 'hub', ask }) as Promise<HubAnswers[Op]>;
  }
}

export const consoleTarget = (console: string): Target => ({ kind: 'console', console });

const notFound = (name: string) =>
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
