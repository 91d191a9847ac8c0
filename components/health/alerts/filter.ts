// The filter of the alerts' page, as it stands in the address and as the API takes it. What does not parse is left out. Pure.
import { consoleName } from '@/lib/contracts/console-name';
import {
  ruleArea,
  type Severity,
  severities,
  severity,
  severityRank,
} from '@/lib/contracts/monitoring/rules';

export const filterKeys = ['atLeast', 'area', 'rule', 'console', 'cluster', 'link', 'text'] as const;
export type FilterKey = (typeof filterKeys)[number];
export type AlertFilter = {
  status: 'OPEN' | 'CLEARED';
  values: Partial<Record<FilterKey, string>>;
  withChildren: boolean;
};

const checks: Partial<Record<FilterKey, { safeParse: (value: string) => { success: boolean } }>> = {
  atLeast: severity,
  area: ruleArea,
  console: consoleName,
  // As destination/name.
  link: { safeParse: (value) => ({ success: linkIn(value) !== null }) },
};

export function filterIn(params: { get: (key: string) => string | null }): AlertFilter {
  const values: AlertFilter['values'] = {};
  for (const key of filterKeys) {
    const value = params.get(key)?.trim();
    if (value && (checks[key]?.safeParse(value).success ?? true)) values[key] = value;
  }
  return {
    status: params.get('status') === 'CLEARED' ? 'CLEARED' : 'OPEN',
    values,
    withChildren: params.get('withChildren') === '1',
  };
}

export function searchOf({ status, values, withChildren }: AlertFilter): URLSearchParams {
  const { link, ...same } = values;
  const search = new URLSearchParams({ status, ...same });
  const named = link === undefined ? null : linkIn(link);
  if (named) {
    search.set('destination', named.destination);
    search.set('link', named.link);
  }
  if (withChildren) search.set('withChildren', '1');
  return search;
}

export const isFiltered = ({ values }: AlertFilter): boolean => Object.keys(values).length > 0;

/**
 * How many alerts match, from how many are open by severity (of the console that was asked for); null where those counts do not tell: they
 * know of nothing else, and not of alerts that follow from others.
 */
export function totalOf(
  { status, values, withChildren }: AlertFilter,
  open: Partial<Record<Severity, number>>,
): number | null {
  const { atLeast, console: _, ...others } = values;
  if (status !== 'OPEN' || withChildren || Object.keys(others).length > 0) return null;
  const least = severity.safeParse(atLeast).data ?? 'INFO';
  return severities.slice(severityRank(least)).reduce((sum, one) => sum + (open[one] ?? 0), 0);
}

function linkIn(text: string): { destination: string; link: string } | null {
  const [destination, link, ...more] = text.split('/');
  return destination && link && more.length === 0 ? { destination, link } : null;
}
