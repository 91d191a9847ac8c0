// The chart around an alert: which series, over which time, written how. Pure.
import {
  byteRateFormat,
  bytesFormat,
  countFormat,
  rateFormat,
  secondsFormat,
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

export function formatOf(metric: MetricName): (value: number) => string {
  const { unit, words } = defOf(metric);
  if (isRate(metric)) return unit === 'bytes' ? byteRateFormat : rateFormat;
  switch (unit) {
    case 'bytes':
      return bytesFormat;
    case 'seconds':
      return (value) => (value < 0 ? `−${secondsFormat(-value)}` : secondsFormat(value));
    case 'bytesPerSecond':
      return byteRateFormat;
    case 'perSecond':
      return rateFormat;
    case 'ratio':
      return (value) => `${Number((value * 100).toFixed(1))} %`;
    case 'flag':
      return (value) => (value === 0 ? 'no' : value === 1 ? 'yes' : '');
    case 'code':
      // Between two words there is none.
      return (value) => (Number.isInteger(value) ? wordOf(words?.[value] ?? String(value)) : '');
    default:
      return countFormat;
  }
}

const wordOf = (word: string): string => word.toLowerCase().replaceAll('_', ' ');
