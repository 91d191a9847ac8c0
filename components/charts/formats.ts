// How values of charts are written, by what they count. Pure.
import {
  formatByteRate,
  formatBytes,
  formatDuration,
  formatMillis,
  formatRate,
  groupDigits,
} from '@/lib/format';

export const countFormat = (value: number): string =>
  value < 10 && value % 1 ? value.toFixed(1) : groupDigits(value);
export const rateFormat = (value: number): string => `${formatRate(value)}/s`;
export const bytesFormat = (value: number): string => formatBytes(Math.round(value));
export const byteRateFormat = (value: number): string => formatByteRate(value);
export const secondsFormat = (value: number): string => formatDuration(value);
/** Of seconds that are usually below one. */
export const latencyFormat = (seconds: number): string => formatMillis(seconds * 1000);
