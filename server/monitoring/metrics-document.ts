// The part of docs/metrics.md about observed metrics, written from the list in lib/monitoring/metrics.ts.
import { defOf, labelNames, type MetricDef, type MetricName } from '@/lib/monitoring/metrics';
import { labelTold } from '@/server/metrics/told';
import { unitWords } from '@/server/metrics/units';
import { observedMetrics } from './exposition';

const begin = '<!-- observed metrics: npm run docs -->';
const end = '<!-- end of observed metrics -->';

/** @returns the document with its table written anew */
export function withObservedMetrics(document: string): string {
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/metrics.md has lost its marks ${begin} and ${end}.`);
  return `${before}${begin}\n${table()}\n${end}${after}`;
}

const table = () =>
  ['| metric | type | labels | unit | |', '|---|---|---|---|---|', ...observedMetrics.map(row)].join('\n');

function row(name: MetricName): string {
  const { type, unit, help, words }: MetricDef = defOf(name);
  const labels = [...labelNames(name), ...(words ? ['state'] : [])].map(
    (label) => `\`${labelTold(name, label)}\``,
  );
  const meaning = words ? `${help} 1 for the state that it is in, 0 for the others.` : help;
  return `| \`${name}\` | ${type} | ${labels.join(', ') || '–'} | ${unitWords[unit]} | ${meaning} |`;
}
