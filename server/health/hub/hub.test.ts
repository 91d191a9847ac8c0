import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { POST as postReports } from '@/app/api/health-reports/route';
import { GET as getClusters } from '@/app/api/hub/clusters/route';
import { GET as getAlerts } from '@/app/api/hub/consoles/[name]/alerts/route';
import { GET as getHistory } from '@/app/api/hub/consoles/[name]/history/route';
import { GET as getConsole } from '@/app/api/hub/consoles/[name]/route';
import { GET as getConsoles } from '@/app/api/hub/consoles/route';
import { DELETE as deleteSender } from '@/app/api/hub/senders/[id]/route';
import { GET as getSenders, POST as postSenders } from '@/app/api/hub/senders/route';
import { GET as getLinks } from '@/app/api/links/route';
import { GET as getMe } from '@/app/api/me/route';
import { GET as getReady } from '@/app/readyz/route';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import type { Observation } from '@/lib/monitoring/observation';
import { defaultReportMetrics } from '@/server/health/reporter/report-metrics';
import { assembleMonitor } from '@/server/monitoring/assemble';
import { noClusters } from '@/server/monitoring/cluster-watch';
import type { Monitor } from '@/server/monitoring/monitor';
import { everywhere, signedIn } from '@/server/testing/actors';
import { serveRoutes } from '@/server/testing/serve-routes';
import { type Credentials, callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

import { Hub } from './hub';
import { HubStore } from './hub-store';

const minute = 60_000;
const within = { timeout: 20_000, interval: 50 };
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({
    monitoring: { mode: 'hub', report: null, otlp: null, dashboardUrl: null },
  });
});
afterEach(() => server.close());

async function keyOf(console: string): Promise<{ id: string; token: string; as: Credentials }> {
  const { json } = await callRoute(postSenders, '/api/hub/senders', { method: 'POST', body: { console } });
  return { id: json.sender.id, token: json.token, as: { authorization: `Bearer ${json.token}` } };
}

const ids = new Map<string, string>();
function reportOf(name: string, atMs = Date.now(), more: Partial<HealthReport> = {}): HealthReport {
  const id = ids.get(name) ?? randomUUID();
  ids.set(name, id);
  return {
    version: 1,
    id: randomUUID(),
    console: { id, name: `${name} itself`, version: '1', mode: 'reduced' },
    at: atMs,
    ...{ intervalMs: minute, dropped: 0, refused: 0, whole: ['landbridge', `cluster/${name}-a`] },
    series: [
      {
        metric: 'landbridge_cluster_reachable',
        labels: { cluster: [`${name}-a`, `${name}-b`] },
        values: [1, 0],
      },
      { metric: 'landbridge_cluster_topics', labels: { cluster: [`${name}-a`] }, values: [12] },
      {
        metric: 'landbridge_link_state',
        labels: { link: 'l', source: 'x', destination: 'y' },
        values: ['PAUSED'],
      },
      { metric: 'landbridge_of_tomorrow', labels: {}, values: [1, 2] },
    ],
    ...more,
  };
}

/** As a program sends it: no origin. */
async function send(key: { as: Credentials }, report: unknown, headers: Record<string, string> = {}) {
  const body = Buffer.isBuffer(report) ? report : gzipSync(JSON.stringify(report));
  const request = new Request('http://127.0.0.1:3000/api/health-reports', {
    method: 'POST',
    headers: { host: '127.0.0.1:3000', 'content-encoding': 'gzip', ...key.as, ...headers },
    body: new Uint8Array(body),
  });
  const answer = await postReports(request, { params: Promise.resolve({}) });
  return { status: answer.status, json: await answer.json() };
}

const consoles = async (as?: Credentials) =>
  (await callRoute(getConsoles, '/api/hub/consoles', as ? { as } : {})).json.consoles;
const consoleOf = (name: string, as?: Credentials) =>
  callRoute(getConsole, `/api/hub/consoles/${name}`, { params: { name }, ...(as ? { as } : {}) });

describe('a hub', () => {
  it('takes reports of consoles with a key each, and shows all of them on one dashboard', async () => {
    const [west, north] = [await keyOf('west'), await keyOf('north')];
    expect(await consoles()).toMatchObject([
      { state: 'NEVER', name: 'north', clusters: null },
      { name: 'west' },
    ]);
    expect(await send(west, reportOf('west'))).toMatchObject({ status: 200, json: { taken: 'NEW' } });
    await send(north, reportOf('north'));
    expect(await consoles()).toMatchObject([
      { name: 'north', state: 'REPORTING', reportedName: 'north itself', unknownSeries: 2, clusters: 2 },
      { name: 'west', clustersUnreachable: 1, links: 1, linksNotActive: 1, clockSkewSeconds: null },
    ]);
    const { json } = await callRoute(getClusters, '/api/hub/clusters');
    expect(
      json.clusters.map(({ console, name, topics }: Record<string, unknown>) => [console, name, topics]),
    ).toEqual([
      ['north', 'north-b', null],
      ['west', 'west-b', null],
      ['north', 'north-a', 12],
      ['west', 'west-a', 12],
    ]);
    expect((await consoleOf('west')).json).toMatchObject({ links: [{ name: 'l', state: 'PAUSED' }] });
  });

  it('has no engine, no links and no clusters of its own', async () => {
    expect((await callRoute(getReady, '/readyz')).status).toBe(200);
    expect(server.engine.received).toEqual([]);
    expect(await callRoute(getLinks, '/api/links')).toMatchObject({
      status: 404,
      json: { code: 'NOT_FOUND' },
    });
  });

  it('takes each report once, and older ones for the history only', async () => {
    const west = await keyOf('west');
    const report = reportOf('west');
    const at = report.at - 30 * minute;
    const late = reportOf('west', at);
    expect((await send(west, report)).json).toEqual({ taken: 'NEW' });
    expect((await send(west, report)).json).toEqual({ taken: 'DUPLICATE' });
    expect((await send(west, late)).json).toEqual({ taken: 'LATE' });
    await server.restart();
    expect((await send(west, report)).json).toEqual({ taken: 'DUPLICATE' });
    const query = `metric=landbridge_cluster_topics&fromMs=${at - minute}&toMs=${Date.now()}&maxPoints=5000`;
    const { json } = await callRoute(getHistory, `/api/hub/consoles/west/history?${query}`, {
      params: { name: 'west' },
    });
    const points = json.series[0].values.filter((value: number | null) => value !== null);
    expect(points).toEqual([12, 12]);
    expect((await consoleOf('west')).json.console.seenAt).toBe(report.at);
  });

  it('names clocks that differ, and moves their reports by it', async () => {
    const west = await keyOf('west');
    const ahead = Date.now() + 3_600_000;
    await send(west, reportOf('west', ahead - 1_000), { 'x-landbridge-sent-at': String(ahead) });
    const { console } = (await consoleOf('west')).json;
    expect(console.clockSkewSeconds).toBeGreaterThan(3_590);
    expect(Math.abs(console.seenAt - Date.now())).toBeLessThan(20_000);
  });

  it('refuses what is no report, in words that a console can show', async () => {
    const west = await keyOf('west');
    const wrong = (more: Partial<HealthReport>) => send(west, reportOf('west', Date.now(), more));
    expect(await send(west, Buffer.from('no gzip'))).toMatchObject({ status: 400 });
    expect(await send(west, gzipSync('{'))).toMatchObject({ status: 400 });
    expect(await wrong({ version: 2 as 1 })).toMatchObject({
      status: 400,
      json: { fields: { version: expect.any(String) } },
    });
    const labels = { cluster: ['a', 'b'] };
    expect(
      await wrong({ series: [{ metric: 'landbridge_cluster_topics', labels, values: [1] }] }),
    ).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('1 values, and 2 of label cluster') },
    });
    expect(
      await wrong({ series: [{ metric: 'landbridge_cluster_topics', labels: {}, values: [1] }] }),
    ).toMatchObject({
      json: { message: expect.stringContaining('no label cluster') },
    });
    expect((await consoles())[0].state).toBe('NEVER');
  });

  it('unpacks no more than its limit, however small a bomb is', async () => {
    const west = await keyOf('west');
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 32));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await send(west, bomb)).toMatchObject({ status: 413, json: { code: 'BODY_TOO_LARGE' } });
    expect(await send(west, Buffer.alloc(5 * 1024 * 1024))).toMatchObject({ status: 413 });
  });

  it('takes nothing with a key that is revoked, wrong or of a person, and lets a console see nothing', async () => {
    const [west, admin] = [await keyOf('west'), await signedIn(server, 'ada', [everywhere('administrator')])];
    const wrong = { as: { authorization: `Bearer ${west.id}.wrong` } };
    expect((await send(wrong, reportOf('west'))).status).toBe(401);
    const headers = { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' };
    const asPerson = { method: 'POST', headers, as: admin.as, body: reportOf('west') };
    expect((await callRoute(postReports, '/api/health-reports', asPerson)).status).toBe(403);
    for (const [route, path] of [
      [getConsoles, '/api/hub/consoles'],
      [getMe, '/api/me'],
      [getSenders, '/api/hub/senders'],
    ] as const)
      expect((await callRoute(route, path, { as: west.as })).status, path).toBe(403);
    await callRoute(deleteSender, `/api/hub/senders/${west.id}`, {
      method: 'DELETE',
      params: { id: west.id },
    });
    expect((await send(west, reportOf('west'))).status).toBe(401);
    expect((await consoles())[0]).toMatchObject({ state: 'REVOKED' });
  });

  it('shows a key once, and keeps only its hash', async () => {
    const { token, id } = await keyOf('west');
    const listed = (await callRoute(getSenders, '/api/hub/senders')).text;
    expect(listed).toContain(id);
    expect(listed).not.toContain(token.split('.')[1]);
  });

  it('lets no tenant see another', async () => {
    for (const name of ['west', 'north']) await send(await keyOf(name), reportOf(name));
    const scope = { kind: 'console' as const, console: 'west' };
    const tenant = await signedIn(server, 'wendy', [{ role: 'operator', scope }]);
    const stranger = await signedIn(server, 'sam', [
      { role: 'viewer', scope: { kind: 'cluster', cluster: 'west-a' } },
    ]);
    expect((await consoles(tenant.as)).map(({ name }: { name: string }) => name)).toEqual(['west']);
    const { text } = await callRoute(getClusters, '/api/hub/clusters', { as: tenant.as });
    expect(text).toContain('west-a');
    expect(text).not.toContain('north');
    expect((await consoleOf('west', tenant.as)).status).toBe(200);
    const hidden = await consoleOf('north', tenant.as);
    const missing = await consoleOf('south', tenant.as);
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(hidden.json.message.replace('north', 'south')).toBe(missing.json.message);
    expect(await consoles(stranger.as)).toEqual([]);
    expect((await callRoute(getSenders, '/api/hub/senders', { as: tenant.as })).status).toBe(403);
  });

  it('refuses a second console with the same key until the first has been silent', async () => {
    const west = await keyOf('west');
    const other = { ...reportOf('west').console, id: randomUUID() };
    await send(west, reportOf('west'));
    expect(await send(west, reportOf('west', Date.now(), { console: other }))).toMatchObject({
      status: 409,
      json: { code: 'CONSOLE_CONFLICT', message: expect.stringContaining('west itself') },
    });
  });
});

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

describe('alerts of consoles', () => {
  it('are raised for each by itself, with its name, and cleared when it is well again', async () => {
    const [west, north] = [await keyOf('west'), await keyOf('north')];
    const nowMs = Date.now();
    const reachable = (value: number, ago: number) =>
      reportOf('west', nowMs - ago, {
        series: [{ metric: 'landbridge_cluster_reachable', labels: { cluster: 'a' }, values: [value] }],
        whole: ['cluster/a'],
      });
    await send(north, reportOf('north'));
    for (const ago of [170_000, 120_000, 60_000]) await send(west, reachable(0, ago));
    const alertsOf = async (name: string) => {
      const params = { name };
      return (await callRoute(getAlerts, `/api/hub/consoles/${name}/alerts`, { params })).json;
    };
    const { alerts } = await alertsOf('west');
    expect(alerts).toMatchObject([
      { rule: 'cluster.unreachable', console: 'west', labels: { cluster: 'a' } },
    ]);
    expect((await alertsOf('north')).alerts.map(({ console }: { console: string }) => console)).not.toContain(
      'west',
    );
    const countsOf = async (console: string) =>
      (await consoles()).find(({ name }: { name: string }) => name === console).alerts;
    expect(await countsOf('west')).toEqual({ ...none, [alerts[0].severity]: 1 });
    expect(await countsOf('north')).toEqual(none);
    expect((await alertsOf('north')).open).toEqual(none);
  });

  it('say that a console is silent after three intervals without a report, until one comes', async () => {
    const west = await keyOf('west');
    let nowMs = Date.now();
    const { hub, observed } = hubAlone(() => nowMs);
    const take = () =>
      hub.answer({
        op: 'take',
        console: 'west',
        report: reportOf('west', nowMs),
        sentAt: nowMs,
        receivedAt: nowMs,
      });
    expect(west.id).toContain('LBS');
    take();
    nowMs += 2.9 * minute;
    hub.lookForSilence(nowMs);
    expect(observed.map(ageIn)).toEqual([0]);
    nowMs += 0.2 * minute;
    hub.lookForSilence(nowMs);
    expect(observed.map(ageIn)).toEqual([0, 186]);
    expect(hub.answer({ op: 'consoles', names: ['west'] })).toMatchObject([{ state: 'SILENT' }]);
    take();
    expect(observed.map(ageIn)).toEqual([0, 186, 0]);
    hub.stop();
  });
});

const none = { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 0 };

const ageIn = ({ series, values }: Observation) =>
  values[series.findIndex(({ metric }) => metric === 'landbridge_console_report_age_seconds')];

/** Without a server around it, and with a clock that a test moves. */
function hubAlone(nowMs: () => number) {
  const observed: Observation[] = [];
  const hub = new Hub({
    store: new HubStore(join(server.dataDir, 'alone.db')),
    histories: { append: () => undefined, read: () => expect.unreachable(), close: () => undefined },
    health: {
      observe: (observation) => void observed.push(observation),
      alerts: () => ({ alerts: [], next: null, open: none }),
      openIn: () => none,
    },
    log: () => undefined,
    nowMs,
  });
  return { hub, observed };
}
