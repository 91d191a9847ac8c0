import { describe, expect, it } from 'vitest';
import { readConfig } from './config';

const LANDBRIDGE_OTLP_ENDPOINT = 'https://collector.example.com:4318/v1/metrics';
const read = (environment: Record<string, string> = {}) =>
  readConfig({ LANDBRIDGE_OTLP_ENDPOINT, LANDBRIDGE_CONSOLE_NAME: 'west', ...environment }).monitoring.otlp;
const failure = (environment: Record<string, string>) => {
  try {
    read(environment);
  } catch (error) {
    return String(error);
  }
  return 'no error';
};

describe('metrics over OTLP', () => {
  it('go nowhere unless an address is set', () => {
    expect(read({ LANDBRIDGE_OTLP_ENDPOINT: '' })).toBeNull();
    expect(
      read({ LANDBRIDGE_OTLP_ENDPOINT: '', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }),
    ).toBeNull();
  });

  it('are sent in every mode, with the defaults of the manual', () => {
    const expected = {
      ...{ consoleName: 'west', url: LANDBRIDGE_OTLP_ENDPOINT, proxy: null, ca: null, client: null },
      ...{ headers: {}, intervalMs: 60_000 },
    };
    const LANDBRIDGE_HEALTH_ENDPOINT = 'https://hub.example.com/api/health-reports';
    expect(read()).toEqual(expected);
    expect(read({ LANDBRIDGE_MODE: 'hub' })).toEqual(expected);
    expect(read({ LANDBRIDGE_MODE: 'reduced', LANDBRIDGE_HEALTH_ENDPOINT })).toEqual(expected);
    expect(read({ LANDBRIDGE_OTLP_INTERVAL_MS: '10000' })?.intervalMs).toBe(10_000);
  });

  it('are refused an address that cannot be called as it is', () => {
    const wrong = (text: string) => failure({ LANDBRIDGE_OTLP_ENDPOINT: text });
    expect(wrong('collector:4318')).toContain('LANDBRIDGE_OTLP_ENDPOINT: write a whole address');
    expect(wrong('http://collector.example.com:4318/v1/metrics')).toContain('without TLS');
    expect(wrong('https://me:hunter2@collector.example.com/')).toContain('LANDBRIDGE_OTLP_HEADERS');
    expect(wrong('https://me:hunter2@collector.example.com/')).not.toContain('hunter2');
    expect(failure({ LANDBRIDGE_HEALTH_ENDPOINT: `${LANDBRIDGE_OTLP_ENDPOINT}?x=1` })).toContain('already');
    expect(failure({ LANDBRIDGE_OTLP_INTERVAL_MS: '9' })).toContain('LANDBRIDGE_OTLP_INTERVAL_MS=9');
    expect(failure({ LANDBRIDGE_OTLP_KEY_FILE: '/none' })).toContain('LANDBRIDGE_OTLP_KEY_FILE');
  });

  it('go through the proxy', () => {
    const HTTPS_PROXY = 'http://proxy.example.com:3128';
    expect(read({ HTTPS_PROXY })?.proxy).toEqual({ url: HTTPS_PROXY });
    expect(read({ HTTPS_PROXY, NO_PROXY: 'example.com' })?.proxy).toBeNull();
  });
});

describe('headers of OTLP', () => {
  const headers = (text: string) => read({ LANDBRIDGE_OTLP_HEADERS: text })?.headers;

  it('are written as OpenTelemetry writes them', () => {
    expect(headers('Authorization=Bearer%20a%2Cb==, x-org = 7 ,')).toEqual({
      authorization: 'Bearer a,b==',
      'x-org': '7',
    });
  });

  it.each([
    ['authorization', 'entry 1 is not name=value'],
    ['x-org=7,=secret-value', 'entry 2 is not name=value'],
    ['x org=secret-value', 'entry 1 is not name=value'],
    ['x-org=', 'the value of x-org is empty'],
    ['x-org=%zzsecret-value', 'not percent-encoded'],
    ['x-org=secret-value%0a', 'no header can carry'],
    ['Content-Type=text/plain', 'content-type is set by Landbridge itself'],
    ['x-org=secret-value,X-Org=secret-value', 'x-org stands there twice'],
  ])('that are wrong are told by place and name, never by value: %s', (text, why) => {
    const told = failure({ LANDBRIDGE_OTLP_HEADERS: text });
    expect(told).toContain('LANDBRIDGE_OTLP_HEADERS: ');
    expect(told).toContain(why);
    expect(told).not.toContain('secret-value');
  });
});
