// Turns numbers into what operators read. Exact values are only grouped, never rounded; estimates carry "≈". No I/O.

/** Shown for every unknown value; the reason belongs in its title. Never 0. */
export const UNKNOWN = '–';

const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** `1284091` → `1,284,091`. Accepts decimal strings beyond 2^53 and keeps every digit. */
export function groupDigits(value: string | number | bigint): string {
  const text = typeof value === 'number' ? String(Math.round(value)) : String(value);
  return text.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** An offset or an exact count; null is unknown. */
export function formatExact(value: string | number | bigint | null): string {
  return value === null ? UNKNOWN : groupDigits(value);
}

const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const DECIMAL_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

function scaled(value: number, base: number, units: string[]): string {
  let step = 0;
  let rest = value;
  while (rest >= base - 0.5 && step < units.length - 1) {
    rest /= base;
    step++;
  }
  const digits = step > 0 && rest < 9.95 ? 1 : 0;
  return `${groupDigits(rest.toFixed(digits))} ${units[step]}`;
}

/** A size in binary units: `1.9 KiB`, `212 MiB`. */
export function formatBytes(value: string | number | bigint | null): string {
  return value === null ? UNKNOWN : scaled(Number(value), 1024, BINARY_UNITS);
}

/** A size that is an estimate: `≈ 212 MiB`. */
export function formatEstimatedBytes(value: string | number | bigint | null): string {
  return value === null ? UNKNOWN : `≈ ${formatBytes(value)}`;
}

/** Throughput in decimal units, as networks are sold: `212 MB/s`. */
export function formatByteRate(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? UNKNOWN : `${scaled(bytesPerSecond, 1000, DECIMAL_UNITS)}/s`;
}

/** A measured rate without its unit: whole above ten, one digit below. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return UNKNOWN;
  if (perSecond === 0) return '0';
  if (perSecond < 0.05) return '< 0.1';
  return perSecond < 9.95 ? perSecond.toFixed(1) : groupDigits(perSecond);
}

export function formatRecordRate(perSecond: number | null): string {
  return perSecond === null ? UNKNOWN : `${formatRate(perSecond)} records/s`;
}

/** `0 s`, `0.1 s`, `48 s`, `11 min`, `2 h 14 min`, `3 d 4 h`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  if (seconds === 0) return '0 s';
  if (seconds < 0.05) return '< 0.1 s';
  if (seconds < 9.95) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE_S * 2) return `${whole} s`;
  if (whole < HOUR_S) return `${Math.floor(whole / MINUTE_S)} min`;
  if (whole < DAY_S) return twoUnits(whole, HOUR_S, 'h', MINUTE_S, 'min');
  return twoUnits(whole, DAY_S, 'd', HOUR_S, 'h');
}

function twoUnits(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const high = Math.floor(seconds / big);
  const low = Math.floor((seconds % big) / small);
  return low === 0 ? `${high} ${bigUnit}` : `${high} ${bigUnit} ${low} ${smallUnit}`;
}

/** `0.8 ms`, `12 ms`, `1.4 s`. */
export function formatMillis(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  if (ms === 0) return '0 ms';
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  return ms < SECOND_MS ? `${Math.round(ms)} ms` : formatDuration(ms / SECOND_MS);
}

/** How long ago something was: `now`, `4 s ago`, `11 min ago`. Clock differences never give a negative age. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / SECOND_MS));
  return seconds === 0 ? 'now' : `${formatDuration(seconds)} ago`;
}

const pad = (n: number) => String(n).padStart(2, '0');

/** Local wall-clock time, `18:42:09`. */
export function formatClock(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** Local date and time that sorts and can be pasted: `2026-11-23 18:42:09`. */
export function formatDateTime(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${formatClock(ms)}`;
}

/** The same with what the clock of this browser is set to: `2026-11-23 18:42:09 UTC+01:00`. */
export function formatMoment(ms: number): string {
  const aheadMin = -new Date(ms).getTimezoneOffset();
  const ahead = Math.abs(aheadMin);
  const zone = `${aheadMin < 0 ? '−' : '+'}${pad(Math.floor(ahead / 60))}:${pad(ahead % 60)}`;
  return `${formatDateTime(ms)} UTC${aheadMin === 0 ? '' : zone}`;
}

/** `1 mirror`, `2 mirrors`, `1,000 mirrors`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(count)} ${count === 1 ? one : many}`;
}

/** A share of one as a whole percentage; what is not quite none or all is not shown as such: `< 1 %`, `> 99 %`. */
export function formatShare(share: number | null): string {
  if (share === null) return UNKNOWN;
  if (share > 0 && share < 0.01) return '< 1 %';
  if (share > 0.99 && share < 1) return '> 99 %';
  return `${Math.round(share * 100)} %`;
}
