// The filter of the audit page, as it stands in the address. What does not parse is left out. Pure.
import { auditFilter } from '@/lib/contracts/audit';

export const ranges = {
  hour: { label: 'Last hour', ms: 3_600_000 },
  day: { label: 'Last 24 hours', ms: 86_400_000 },
  week: { label: 'Last 7 days', ms: 604_800_000 },
  month: { label: 'Last 30 days', ms: 2_592_000_000 },
} as const;
export type RangeName = keyof typeof ranges;

/** Keys of the query string that the API takes as they are. */
const passed = [
  'from',
  'to',
  'actor',
  'operation',
  'object',
  'objectType',
  'outcome',
  'severity',
  'text',
  'requestId',
] as const;
export type FilterKey = (typeof passed)[number];

export type PageFilter = { values: Partial<Record<FilterKey, string>>; range: RangeName | null };

export function filterIn(params: { get: (key: string) => string | null }): PageFilter {
  const values: PageFilter['values'] = {};
  for (const key of passed) {
    const value = params.get(key)?.trim();
    if (value && auditFilter.shape[key].safeParse(value).success) values[key] = value;
  }
  const range = params.get('range');
  return { values, range: range !== null && range in ranges ? (range as RangeName) : null };
}

/** @param nowMs a range such as the last hour is counted from here; an own `from` goes before it */
export function searchOf({ values, range }: PageFilter, nowMs: number): URLSearchParams {
  const search = new URLSearchParams(values);
  if (range && !values.from) search.set('from', String(nowMs - ranges[range].ms));
  return search;
}

export const isFiltered = ({ values, range }: PageFilter): boolean =>
  range !== null || Object.keys(values).length > 0;

/** As `<input type="datetime-local">` has it, in this browser's zone. */
export function localInput(ms: number): string {
  const at = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 16);
}

/** ISO 8601 or milliseconds, as the address may have it; '' when there is none. */
export function inputOf(instant: string | undefined): string {
  if (!instant) return '';
  const ms = /^\d+$/.test(instant) ? Number(instant) : Date.parse(instant);
  return Number.isNaN(ms) ? '' : localInput(ms);
}
