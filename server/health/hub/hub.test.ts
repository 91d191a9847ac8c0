import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { POST as postReports } from '@/app/api/health-reports/route';
import { GET as getClusters } from '@/app/api/hub/clusters/route';
import { GET as getHistory } from '@/app/api/hub/consoles/[name]/history/route';
import { GET as getConsoles } from '@/app/api/hub/consoles/route';
import { DELETE as deleteSender } from '@/app/api/hub/senders/[id]/route';
import { GET as getSenders } from '@/app/api/hub/senders/route';
import { GET as getLinks } from '@/app/api/links/route';
import { GET as getMe } from '@/app/api/me/route';
import { GET as getReady } from '@/app/readyz/route';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import { SeriesRegistry } from '@/lib/monitoring/observation';
import { everywhere, signedIn } from '@/server/testing/actors';
import {
  consoleOf,
  consoles,
  eachWithHub,
  keyOf,
  minute,
  reportOf,
  send,
  server,
} from '@/server/testing/hub-server';
import { callRoute } from '@/server/testing/test-server';
import { HubConsoleState } from './console-state';

eachWithHub();

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
