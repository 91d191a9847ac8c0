// What the environment says about monitoring: the mode, and where health reports go, as what and with which credentials.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { reportFormat, topicNames } from '@/lib/contracts/monitoring/health-report';
import { type MonitoringMode, monitoringMode } from '@/lib/contracts/monitoring/mode';
import { isMetricName, type MetricName } from '@/lib/monitoring/metrics';
import { StartError } from './errors';
import { chosenMetrics, defaultReportMetrics } from './health/reporter/report-metrics';
import type { OutgoingPolicy } from './outgoing/addresses';
import { proxyFor } from './outgoing/proxy';

/** As the data thread is told it at its start, too. */
export const reportConfig = z.object({
  consoleName: z.string(),
  endpoints: z.array(z.object({ url: z.string(), proxy: z.object({ url: z.string() }).nullable() })),
  format: reportFormat,
  token: z.string().nullable(),
  /** PEM, trusted instead of the public CAs. */
  ca: z.string().nullable(),
  /** PEM, with its key. */
  client: z.object({ cert: z.string(), key: z.string() }).nullable(),
  intervalMs: z.int(),
  topicNames,
  metrics: z.array(z.custom<MetricName>((name) => typeof name === 'string' && isMetricName(name))),
  bufferBytes: z.int(),
});
export type ReportConfig = z.infer<typeof reportConfig>;

export type MonitoringConfig = {
  mode: MonitoringMode;
  /** Null: nothing is reported. */
  report: ReportConfig | null;
  /** Where the charts and alerts are that reduced mode doesn't have. */
  dashboardUrl: string | null;
};

export const defaultMonitoring: MonitoringConfig = { mode: 'normal', report: null, dashboardUrl: null };

const defaultIntervalMs = 60_000;
const defaultBufferBytes = 256 * 1024 * 1024;
const largestPemBytes = 1_048_576;

type Environment = Record<string, string | undefined>;

/** @throws StartError naming the variable, and what to do; it never repeats a secret */
export function readMonitoring(
  environment: Environment,
  file: { mode?: MonitoringMode | undefined; outgoing: OutgoingPolicy },
): MonitoringConfig {
  const mode = readMode(environment) ?? file.mode ?? 'normal';
  const endpoints = readEndpoints(environment, file.outgoing);
  if (mode === 'hub' && endpoints.length > 0)
    throw new StartError(
      'LANDBRIDGE_MODE=hub takes reports and sends none. Take LANDBRIDGE_HEALTH_ENDPOINT out, or choose another mode.',
    );
  if (mode === 'reduced' && endpoints.length === 0)
    throw new StartError(
      'LANDBRIDGE_MODE=reduced keeps no history and raises no alerts: LANDBRIDGE_HEALTH_ENDPOINT must say where health reports go (docs/reduced-mode.md).',
    );
  const report = endpoints.length === 0 ? null : readReport(environment, endpoints);
  return { mode, report, dashboardUrl: readDashboard(environment) };
}

function readMode(environment: Environment): MonitoringMode | null {
  const text = environment.LANDBRIDGE_MODE?.trim();
  if (!text) return null;
  const { data } = monitoringMode.safeParse(text);
  if (data) return data;
  throw new StartError(`LANDBRIDGE_MODE=${text} is not a mode. Use normal, reduced or hub.`);
}

function readEndpoints(environment: Environment, policy: OutgoingPolicy): ReportConfig['endpoints'] {
  const texts = listOf(environment.LANDBRIDGE_HEALTH_ENDPOINT);
  const bad = (why: string) => new StartError(`LANDBRIDGE_HEALTH_ENDPOINT: ${why}`);
  if (texts.length > 2) throw bad('give one address, or two with a comma between them.');
  if (new Set(texts).size < texts.length) throw bad('both addresses are the same.');
  return texts.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || !/^https?:$/.test(url.protocol) || url.hash !== '')
      throw bad(
        'write a whole address, such as https://hub.example.com/api/health-reports, without a fragment.',
      );
    if (url.username !== '' || url.password !== '')
      throw bad('no user or password in the address: LANDBRIDGE_HEALTH_TOKEN is for that.');
    const secured = url.protocol === 'https:';
    if (!secured && policy.allow === null && !isLoopback(url.hostname))
      throw bad(
        `${url.host} is not called without TLS. Use https, or list the host under outgoing.allow in landbridge.yaml.`,
      );
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? 443 : Number(url.port);
    return { url: url.href, proxy: secured ? checkedProxy(proxyFor(host, port, environment)) : null };
  });
}

function checkedProxy(proxy: { url: string } | null): { url: string } | null {
  if (proxy === null) return null;
  if (URL.canParse(proxy.url) && /^https?:$/.test(new URL(proxy.url).protocol)) return proxy;
  throw new StartError('HTTPS_PROXY is not an http or https address, such as http://proxy.example.com:3128.');
}

function readReport(environment: Environment, endpoints: ReportConfig['endpoints']): ReportConfig {
  const { ca, client, token } = readCredentials(environment);
  return {
    consoleName: readName(environment),
    endpoints,
    format: oneOf(environment, 'LANDBRIDGE_HEALTH_FORMAT', reportFormat.options, 'json'),
    token,
    ca,
    client,
    intervalMs: wholeNumber(
      environment,
      'LANDBRIDGE_HEALTH_INTERVAL_MS',
      defaultIntervalMs,
      [10_000, 3_600_000],
    ),
    topicNames: oneOf(environment, 'LANDBRIDGE_HEALTH_TOPIC_NAMES', topicNames.options, 'plain'),
    metrics: readMetrics(environment),
    bufferBytes: wholeNumber(environment, 'LANDBRIDGE_HEALTH_BUFFER_BYTES', defaultBufferBytes, [
      1_048_576,
      Number.MAX_SAFE_INTEGER,
    ]),
  };
}

function readCredentials(environment: Environment): Pick<ReportConfig, 'ca' | 'client' | 'token'> {
  const token = environment.LANDBRIDGE_HEALTH_TOKEN?.trim() || null;
  if (token !== null && !/^[\x21-\x7e]+$/.test(token))
    throw new StartError('LANDBRIDGE_HEALTH_TOKEN holds characters that no Authorization header can carry.');
  const cert = pem(environment, 'LANDBRIDGE_HEALTH_CERT_FILE');
  const key = pem(environment, 'LANDBRIDGE_HEALTH_KEY_FILE');
  if ((cert === null) !== (key === null))
    throw new StartError(
      'LANDBRIDGE_HEALTH_CERT_FILE and LANDBRIDGE_HEALTH_KEY_FILE belong together: set both, or neither.',
    );
  const client = cert !== null && key !== null ? { cert, key } : null;
  return { token, client, ca: pem(environment, 'LANDBRIDGE_HEALTH_CA_FILE') };
}

function readName(environment: Environment): string {
  const name = environment.LANDBRIDGE_CONSOLE_NAME?.trim() || hostname();
  if (name.length <= 200 && /^[^\p{C}]+$/u.test(name)) return name;
  throw new StartError('LANDBRIDGE_CONSOLE_NAME has at most 200 characters that can be read.');
}

function readMetrics(environment: Environment): MetricName[] {
  const entries = listOf(environment.LANDBRIDGE_HEALTH_METRICS);
  if (entries.length === 0) return [...defaultReportMetrics];
  const { metrics, unknown } = chosenMetrics(entries);
  if (unknown.length === 0) return metrics;
  throw new StartError(
    `LANDBRIDGE_HEALTH_METRICS: there is no metric ${unknown.join(', ')}. docs/metrics.md lists them; "landbridge_link_*" stands for all that begin so, "default" for what is reported without this.`,
  );
}

function readDashboard(environment: Environment): string | null {
  const text = environment.LANDBRIDGE_HEALTH_DASHBOARD_URL?.trim();
  if (!text) return null;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new StartError('LANDBRIDGE_HEALTH_DASHBOARD_URL is not an http or https address.');
}

const listOf = (text: string | undefined): string[] =>
  (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));

function oneOf<T extends string>(
  environment: Environment,
  name: string,
  words: readonly T[],
  otherwise: T,
): T {
  const text = environment[name]?.trim();
  if (!text) return otherwise;
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  throw new StartError(`${name}=${text} is not known. Use ${words.join(', ')}.`);
}

function wholeNumber(
  environment: Environment,
  name: string,
  otherwise: number,
  [min, max]: [number, number],
): number {
  const text = environment[name]?.trim();
  if (!text) return otherwise;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= min && number <= max) return number;
  throw new StartError(`${name}=${text} is not right. Use a whole number from ${min} to ${max}.`);
}

function pem(environment: Environment, name: string): string | null {
  const path = environment[name]?.trim();
  if (!path) return null;
  let text: string | null = null;
  try {
    text = readFileSync(resolve(/* turbopackIgnore: true */ path), 'utf8');
  } catch {
    // Told below, like a file that holds something else.
  }
  if (text !== null && text.length <= largestPemBytes && text.includes('-----BEGIN ')) return text;
  throw new StartError(`${name}: ${path} cannot be read, or holds no PEM text (it begins with -----BEGIN).`);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
