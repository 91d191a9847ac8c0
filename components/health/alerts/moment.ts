// The chart around an alert: which series, over which time, written how. Pure.
import {
  byteRateFormat,
  bytesFormat,
  type ChartFormat,
  chartFormat,
  countFormat,
  rateFormat,
  secondsFormat,
  shareFormat,
} from '@/components/charts/formats';
import { defOf, labelNames, type MetricName } from '@/lib/monitoring/metrics';

const MINUTE_MS = 60_000;
/** Before what was raised, and after what is over: a quarter of how long it lasted, within these. */
const PAD_MIN_MS = 10 * MINUTE_MS;
const PAD_MAX_MS = 6 * 60 * MINUTE_MS;

/** @returns toMs null: until now, and going on */
export function windowOf(
  createdAt: number,
  clearedAt: number | null,
  nowMs: number,
): { fromMs: number; toMs: number | null } {
  const lastedMs = Math.max(0, (clearedAt ?? nowMs) - createdAt);
  const padMs = Math.min(PAD_MAX_MS, Math.max(PAD_MIN_MS, lastedMs / 4));
  // In whole minutes, so that a chart that goes on is not asked for anew each second.
  const fromMs = Math.floor((createdAt - padMs) / MINUTE_MS) * MINUTE_MS;
  const afterMs = clearedAt === null ? null : clearedAt + padMs;
  return { fromMs, toMs: afterMs === null || afterMs >= nowMs ? null : afterMs };
}

/** Those by which series of the metric are told apart. */
export function seriesLabels(
  metric: MetricName,
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Set(labelNames(metric));
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.has(name)));
}

/** A counter is only told by how fast it grows. */
export const isRate = (metric: MetricName): boolean => defOf(metric).type === 'counter';

export function formatOf(metric: MetricName): ChartFormat {
  const { unit, words } = defOf(metric);
  if (isRate(metric)) return unit === 'bytes' ? byteRateFormat : rateFormat;
  switch (unit) {
    case 'bytes':
      return bytesFormat;
    case 'seconds':
      return secondsFormat;
    case 'bytesPerSecond':
      return byteRateFormat;
    case 'perSecond':
      return rateFormat;
    case 'ratio':
      return shareFormat;
    case 'flag':
      return chartFormat(whole, (value) => (value === 0 ? 'no' : value === 1 ? 'yes' : ''));
    case 'code':
      // Between two words there is none.
      return chartFormat(whole, (value) =>
        Number.isInteger(value) ? wordOf(words?.[value] ?? String(value)) : '',
      );
    default:
      return countFormat;
  }
}

/** Between two words of a state there is no line. */
const whole = [1];

const wordOf = (word: string): string => word.toLowerCase().replaceAll('_', ' ');

/** What the chart shows: the metric's help, of which "1 while" is told by yes and no. */
export function chartTitle(metric: MetricName): string {
  const help = defOf(metric).help.replace(/\.$/, '');
  if (isRate(metric)) return `${help}, a second`;
  const said = help.replace(/^1 (while|when) /, '');
  return said.charAt(0).toUpperCase() + said.slice(1);
}
