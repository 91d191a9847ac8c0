// What the environment says about monitoring: the mode, and where health reports go, as what and with which credentials.
import { z } from 'zod';
import { reportFormat, topicNames } from '@/lib/contracts/monitoring/health-report';
import { type MonitoringMode, monitoringMode } from '@/lib/contracts/monitoring/mode';
import { isMetricName, type MetricName } from '@/lib/monitoring/metrics';
import {
  type Environment,
  listOf,
  oneOf,
  readConsoleName,
  readTls,
  readWay,
  tlsFiles,
  type Way,
  way,
  wholeNumber,
} from './environment';
import { StartError } from './errors';
import { chosenMetrics, defaultReportMetrics } from './health/reporter/report-metrics';
import { type OtlpConfig, readOtlp } from './otlp-config';
import type { OutgoingPolicy } from './outgoing/addresses';

/** As the data thread is told it at its start, too. */
export const reportConfig = z.object({
  consoleName: z.string(),
  endpoints: z.array(way),
  format: reportFormat,
  token: z.string().nullable(),
  ...tlsFiles.shape,
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
  /** Null: nothing is sent over OTLP but perhaps health reports. */
  otlp: OtlpConfig | null;
  /** Where the charts and alerts are that reduced mode doesn't have. */
  dashboardUrl: string | null;
};

export const defaultMonitoring: MonitoringConfig = {
  ...{ mode: 'normal', report: null, otlp: null, dashboardUrl: null },
};

const defaultIntervalMs = 60_000;
const defaultBufferBytes = 256 * 1024 * 1024;

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
  const otlp = readOtlp(environment, file.outgoing);
  if (otlp && endpoints.some(({ url }) => placeOf(url) === placeOf(otlp.url)))
    throw new StartError(
      'LANDBRIDGE_OTLP_ENDPOINT: health reports go to that address already. Take one of them out.',
    );
  return { mode, report, otlp, dashboardUrl: readDashboard(environment) };
}

/** As pages and metrics call an endpoint: without query. */
const placeOf = (url: string) => new URL(url).origin + new URL(url).pathname;

function readMode(environment: Environment): MonitoringMode | null {
  const text = environment.LANDBRIDGE_MODE?.trim();
  if (!text) return null;
  const { data } = monitoringMode.safeParse(text);
  if (data) return data;
  throw new StartError(`LANDBRIDGE_MODE=${text} is not a mode. Use normal, reduced or hub.`);
}

function readEndpoints(environment: Environment, policy: OutgoingPolicy): Way[] {
  const name = 'LANDBRIDGE_HEALTH_ENDPOINT';
  const texts = listOf(environment[name]);
  const bad = (why: string) => new StartError(`${name}: ${why}`);
  if (texts.length > 2) throw bad('give one address, or two with a comma between them.');
  if (new Set(texts).size < texts.length) throw bad('both addresses are the same.');
  return texts.map((text) =>
    readWay(environment, text, policy, {
      ...{ name, example: 'https://hub.example.com/api/health-reports' },
      credentials: 'LANDBRIDGE_HEALTH_TOKEN',
    }),
  );
}

function readReport(environment: Environment, endpoints: ReportConfig['endpoints']): ReportConfig {
  return {
    consoleName: readConsoleName(environment),
    endpoints,
    format: oneOf(environment, 'LANDBRIDGE_HEALTH_FORMAT', reportFormat.options, 'json'),
    token: readToken(environment),
    ...readTls(environment, 'LANDBRIDGE_HEALTH'),
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

function readToken(environment: Environment): string | null {
  const token = environment.LANDBRIDGE_HEALTH_TOKEN?.trim() || null;
  if (token === null || /^[\x21-\x7e]+$/.test(token)) return token;
  throw new StartError('LANDBRIDGE_HEALTH_TOKEN holds characters that no Authorization header can carry.');
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
