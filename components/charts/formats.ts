// How values of charts are written, by what they count, and at which steps an axis is written without rounding. Pure.
import {
  formatByteRate,
  formatBytes,
  formatDuration,
  formatMillis,
  formatRate,
  groupDigits,
} from '@/lib/format';

/** `steps`: what may lie between two lines of the axis. A line that is written "3 min" stands at 3 min, not at 200 s. */
export type ChartFormat = ((value: number) => string) & { steps: readonly number[] };

export const chartFormat = (steps: readonly number[], write: (value: number) => string): ChartFormat =>
  Object.assign((value: number) => write(value), { steps });

const decimal = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) =>
    [1, 2, 5].map((digit) => Number(`${digit}e${from + i}`)),
  ).flat();
const binary = Array.from({ length: 61 }, (_, power) => 2 ** power);
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const clock = [
  ...[1, 2, 5, 10, 20],
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE),
  ...[HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  ...decimal(0, 4).map((days) => days * DAY),
];
const tenths = decimal(-1, 17);

export const countFormat = chartFormat(tenths, (value) =>
  value < 10 && value % 1 ? value.toFixed(1) : groupDigits(value),
);
export const rateFormat = chartFormat(tenths, (value) => `${formatRate(value)}/s`);
export const bytesFormat = chartFormat(binary, (value) => formatBytes(Math.round(value)));
export const byteRateFormat = chartFormat(decimal(0, 15), formatByteRate);
export const secondsFormat = chartFormat([0.1, 0.2, 0.5, ...clock], (value) =>
  value < 0 ? `−${formatDuration(-value)}` : formatDuration(value),
);
/** Of seconds that are usually below one. */
export const latencyFormat = chartFormat([...decimal(-4, -1), ...clock], (seconds) =>
  formatMillis(seconds * 1000),
);
export const shareFormat = chartFormat(decimal(-3, 0), (value) => `${Number((value * 100).toFixed(1))} %`);
