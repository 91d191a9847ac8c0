// Puts drawn series together, point by point, to one for each value of some labels. Series that are not known at a point are left out there.
import type { HistoryQuery } from '@/lib/monitoring/history';
import type { Labels } from '@/lib/monitoring/observation';
import type { Drawn } from './draw';

type Aggregate = NonNullable<HistoryQuery['aggregate']>;

export function aggregated(drawn: readonly Drawn[], { with: how, by = [] }: Aggregate): Drawn[] {
  const groups = new Map<string, Drawn[]>();
  for (const one of drawn) {
    const key = JSON.stringify(by.map((name) => one.labels[name] ?? ''));
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as Drawn;
    const labels: Labels = Object.fromEntries(by.map((name) => [name, first.labels[name] ?? '']));
    const all = (field: 'min' | 'max' | 'last') =>
      first[field] &&
      combined(
        group.map((one) => one[field] as Float64Array),
        how,
      );
    const [min, max, last] = [all('min'), all('max'), all('last')];
    return {
      labels,
      values: combined(
        group.map(({ values }) => values),
        how,
      ),
      ...(min && { min }),
      ...(max && { max }),
      ...(last && { last }),
    };
  });
}

function combined(series: readonly Float64Array[], how: Aggregate['with']): Float64Array {
  const result = new Float64Array(series[0]?.length ?? 0);
  for (let i = 0; i < result.length; i++) {
    let value = Number.NaN;
    let count = 0;
    for (const values of series) {
      const one = values[i] as number;
      if (Number.isNaN(one)) continue;
      count++;
      if (count === 1) value = one;
      else if (how === 'max') value = Math.max(value, one);
      else if (how === 'min') value = Math.min(value, one);
      else value += one;
    }
    result[i] = how === 'mean' && count > 0 ? value / count : value;
  }
  return result;
}
