// Short ways to write the usual panels and columns of the Grafana dashboard.
import { formatDuration } from '@/lib/format';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { Word } from '../colours';
import type { Column, Lines, States } from '../panel';
import { each, grownOf, of, type Query, windowOf } from '../query';

export const lines = (title: string, queries: Query | Query[], more: Partial<Lines> = {}): Lines => ({
  ...{ kind: 'lines', title, width: 8, queries: [queries].flat() },
  ...more,
});

/** What a rule with a window counts, as it counts it. */
export const counted = (title: string, rule: string, more: Partial<Lines> = {}): Lines =>
  lines(title, grownOf(rule), {
    ...{ rule, about: `Each point counts the last ${formatDuration(windowOf(rule))}, as the rule does.` },
    ...more,
  });

export const states = (title: string, queries: Query | Query[], words: Word[], width = 8): States => ({
  ...{ kind: 'states', title, width, queries: [queries].flat(), words },
});

export const column = (title: string, name: MetricName, more: Partial<Column> = {}): Column => ({
  ...{ title, expr: each(name), unit: of(name).unit },
  ...more,
});

/** Columns of a table that begins with the column `first`: each of the things that this one has. */
export const among = (first: Column, labels: string, others: readonly Column[]): Column[] => [
  first,
  ...others.map((one) => ({ ...one, expr: `${one.expr} and on (${labels}) ${first.expr}` })),
];

/** How many a line chart shows where there may be thousands. */
export const few = 10;
