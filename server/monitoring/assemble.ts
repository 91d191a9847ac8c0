// Puts the monitor of one process together: what watches, what keeps, what judges.
import { join } from 'node:path';
import type { FromMonitor, MonitoringMode } from '@/lib/contracts/monitoring/thread';
import { observationIntervalMs } from '@/server/intervals';
import type { Log } from '@/server/log';
import { HistoryStore } from '@/server/metrics/store/history-store';
import { Monitor } from './monitor';

export type MonitorStart = { dataDir: string; mode: MonitoringMode; historyLimitBytes: number };

export function assembleMonitor(
  { dataDir, mode, historyLimitBytes }: MonitorStart,
  send: (message: FromMonitor) => void,
): Monitor {
  const log: Log = (level, message, error) =>
    send({ type: 'log', level, message: error === undefined ? message : `${message} ${wordsOf(error)}` });
  const file = join(dataDir, 'history.db');
  const history = new HistoryStore({
    file,
    limitBytes: historyLimitBytes,
    tickMs: observationIntervalMs,
    log,
  });
  return new Monitor({ dataDir, mode, send, history });
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
