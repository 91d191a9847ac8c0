import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { POST as postReports } from '@/app/api/health-reports/route';
import { GET as getHistory } from '@/app/api/hub/consoles/[name]/history/route';
import { defaultReportMetrics } from '@/server/health/reporter/report-metrics';
import { assembleMonitor } from '@/server/monitoring/assemble';
import { noClusters } from '@/server/monitoring/cluster-watch';
import type { Monitor } from '@/server/monitoring/monitor';
import { consoles, eachWithHub, keyOf, minute, within } from '@/server/testing/hub-server';
import { serveRoutes } from '@/server/testing/serve-routes';
import { callRoute } from '@/server/testing/test-server';

eachWithHub();

describe('a console that reports to a hub', () => {
  let dataDir: string;
  let front: Awaited<ReturnType<typeof serveRoutes>>;
  const started: Monitor[] = [];
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'landbridge-console-'));
    front = await serveRoutes({ 'POST /api/health-reports': postReports }, '127.0.0.1:3000');
  });
  afterEach(async () => {
    for (const monitor of started.splice(0)) await monitor.stop();
    await front.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function consoleWith(token: string | null, port = new URL(front.origin).port): Monitor {
    const config = {
      consoleName: 'the west',
      endpoints: [{ url: `http://127.0.0.1:${port}/api/health-reports`, proxy: null }],
      ...{ format: 'json' as const, token, ca: null, client: null, topicNames: 'plain' as const },
      ...{ intervalMs: minute, metrics: [...defaultReportMetrics], bufferBytes: 1_048_576 },
    };
    const report = { config, namesKey: '', version: '1' };
    const start = {
      dataDir,
      origin: front.origin,
      mode: 'reduced' as const,
      historyLimitBytes: 1,
      report,
      otlp: null,
    };
    const monitor = assembleMonitor(start, () => undefined, noClusters);
    monitor.start();
    started.push(monitor);
    return monitor;
  }

  it('is on its dashboard with what it saw, over HTTP', async () => {
    consoleWith((await keyOf('west')).token).tick(Date.now());
    await vi.waitFor(async () => expect((await consoles())[0].state).toBe('REPORTING'), within);
    expect((await consoles())[0]).toMatchObject({ name: 'west', reportedName: 'the west', mode: 'reduced' });
  });

  it('loses nothing while the hub is away and while it is killed itself', async () => {
    const { token } = await keyOf('west');
    const nowMs = Date.now();
    const before = consoleWith(token, '9');
    for (let ago = 20; ago > 0; ago--) before.tick(nowMs - ago * minute);
    await vi.waitFor(
      async () => expect((await preview(before)).report?.endpoints[0]?.waiting).toBe(20),
      within,
    );
    const after = consoleWith(token);
    after.tick(nowMs);
    await vi.waitFor(
      async () => expect((await preview(after)).report?.endpoints[0]?.waiting).toBe(0),
      within,
    );
    const query = `metric=landbridge_process_memory_bytes&fromMs=${nowMs - 30 * minute}&toMs=${nowMs + minute}&maxPoints=5000`;
    const { json } = await callRoute(getHistory, `/api/hub/consoles/west/history?${query}`, {
      params: { name: 'west' },
    });
    expect(json.series[0].values.filter((value: number | null) => value !== null)).toHaveLength(21);
  });
});

function preview(monitor: Monitor) {
  return monitor.healthReport();
}
