/**
 * Recorded series for tests of rules, written as text: `0x5 1+2x3 _x4 ACTIVE` is five zeros, then 1, 3, 5, then four times no number, then the
 * code of a word. One token a stretch, one number every ten seconds. No test framework here.
 */
import { defOf, labelNames, type MetricName } from '@/lib/monitoring/metrics';
import {
  type Observation,
  ObservationBuilder,
  SeriesRegistry,
  subjectOf,
} from '@/lib/monitoring/observation';

export const everyMs = 10_000;
export const startMs = 1_800_000_000_000;

/** Metric → text; with `|` behind the text, labels by name. */
export type Recording = Partial<Record<MetricName, string>>;
export type Recorded = {
  series: Recording;
  /** 1 where clusters and links were seen whole; the last one goes on. */
  whole?: string;
  labels?: Record<string, string>;
};

export const usualLabels: Record<string, string> = {
  cluster: 'west',
  link: 'l1',
  source: 'west',
  destination: 'east',
  topic: 'orders',
  group: 'billing',
  broker: '3',
  voter: '3',
  dir: '/data',
  task: 'AclSync',
  partition: '0',
  certificate: 'broker',
  credential: 'token',
  endpoint: 'hub.example.com',
  channel: 'ops',
};

/** Each observation of the recording, oldest first; as many as its longest series has. */
export function observations({ series, whole = '1', labels = {} }: Recorded): Observation[] {
  const registry = new SeriesRegistry();
  const columns = Object.entries(series).map(([name, text]) => {
    const metric = name as MetricName;
    const values = labelNames(metric).map((label) => labels[label] ?? usualLabels[label] ?? label);
    return { metric, values, numbers: numbersOf(text, defOf(metric).words) };
  });
  const wholes = numbersOf(whole);
  const length = Math.max(0, ...columns.map(({ numbers }) => numbers.length));
  return Array.from({ length }, (_, i) => {
    const builder = new ObservationBuilder(registry);
    if ((wholes[i] ?? wholes.at(-1)) === 1) builder.whole('landbridge');
    for (const { metric, values, numbers } of columns) {
      builder.add(metric, values, numbers[i]);
      if ((wholes[i] ?? wholes.at(-1)) !== 1) continue;
      const names = labelNames(metric);
      builder.whole(subjectOf(Object.fromEntries(names.map((name, at) => [name, values[at] as string]))));
    }
    return builder.build(startMs + i * everyMs);
  });
}

/** Null: no number. */
export function numbersOf(text: string, words: readonly string[] = []): (number | null)[] {
  return text.split(/\s+/).flatMap((token) => {
    const [, what = '', add = '0', times = '1'] = /^(.+?)(?:\+(-?[\d.]+))?(?:x(\d+))?$/.exec(token) ?? [];
    return Array.from({ length: Number(times) }, (_, i) => {
      if (what === '_') return null;
      const code = words.indexOf(what);
      const value = code >= 0 ? code : Number(what);
      if (Number.isNaN(value)) throw new Error(`${token} is neither a number nor one of ${words.join(', ')}`);
      return value + i * Number(add);
    });
  });
}
