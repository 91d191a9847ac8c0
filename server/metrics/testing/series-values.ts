// For tests: numbers of series as `name{a="1",b="2"}` → value, labels in the order of their names, read from Prometheus' text and from OTLP alike.
import { attributesOf, type OtlpRequest } from './otlp-proto';

export type SeriesValues = Map<string, number>;

const keyOf = (name: string, labels: Record<string, string | undefined>) =>
  `${name}{${Object.keys(labels)
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`)
    .join(',')}}`;

/** @throws when a line is none of that format, or a series stands there twice */
export function prometheusValues(text: string): SeriesValues {
  const values: SeriesValues = new Map();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    const own = [...labels.matchAll(/(\w+)="((?:\\.|[^"\\])*)"/g)].map(([, label = '', told = '']) => [
      label,
      told.replace(/\\(.)/g, (_, sign) => (sign === 'n' ? '\n' : sign)),
    ]);
    add(values, keyOf(name, Object.fromEntries(own)), Number(value));
  }
  return values;
}

/** Histograms as Prometheus has them: buckets that add up. @throws when a series stands there twice */
export function otlpValues(requests: readonly OtlpRequest[]): SeriesValues {
  const values: SeriesValues = new Map();
  const metrics = requests
    .flatMap(({ resourceMetrics }) => resourceMetrics)
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap((scope) => scope.metrics);
  for (const { name, gauge, sum, histogram } of metrics) {
    for (const { asDouble, attributes } of (gauge ?? sum)?.dataPoints ?? [])
      add(values, keyOf(name, attributesOf(attributes)), asDouble);
    for (const point of histogram?.dataPoints ?? []) {
      const labels = attributesOf(point.attributes);
      let below = 0;
      for (const [i, count] of point.bucketCounts.entries()) {
        below += Number(count);
        const le = String(point.explicitBounds[i] ?? '+Inf');
        add(values, keyOf(`${name}_bucket`, { ...labels, le }), below);
      }
      add(values, keyOf(`${name}_sum`, labels), point.sum ?? 0);
      add(values, keyOf(`${name}_count`, labels), Number(point.count ?? 0));
    }
  }
  return values;
}

function add(values: SeriesValues, key: string, value: number): void {
  if (values.has(key) || Number.isNaN(value)) throw new Error(`${key} is told twice, or is no number.`);
  values.set(key, value);
}
