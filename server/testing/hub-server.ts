// A hub as consoles and people call it: its routes over a test server, keys of consoles, and what they report.
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach } from 'vitest';
import { POST as postReports } from '@/app/api/health-reports/route';
import { GET as getConsole } from '@/app/api/hub/consoles/[name]/route';
import { GET as getConsoles } from '@/app/api/hub/consoles/route';
import { POST as postSenders } from '@/app/api/hub/senders/route';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import { type Credentials, callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

export const minute = 60_000;
export const within = { timeout: 20_000, interval: 50 };
export let server: TestServer;

/** Each test has its own. */
export function eachWithHub(): void {
  beforeEach(async () => {
    server = await startTestServer({
      monitoring: { mode: 'hub', report: null, otlp: null, dashboardUrl: null },
    });
  });
  afterEach(() => server.close());
}

export async function keyOf(console: string): Promise<{ id: string; token: string; as: Credentials }> {
  const { json } = await callRoute(postSenders, '/api/hub/senders', { method: 'POST', body: { console } });
  return { id: json.sender.id, token: json.token, as: { authorization: `Bearer ${json.token}` } };
}

const ids = new Map<string, string>();
export function reportOf(name: string, atMs = Date.now(), more: Partial<HealthReport> = {}): HealthReport {
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
export async function send(key: { as: Credentials }, report: unknown, headers: Record<string, string> = {}) {
  const body = Buffer.isBuffer(report) ? report : gzipSync(JSON.stringify(report));
  const request = new Request('http://127.0.0.1:3000/api/health-reports', {
    method: 'POST',
    headers: { host: '127.0.0.1:3000', 'content-encoding': 'gzip', ...key.as, ...headers },
    body: new Uint8Array(body),
  });
  const answer = await postReports(request, { params: Promise.resolve({}) });
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), json: await answer.json() };
}

export const consoles = async (as?: Credentials) =>
  (await callRoute(getConsoles, '/api/hub/consoles', as ? { as } : {})).json.consoles;
export const consoleOf = (name: string, as?: Credentials) =>
  callRoute(getConsole, `/api/hub/consoles/${name}`, { params: { name }, ...(as ? { as } : {}) });

/** More: of a report that tells of one cluster that does not answer. */
export const unreachable: Partial<HealthReport> = {
  series: [{ metric: 'landbridge_cluster_reachable', labels: { cluster: 'a' }, values: [0] }],
  whole: ['cluster/a'],
};

export const none = { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 0 };
