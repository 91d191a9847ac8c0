// Puts the monitor of one process together: what watches, what keeps, what judges, what reports.
import { join } from 'node:path';
import type { FromMonitor } from '@/lib/contracts/monitoring/thread';
import { HandOver } from '@/server/health/hand-over';
import { Health, type HealthOptions } from '@/server/health/health';
import { Hub } from '@/server/health/hub/hub';
import { HubStore } from '@/server/health/hub/hub-store';
import { isOfPartitions } from '@/server/health/reporter/report-metrics';
import { Reporter } from '@/server/health/reporter/reporter';
import { sendsOf } from '@/server/health/reporter/send';
import {
  consolesOpenAtOnce,
  observationIntervalMs,
  recentHistoryMs,
  reportIntervalMs,
} from '@/server/intervals';
import type { Log } from '@/server/log';
import { Collector } from '@/server/metrics/collector/collector';
import { HistoryShards } from '@/server/metrics/store/history-shards';
import { HistoryStore } from '@/server/metrics/store/history-store';
import { RecentHistory } from '@/server/metrics/store/recent-history';
import { affectedPartitions } from './affected';
import { type ClusterWatch, noClusters } from './cluster-watch';
import { Leftovers } from './leftovers';
import { type History, Monitor } from './monitor';
import type { MonitorStart } from './monitor-start';
import { OtlpOutput, otlpSendOf } from './otlp/otlp-output';

export function assembleMonitor(
  start: MonitorStart,
  send: (message: FromMonitor) => void,
  /** Another one than that which asks brokers. */
  collector: ClusterWatch = clustersOf(start, send),
): Monitor {
  const log = logOf(send);
  const { mode, report } = start;
  const health = mode === 'reduced' ? null : healthOf(start, collector, log);
  const reporter = report && reporterOf(start, report, log);
  const otlp = start.otlp && otlpOf(start, start.otlp, send);
  const sentEveryMs = [report?.config.intervalMs, start.otlp?.config.intervalMs].filter(
    (ms) => ms !== undefined,
  );
  return new Monitor({
    ...{ mode, send, collector, reporter, otlp },
    // Over OTLP goes all that is observed.
    partitionsAreSent: start.otlp !== null || (report?.config.metrics.some(isOfPartitions) ?? false),
    reportIntervalMs: sentEveryMs.length > 0 ? Math.min(...sentEveryMs) : observationIntervalMs,
    history: historyOf(start, log),
    health,
    handOver: mode === 'reduced' ? new HandOver(healthOptionsOf(start, collector, log)) : null,
    hub: mode === 'hub' ? hubOf(start, health, log) : null,
    leftovers: mode === 'reduced' ? leftoversOf(log) : null,
  });
}

/** A hub has no brokers to ask. */
const clustersOf = ({ mode }: MonitorStart, send: (message: FromMonitor) => void): ClusterWatch =>
  mode === 'hub'
    ? noClusters
    : new Collector({
        ...{ log: logOf(send), intervalMs: observationIntervalMs },
        keepsHighWatermarks: mode === 'normal',
      });

const healthOf = (start: MonitorStart, collector: ClusterWatch, log: Log): Health =>
  new Health(healthOptionsOf(start, collector, log));

function healthOptionsOf(
  { dataDir, mode, origin }: MonitorStart,
  collector: ClusterWatch,
  log: Log,
): HealthOptions {
  return {
    file: join(dataDir, 'alerts.db'),
    intervalMs: mode === 'hub' ? reportIntervalMs : observationIntervalMs,
    log,
    namesOf: (_, rule, labels) => affectedPartitions(collector.sweepOf(labels.cluster ?? ''), rule, labels),
    linkTo: ({ id }) => `${origin}/health/alerts/${id}`,
  };
}

/** Reduced, the last minutes; a hub keeps those of its consoles. */
function historyOf({ dataDir, mode, historyLimitBytes, report }: MonitorStart, log: Log): History | null {
  const tickMs = observationIntervalMs;
  if (mode === 'hub') return null;
  if (mode === 'reduced')
    return new RecentHistory({
      ...{ keptMs: recentHistoryMs, tickMs },
      farthestTickMs: Math.max(tickMs, report?.config.intervalMs ?? 0),
    });
  return new HistoryStore({
    ...{ file: join(dataDir, 'history.db'), limitBytes: historyLimitBytes, tickMs, log },
  });
}

function leftoversOf(log: Log): Leftovers {
  const collect = globalThis.gc ?? null;
  if (!collect) log('info', withoutCollection);
  return new Leftovers({ collect });
}

const withoutCollection =
  'Memory that sweeps leave behind is kept for longer than it must be: this server was started without the option --expose-gc, which `npm start` gives.';

function hubOf({ dataDir, historyLimitBytes }: MonitorStart, health: Health | null, log: Log): Hub {
  const histories = new HistoryShards({
    dir: join(dataDir, 'consoles'),
    limitBytes: historyLimitBytes,
    tickMs: reportIntervalMs,
    // All of them report within a minute: one that is closed in between is written out and opened again each time.
    openAtOnce: consolesOpenAtOnce,
    log,
  });
  return new Hub({ store: new HubStore(join(dataDir, 'hub.db')), histories, health, log });
}

function reporterOf(
  { dataDir, mode }: MonitorStart,
  { config, namesKey, version }: NonNullable<MonitorStart['report']>,
  log: Log,
): Reporter {
  return new Reporter({
    ...{ config, dataDir, mode, version, log },
    key: Buffer.from(namesKey, 'base64'),
    sends: sendsOf(config),
  });
}

function otlpOf(
  { dataDir, mode }: MonitorStart,
  { config, version }: NonNullable<MonitorStart['otlp']>,
  send: (message: FromMonitor) => void,
): OtlpOutput {
  const ask = () => send({ type: 'exposedWanted' });
  return new OtlpOutput({
    ...{ config, dataDir, mode, version, ask, log: logOf(send), send: otlpSendOf(config) },
  });
}

const logOf =
  (send: (message: FromMonitor) => void): Log =>
  (level, message, error) =>
    send({ type: 'log', level, message: error === undefined ? message : `${message} ${wordsOf(error)}` });

const wordsOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
