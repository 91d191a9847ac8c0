// A hub without a server around it, with its stores in a folder: for tests of what it does with reports.
import { join } from 'node:path';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import type { HubAnswers } from '@/lib/contracts/monitoring/hub-thread';
import { Health } from '@/server/health/health';
import { HistoryShards } from '@/server/metrics/store/history-shards';
import { Hub } from '../hub';
import { HubStore } from '../hub-store';

const minute = 60_000;

/** @param log what it logs */
export function hubIn(folder: string, log: (level: string, message: string) => void) {
  const health = new Health({ file: join(folder, 'alerts.db'), log, intervalMs: minute });
  health.start();
  health.setSettings({});
  const histories = new HistoryShards({
    ...{ dir: join(folder, 'consoles'), limitBytes: 1e9, tickMs: minute, log },
  });
  const hub = new Hub({ store: new HubStore(join(folder, 'hub.db')), histories, health, log });
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    hub.stop();
    await health.stop();
  };
  const take = (console: string, report: HealthReport, receivedAt = report.at) =>
    hub.answer({ op: 'take', console, report, sentAt: receivedAt, receivedAt }) as
      | HubAnswers['take']
      | Promise<HubAnswers['take']>;
  return { hub, health, stop, take };
}
