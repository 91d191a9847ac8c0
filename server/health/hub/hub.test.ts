import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { POST as postReports } from '@/app/api/health-reports/route';
import { GET as getClusters } from '@/app/api/hub/clusters/route';
import { GET as getAlerts } from '@/app/api/hub/consoles/[name]/alerts/route';
import { GET as getHistory } from '@/app/api/hub/consoles/[name]/history/route';
import { DELETE as deleteConsole, GET as getConsole } from '@/app/api/hub/consoles/[name]/route';
import { GET as getConsoles } from '@/app/api/hub/consoles/route';
import { DELETE as deleteSender } from '@/app/api/hub/senders/[id]/route';
import { GET as getSenders, POST as postSenders } from '@/app/api/hub/senders/route';
import { GET as getLinks } from '@/app/api/links/route';
import { GET as getMe } from '@/app/api/me/route';
import { GET as getReady } from '@/app/readyz/route';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import { type Observation, SeriesRegistry } from '@/lib/monitoring/observation';
import type { Actor } from '@/server/access/actor';
import { defaultReportMetrics } from '@/server/health/reporter/report-metrics';
import { HistoryShards } from '@/server/metrics/store/history-shards';
import { assembleMonitor } from '@/server/monitoring/assemble';
import { noClusters } from '@/server/monitoring/cluster-watch';
import type { Monitor } from '@/server/monitoring/monitor';
import { everywhere, signedIn } from '@/server/testing/actors';
import { serveRoutes } from '@/server/testing/serve-routes';
import { type Credentials, callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

import { HubConsoleState } from './console-state';
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
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), json: await answer.json() };
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

  it('lets no wrong clock make later reports old, nor its list unreadable', async () => {
    const west = await keyOf('west');
    const sent = (report: HealthReport, sentAt: number) =>
      send(west, report, { 'x-landbridge-sent-at': String(sentAt) });
    await sent(reportOf('west'), Date.now());
    const inTenDays = reportOf('west', Date.now() + 10 * 86_400_000);
    expect(await sent(inTenDays, Date.now())).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('made after it was sent') },
    });
    expect(await sent(reportOf('west', 8_640_000_000_000_000), 0)).toMatchObject({ status: 400 });
    expect(await sent(reportOf('west'), 0)).toMatchObject({ status: 400 });
    expect((await sent(reportOf('west'), Date.now())).json).toEqual({ taken: 'NEW' });
    expect(await consoles()).toMatchObject([{ name: 'west', state: 'REPORTING', clockSkewSeconds: null }]);
  });

  it('goes on after its own clock was ahead', () => {
    const one = new HubConsoleState('west', { replacedBy: () => [], identify: () => true });
    const [now, year] = [Date.now(), 365 * 86_400_000];
    const heard = (atMs: number) =>
      one.heard(reportOf('west', atMs), { receivedAt: atMs, skewMs: 0, unknownSeries: 0 }, atMs);
    heard(now + year);
    expect(one.isFresh(now, minute, now)).toBe(true);
    heard(now);
    expect(one.isFresh(now, minute, now)).toBe(false);
  });

  it('keeps nothing of what it refuses, and takes no more clusters than its pages can show', async () => {
    const endRound = vi.spyOn(SeriesRegistry.prototype, 'endRound');
    const west = await keyOf('west');
    const cluster = Array.from({ length: 1_001 }, (_, i) => `c${i}`);
    const down = {
      metric: 'landbridge_cluster_reachable',
      labels: { cluster },
      values: cluster.map(() => 0),
    };
    expect(await send(west, reportOf('west', Date.now(), { series: [down] }))).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('1001 clusters and links; at most 1000') },
    });
    const registry = endRound.mock.contexts[0] as SeriesRegistry;
    endRound.mockRestore();
    for (const word of ['UP', 'DOWN']) {
      const report = reportOf('west', Date.now(), {
        series: [{ ...down, values: [...down.values.slice(1), word] }],
      });
      expect((await send(west, report)).status).toBe(400);
    }
    await send(west, reportOf('west'));
    await send(west, reportOf('west'));
    expect(registry.size).toBeLessThan(10);
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
    expect(await send(await keyOf('north'), Buffer.alloc(5 * 1024 * 1024))).toMatchObject({ status: 413 });
  });

  it('puts off a console that is over its budget, says so on its page, and takes what others send', async () => {
    const [west, north] = [await keyOf('west'), await keyOf('north')];
    const topics = (round: number) => {
      const topic = Array.from({ length: 40_000 }, (_, i) => `t-${round}-${i}`);
      const labels = { link: 'l', source: 'x', destination: 'y', topic };
      const values = topic.map(() => 1);
      return { series: [{ metric: 'landbridge_mirror_sum_lag_messages', labels, values }] };
    };
    const sent = [];
    for (let round = 0; round < 4; round++)
      sent.push(await send(west, reportOf('west', Date.now(), topics(round))));
    expect(sent.map(({ status }) => status)).toEqual([200, 429, 429, 429]);
    expect(sent.at(-1)?.json.message).toContain('600000 series a minute of one console');
    expect(Number(sent.at(-1)?.retryAfter)).toBeGreaterThan(5);
    const spare = await keyOf('west');
    expect((await send(spare, reportOf('west'))).status).toBe(429);
    expect(await send(north, reportOf('north'))).toMatchObject({ status: 200, json: { taken: 'NEW' } });
    expect((await consoleOf('west')).json.console.overBudgetAt).toBeGreaterThan(Date.now() - minute);
    expect((await consoleOf('north')).json.console.overBudgetAt).toBeNull();
  }, 60_000);

  it('parses no more than a report can have, and says what is wrong with a million values once', async () => {
    const west = await keyOf('west');
    const parse = vi.spyOn(JSON, 'parse');
    for (const bomb of [`[${'{},'.repeat(3_000_000)}{}]`, `[${'1,'.repeat(3_000_000)}1]`]) {
      expect(await send(west, gzipSync(bomb))).toMatchObject({
        status: 413,
        json: { code: 'BODY_TOO_LARGE' },
      });
      expect(parse.mock.calls.some(([text]) => text === bomb)).toBe(false);
    }
    parse.mockRestore();
    const cluster = Array.from({ length: 200_001 }, (_, i) => `${i}`);
    const values = cluster.map(() => 1);
    const many = { series: [{ metric: 'landbridge_cluster_topics', labels: { cluster }, values }] };
    const north = await keyOf('north');
    expect(await send(north, reportOf('north', Date.now(), many))).toMatchObject({
      status: 413,
      json: { message: expect.stringContaining('200001 series; at most 200000') },
    });
    const nulls = [{ ...many.series[0], values: values.map(() => null) }];
    const answer = await send(await keyOf('south'), { ...reportOf('south'), series: nulls });
    expect(answer).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('cluster_topics') },
    });
    expect(JSON.stringify(answer).length).toBeLessThan(1_000);
  }, 60_000);

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

describe('a console that is removed', () => {
  const remove = (name: string) =>
    callRoute(deleteConsole, `/api/hub/consoles/${name}`, { method: 'DELETE', params: { name } });
  const historyOf = (name: string) => join(server.dataDir, 'consoles', `${name}.history.db`);

  it('is gone with its keys, its history, its alerts and what was decided for it, and others are as before', async () => {
    const [west, spare, north] = [await keyOf('west'), await keyOf('west'), await keyOf('north')];
    const nowMs = Date.now();
    for (const ago of [170_000, 120_000, 60_000])
      for (const [key, name] of [
        [west, 'west'],
        [north, 'north'],
      ] as const)
        await send(key, reportOf(name, nowMs - ago, unreachable));
    const { runtime } = server;
    const system = { kind: 'system' } as const;
    for (const console of ['west', 'north']) {
      const matchers = [{ label: 'console', op: 'is' as const, value: console }];
      await runtime.healthSettings.silence(system, { matchers, until: nowMs + minute, why: 'Work.' });
      const scope = { kind: 'console' as const, console };
      await runtime.healthSettings.setOverride(system, {
        rule: 'cluster.unreachable',
        scope,
        forSeconds: 90,
      });
    }
    const [alert] = (await runtime.alerts.list(system, { console: 'west' })).alerts;
    expect(alert?.rule).toBe('cluster.unreachable');
    expect(existsSync(historyOf('west'))).toBe(true);

    expect((await remove('west')).status).toBe(204);

    for (const key of [west, spare]) expect((await send(key, reportOf('west'))).status).toBe(401);
    expect(existsSync(historyOf('west'))).toBe(false);
    expect((await consoleOf('west')).json.code).toBe('CONSOLE_NOT_FOUND');
    expect(await consoles()).toMatchObject([{ name: 'north', state: 'REPORTING' }]);
    await expect(runtime.alerts.one(system, alert?.id ?? '')).rejects.toThrow('There is no alert');
    const all = await runtime.alerts.list(system, { status: 'ALL', withChildren: true });
    expect([...new Set(all.alerts.map(({ console }) => console))]).toEqual(['north']);
    const { told } = runtime.healthSettings;
    expect(told.silences.map(({ matchers }) => matchers[0]?.value)).toEqual(['north']);
    expect(told.overrides).toMatchObject([{ scope: { console: 'north' } }]);
    expect((await remove('west')).status).toBe(404);
    await server.restart();
    expect(await consoles()).toMatchObject([{ name: 'north' }]);
  });

  it('stands in the audit log with its keys', async () => {
    const west = await keyOf('west');
    await remove('west');
    const rows = await server.runtime.store.db
      .selectFrom('audit')
      .selectAll()
      .where('operation', '=', 'remove console')
      .orderBy('seq')
      .execute();
    expect(rows).toMatchObject([
      { objectType: 'console', objectName: 'west', kind: 'INTENT' },
      { kind: 'OUTCOME', result: 'OK' },
    ]);
    expect(rows[0]?.before).toContain(west.id);
  });

  it('begins anew, with nothing of the one before, when its name is given again', async () => {
    await send(await keyOf('west'), reportOf('west'));
    await remove('west');
    const again = await keyOf('west');
    expect(await consoles()).toMatchObject([{ name: 'west', state: 'NEVER', heardAt: null, clusters: null }]);
    expect((await send(again, reportOf('west'))).json).toEqual({ taken: 'NEW' });
  });

  it('takes no report any more that was on its way', async () => {
    const west = await keyOf('west');
    const { runtime } = server;
    const actor = { kind: 'hubSender' as const, id: west.id, console: 'west', address: null };
    await remove('west');
    await expect(runtime.hub?.take(actor, reportOf('west'), null)).rejects.toThrow('was revoked');
    expect(existsSync(historyOf('west'))).toBe(false);
  });

  it('stays listed, without a key that holds, while its history cannot be deleted; and is removed by the next try', async () => {
    const west = await keyOf('west');
    await send(west, reportOf('west'));
    const fault = vi.spyOn(HistoryShards.prototype, 'remove').mockImplementation(() => {
      throw new Error('EACCES');
    });
    expect(await remove('west')).toMatchObject({
      status: 503,
      json: { message: expect.stringContaining('EACCES') },
    });
    fault.mockRestore();
    expect((await send(west, reportOf('west'))).status).toBe(401);
    expect(await consoles()).toMatchObject([{ name: 'west', state: 'REVOKED' }]);
    expect((await remove('west')).status).toBe(204);
    expect(await consoles()).toEqual([]);
  });
});

describe('tenants of a hub', () => {
  it('report with their own key as themselves alone, whatever a report says', async () => {
    const [west, north] = [await keyOf('west'), await keyOf('north')];
    await send(north, reportOf('north'));
    const before = (await consoleOf('north')).json;
    const posed = reportOf('north', Date.now(), { console: { ...reportOf('north').console, name: 'north' } });
    expect((await send(west, posed)).status).toBe(200);
    const { console, clusters } = (await consoleOf('north')).json;
    expect({ console, clusters }).toEqual({ console: before.console, clusters: before.clusters });
    expect((await consoleOf('west')).json.console.reportedName).toBe('north');
  });

  it('silence and set thresholds for their own console, and for nothing else', async () => {
    const [west, north] = [await keyOf('west'), await keyOf('north')];
    const { runtime } = server;
    const tenant: Actor = {
      ...{ kind: 'apiKey', id: 'k', name: 'tenant', bootstrap: false, address: null },
      grants: [{ role: 'operator', scope: { kind: 'console', console: 'west' } }],
    };
    const rule = 'cluster.unreachable';
    await runtime.healthSettings.setOverride(tenant, {
      ...{ rule, scope: { kind: 'console', console: 'west' }, enabled: false },
    });
    const nowMs = Date.now();
    for (const ago of [170_000, 120_000, 60_000])
      for (const [key, name] of [
        [west, 'west'],
        [north, 'north'],
      ] as const)
        await send(key, reportOf(name, nowMs - ago, unreachable));
    const open = (await runtime.alerts.list({ kind: 'system' }, { rule })).alerts;
    expect(open.map(({ console }) => console)).toEqual(['north']);

    const silence = (value: string | null) =>
      runtime.healthSettings.silence(tenant, {
        matchers: value === null ? [] : [{ label: 'console', op: 'is', value }],
        ...{ until: nowMs + minute, why: 'Work.' },
      });
    await expect(silence('north')).rejects.toThrow('no console "north"');
    await expect(silence(null)).rejects.toThrow('"console is …"');
    await expect(silence('west')).resolves.toMatchObject({ by: expect.stringContaining('tenant') });
    const here = { rule, enabled: false };
    for (const scope of [
      { kind: 'console', console: 'north' },
      { kind: 'everywhere' },
      { kind: 'cluster', cluster: 'a' },
    ] as const)
      await expect(runtime.healthSettings.setOverride(tenant, { ...here, scope })).rejects.toThrow();

    const one = await runtime.alerts.rules(tenant);
    expect(one.whole).toBe(true);
    expect(JSON.stringify(one)).not.toContain('north');
    await expect(runtime.alerts.rules(tenant, 'north')).rejects.toThrow('no console "north"');
    const all = await runtime.alerts.rules({ kind: 'system' });
    expect(all.whole).toBe(false);
    const found = all.rules.find(({ id }) => id === rule);
    expect(found?.subjects).toMatchObject([{ state: 'RAISED', labels: { cluster: 'a', console: 'north' } }]);
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

/** More: of a report that tells of one cluster that does not answer. */
const unreachable: Partial<HealthReport> = {
  series: [{ metric: 'landbridge_cluster_reachable', labels: { cluster: 'a' }, values: [0] }],
  whole: ['cluster/a'],
};

const ageIn = ({ series, values }: Observation) =>
  values[series.findIndex(({ metric }) => metric === 'landbridge_console_report_age_seconds')];

/** Without a server around it, and with a clock that a test moves. */
function hubAlone(nowMs: () => number) {
  const observed: Observation[] = [];
  const hub = new Hub({
    store: new HubStore(join(server.dataDir, 'alone.db')),
    histories: {
      *prepare() {
        yield;
      },
      append: () => undefined,
      replacedBy: () => [],
      identify: () => true,
      read: () => expect.unreachable(),
      remove: () => undefined,
      close: () => undefined,
    },
    health: {
      *judging(observation) {
        observed.push(observation);
        yield;
      },
      alerts: () => ({ alerts: [], next: null, open: none }),
      openIn: () => none,
      clustersReplaced: () => undefined,
      forget: () => undefined,
    },
    log: () => undefined,
    nowMs,
  });
  return { hub, observed };
}
