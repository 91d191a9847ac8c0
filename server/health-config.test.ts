import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from './config';
import { defaultReportMetrics } from './health/reporter/report-metrics';

const dir = mkdtempSync(join(tmpdir(), 'landbridge-health-config-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};

const LANDBRIDGE_HEALTH_ENDPOINT = 'https://hub.example.com/api/health-reports';
const read = (environment: Record<string, string>) => readConfig(environment).monitoring;
const failure = (environment: Record<string, string>) => {
  try {
    read(environment);
  } catch (error) {
    return String(error);
  }
  return 'no error';
};

describe('the mode', () => {
  it('is normal unless the file or, before it, the environment says otherwise', () => {
    expect(read({})).toEqual({ mode: 'normal', report: null, otlp: null, dashboardUrl: null });
    const LANDBRIDGE_CONFIG = file('landbridge.yaml', 'mode: hub\n');
    expect(read({ LANDBRIDGE_CONFIG }).mode).toBe('hub');
    expect(read({ LANDBRIDGE_CONFIG, LANDBRIDGE_MODE: 'normal' }).mode).toBe('normal');
    expect(failure({ LANDBRIDGE_MODE: 'small' })).toContain('LANDBRIDGE_MODE=small is not a mode');
    expect(failure({ LANDBRIDGE_CONFIG: file('bad.yaml', 'mode: small') })).toContain('mode:');
  });

  it('needs an endpoint to be reduced, and none to be a hub', () => {
    expect(failure({ LANDBRIDGE_MODE: 'reduced' })).toContain('LANDBRIDGE_HEALTH_ENDPOINT');
    expect(failure({ LANDBRIDGE_MODE: 'hub', LANDBRIDGE_HEALTH_ENDPOINT })).toContain('sends none');
  });
});

describe('the health endpoint', () => {
  it('is reported to in every mode but a hub, with the defaults of the manual', () => {
    expect(read({ LANDBRIDGE_HEALTH_ENDPOINT, LANDBRIDGE_CONSOLE_NAME: 'west' }).report).toEqual({
      consoleName: 'west',
      endpoints: [{ url: LANDBRIDGE_HEALTH_ENDPOINT, proxy: null }],
      ...{ format: 'json', token: null, ca: null, client: null, topicNames: 'plain' },
      intervalMs: 60_000,
      metrics: defaultReportMetrics,
      bufferBytes: 268_435_456,
    });
  });

  it('may be two, as they are given; more, equal and unsafe ones are refused', () => {
    const two = read({ LANDBRIDGE_HEALTH_ENDPOINT: 'https://a.example.com/x?y=1, http://127.0.0.1:9/z' });
    expect(two.report?.endpoints.map(({ url }) => url)).toEqual([
      'https://a.example.com/x?y=1',
      'http://127.0.0.1:9/z',
    ]);
    const wrong = (text: string) => failure({ LANDBRIDGE_HEALTH_ENDPOINT: text });
    expect(wrong('https://a.example/,https://b.example/,https://c.example/')).toContain(
      'one address, or two',
    );
    expect(wrong('https://a.example/,https://a.example/')).toContain('the same');
    expect(wrong('hub.example.com')).toContain('whole address');
    expect(wrong('http://hub.example.com/')).toContain('without TLS');
    expect(wrong('https://me:hunter2@hub.example.com/')).toContain('LANDBRIDGE_HEALTH_TOKEN');
    expect(wrong('https://me:hunter2@hub.example.com/')).not.toContain('hunter2');
  });

  it('without TLS must be listed under outgoing.allow', () => {
    const LANDBRIDGE_CONFIG = file('allow.yaml', 'outgoing: { allow: [hub.example.com] }');
    const http = { LANDBRIDGE_HEALTH_ENDPOINT: 'http://hub.example.com/' };
    expect(read({ LANDBRIDGE_CONFIG, ...http }).report?.endpoints).toHaveLength(1);
  });

  it('is reached through the proxy that is set, but for what NO_PROXY lists', () => {
    const HTTPS_PROXY = 'http://proxy.example.com:3128';
    const proxyWith = (NO_PROXY: string) =>
      read({ LANDBRIDGE_HEALTH_ENDPOINT, HTTPS_PROXY, NO_PROXY }).report?.endpoints[0]?.proxy;
    expect(proxyWith('')).toEqual({ url: HTTPS_PROXY });
    for (const list of ['*', 'hub.example.com', 'x, .example.com', 'example.com', 'hub.example.com:443'])
      expect(proxyWith(list), list).toBeNull();
    expect(proxyWith('hub.example.com:8443, other.com')).toEqual({ url: HTTPS_PROXY });
    expect(failure({ LANDBRIDGE_HEALTH_ENDPOINT, HTTPS_PROXY: 'socks5://p' })).toContain('HTTPS_PROXY');
  });

  it('gets a certificate only with its key, and only such as can be read', () => {
    const cert = file('cert.pem', '-----BEGIN CERTIFICATE-----');
    const key = file('key.pem', '-----BEGIN PRIVATE KEY-----');
    const base = { LANDBRIDGE_HEALTH_ENDPOINT, LANDBRIDGE_HEALTH_CERT_FILE: cert };
    expect(read({ ...base, LANDBRIDGE_HEALTH_KEY_FILE: key }).report?.client?.key).toContain('PRIVATE KEY');
    expect(failure(base)).toContain('belong together');
    expect(failure({ ...base, LANDBRIDGE_HEALTH_KEY_FILE: file('none.pem', 'secret') })).toMatch(
      /LANDBRIDGE_HEALTH_KEY_FILE: .*holds no PEM/,
    );
  });

  it.each([
    ['LANDBRIDGE_HEALTH_FORMAT', 'xml'],
    ['LANDBRIDGE_HEALTH_TOPIC_NAMES', 'secret'],
    ['LANDBRIDGE_HEALTH_INTERVAL_MS', '1000'],
    ['LANDBRIDGE_HEALTH_BUFFER_BYTES', '1e3'],
    ['LANDBRIDGE_HEALTH_METRICS', 'landbridge_nonsense'],
    ['LANDBRIDGE_HEALTH_TOKEN', 'two words'],
    ['LANDBRIDGE_HEALTH_DASHBOARD_URL', 'javascript:alert(1)'],
  ])('tells what is wrong with %s=%s', (name, value) => {
    expect(failure({ LANDBRIDGE_HEALTH_ENDPOINT, [name]: value })).toContain(name);
  });
});
