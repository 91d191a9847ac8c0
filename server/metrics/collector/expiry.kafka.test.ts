// Certificates and credentials that end soon, at a real cluster: from the sweep to the alert. About 25 s.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { suiteCluster } from '@/harness/test-clusters';
import { waitFor } from '@/harness/wait-for';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import type { MonitorAnswers } from '@/lib/contracts/monitoring/thread';
import { assembleMonitor } from '@/server/monitoring/assemble';
import type { Monitor } from '@/server/monitoring/monitor';
import { Collector } from './collector';

const day = 86_400_000;
const cluster = suiteCluster({
  name: 'ending',
  security: {
    tls: true,
    oauthClients: { landbridge: 'client-secret' },
    serverCertificate: { validForMs: 5 * day },
  },
});

let dataDir: string;
let monitor: Monitor;
let collector: Collector;
let answers: Map<number, unknown>;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'landbridge-expiry-'));
  collector = new Collector({ log: () => undefined, intervalMs: 1_000 });
  answers = new Map();
  const start = {
    dataDir,
    origin: '',
    mode: 'normal' as const,
    historyLimitBytes: 16_777_216,
    report: null,
    otlp: null,
  };
  monitor = assembleMonitor(
    start,
    (message) => void (message.type === 'answer' && answers.set(message.id, message.value)),
    collector,
  );
  monitor.start();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await monitor.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function watch(security: ClusterConfig['security'], listener: 'SSL' | 'MTLS' | 'SASL_SSL'): void {
  const bootstrapServers = [cluster().security.bootstrap(listener)];
  const config = clusterConfig.parse({ name: 'east', bootstrapServers, security });
  const health = { overrides: [], silences: [], channels: [], routes: [], subjects: null };
  monitor.receive({ type: 'desired', clusters: [config], health, consoles: [] });
}
let asked = 0;
async function ask<Op extends 'alerts' | 'exposition'>(request: object): Promise<MonitorAnswers[Op]> {
  const id = ++asked;
  monitor.receive({ type: 'request', id, request: request as never });
  await waitFor('an answer', () => answers.has(id));
  return answers.get(id) as MonitorAnswers[Op];
}
/** Alerts as rule, label and severity, after one look. */
async function alerts(): Promise<string[]> {
  monitor.tick(Date.now());
  const page = await ask<'alerts'>({ op: 'alerts', query: {} });
  return page.alerts
    .filter(({ rule }) => rule.endsWith('-expiring'))
    .map(({ rule, labels, severity }) => `${rule} ${labels.certificate ?? labels.credential} ${severity}`)
    .sort();
}
async function seconds(metric: string, label: string): Promise<number | null> {
  const text = await ask<'exposition'>({ op: 'exposition', clusters: ['east'], links: [], everything: true });
  const line = text.split('\n').find((one) => one.startsWith(`${metric}{`) && one.includes(`"${label}"`));
  return line === undefined ? null : Number(line.split(' ').at(-1));
}
const certificate = 'landbridge_cluster_certificate_expiry_seconds';
const credential = 'landbridge_cluster_credential_expiry_seconds';
const swept = () => waitFor('a sweep', () => collector.sweepOf('east')?.complete === true);

describe('what ends soon', () => {
  it('is told of the brokers’ certificate and of our own, and raises an alert for each', async () => {
    const { cert, key } = await cluster().security.clientCertificate({ name: 'us', validForMs: day / 4 });
    watch({ protocol: 'SSL', tls: { ca: cluster().security.ca, cert, key } }, 'MTLS');
    await swept();
    expect(await alerts()).toEqual([
      'cluster.certificate-expiring broker/1 ERROR',
      'cluster.certificate-expiring client CRITICAL',
    ]);
    const left = await seconds(certificate, 'broker/1');
    expect(Math.abs((left ?? 0) - (5 * day) / 1000)).toBeLessThan(600);
    expect(Math.abs(((await seconds(certificate, 'client')) ?? 0) - day / 4_000)).toBeLessThan(600);
  });

  it('is told of our own certificate also where it is over, and no broker lets us in', async () => {
    const { cert, key } = await cluster().security.clientCertificate({ name: 'us', validForMs: -60_000 });
    watch({ protocol: 'SSL', tls: { ca: cluster().security.ca, cert, key } }, 'MTLS');
    await waitFor('a failed sweep', () => collector.progressOf('east')?.trouble !== null);
    expect(await alerts()).toEqual(['cluster.certificate-expiring client CRITICAL']);
    expect(await seconds(certificate, 'client')).toBeLessThan(0);
  });

  it('is told of an access token once no next one can be had, and is over with the next', async () => {
    const { ca, tokenServer } = cluster().security;
    if (!tokenServer) throw new Error('no token endpoint');
    tokenServer.tokenLifetimeMs = 3_600_000;
    const sasl = {
      ...{ mechanism: 'OAUTHBEARER' as const, clientId: 'landbridge', clientSecret: 'client-secret' },
      ...{ tokenEndpoint: tokenServer.endpoint, tokenEndpointCa: ca },
    };
    watch({ protocol: 'SASL_SSL', sasl, tls: { ca } }, 'SASL_SSL');
    await swept();
    expect(await alerts()).toEqual(['cluster.certificate-expiring broker/1 ERROR']);
    expect(await seconds(credential, 'access token')).toBeNull();

    tokenServer.failure = { status: 400, body: '{"error":"invalid_client"}' };
    let aheadMs = 50 * 60_000;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
    const before = tokenServer.requests;
    await waitFor('the next token to be refused', () => tokenServer.requests > before);
    await waitFor('the refusal to be known', async () => {
      aheadMs += 30_000;
      return (await alerts()).includes('cluster.credentials-expiring access token CRITICAL');
    });
    const left = await seconds(credential, 'access token');
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(600);

    tokenServer.failure = null;
    await waitFor('the alert to be over', async () => !(await alerts()).some((one) => one.includes('token')));
  });
});
