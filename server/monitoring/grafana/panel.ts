/**
 * Panels of the Grafana dashboard, as short as a person would describe them, and what Grafana's JSON makes of each kind. The fields are those of the
 * dashboard schema of Grafana 11 (`@grafana/schema`), which later ones read. Pure.
 */
import type { Unit } from '@/lib/monitoring/metrics';
import { grafanaUnits, noSteps, type Step, stepsOf, type Word } from './colours';
import { helpOf, isToldName, metricsIn, type Query } from './query';

type Common = {
  title: string;
  /** Of 24 columns. */
  width: number;
  /** What the help of its metrics does not say. */
  about?: string;
};
/** Lines over time; `rule`: colours begin where its severities do. */
export type Lines = Common & {
  kind: 'lines';
  queries: Query[];
  rule?: string;
  stacked?: true;
  /** What is said where there is not a single line. */
  empty?: string;
};
/** A band for each series, coloured by its state. */
export type States = Common & { kind: 'states'; queries: Query[]; words: Word[] };
/** One number, as it is now. */
export type Figure = Common & { kind: 'figure'; queries: Query[]; rule?: string; words?: Word[] };
/** A row for each thing, with what is known of it now; the worst by column `sort` first. */
export type Table = Common & { kind: 'table'; columns: Column[]; sort: string };
export type Column = { title: string; expr: string; unit: Unit; rule?: string; words?: Word[] };
export type Panel = Lines | States | Figure | Table;

export type Json = { [key: string]: unknown };
export const dataSource = { type: 'prometheus', uid: '$datasource' };
export const heights: Record<Panel['kind'], number> = { figure: 4, lines: 8, states: 7, table: 10 };

export const queriesOf = (panel: Panel): readonly { expr: string; rule?: string | undefined }[] =>
  panel.kind === 'table' ? panel.columns : panel.queries.map(({ expr }) => ({ expr, rule: ruleOf(panel) }));
const ruleOf = (panel: Panel) => ('rule' in panel ? panel.rule : undefined);

/** All of a panel but its id and place. */
export function panelJson(panel: Panel): Json {
  return {
    title: panel.title,
    description: description(panel),
    datasource: dataSource,
    // Says which way of writing panels this is: without it Grafana takes it for one of version 6 and migrates it.
    pluginVersion: '11.0.0',
    ...bodies[panel.kind](panel as never),
  };
}

const bodies: { [Kind in Panel['kind']]: (panel: Extract<Panel, { kind: Kind }>) => Json } = {
  lines: ({ queries, rule, stacked, empty }) => ({
    type: 'timeseries',
    targets: queries.map((query, i) => target(query.expr, i, { legendFormat: query.legend, range: true })),
    fieldConfig: fields({
      ...(empty === undefined ? {} : { noValue: empty }),
      unit: unitOf(queries),
      color: { mode: 'palette-classic' },
      thresholds: thresholds(rule ? stepsOf(rule) : noSteps),
      custom: {
        ...{ drawStyle: 'line', lineInterpolation: 'linear', lineWidth: 1, showPoints: 'never' },
        // What is not known is a gap.
        ...{ fillOpacity: stacked ? 40 : 0, spanNulls: false },
        stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
        thresholdsStyle: { mode: rule ? 'dashed' : 'off' },
      },
    }),
    options: {
      legend: { showLegend: true, displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  }),
  states: ({ queries, words }) => ({
    type: 'state-timeline',
    targets: queries.map((query, i) => target(query.expr, i, { legendFormat: query.legend, range: true })),
    fieldConfig: fields({
      mappings: mappings(words),
      color: { mode: 'thresholds' },
      thresholds: thresholds(noSteps),
      custom: { fillOpacity: 70, lineWidth: 0 },
    }),
    options: {
      ...{ mergeValues: true, showValue: 'auto', alignValue: 'left', rowHeight: 0.9, perPage: 20 },
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'single', sort: 'none' },
    },
  }),
  figure: ({ queries, rule, words }) => ({
    type: 'stat',
    targets: queries.map((query, i) => target(query.expr, i, { legendFormat: query.legend, instant: true })),
    fieldConfig: fields({
      noValue: unknown,
      unit: unitOf(queries),
      mappings: mappings(words),
      color: { mode: 'thresholds' },
      thresholds: thresholds(rule ? stepsOf(rule) : noSteps),
    }),
    options: {
      ...{ colorMode: 'value', graphMode: 'none', justifyMode: 'auto', orientation: 'auto' },
      ...{
        textMode: 'value',
        wideLayout: true,
        showPercentChange: false,
        percentChangeColorMode: 'standard',
      },
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
  }),
  table: ({ columns, sort }) => ({
    type: 'table',
    targets: columns.map(({ expr }, i) => target(expr, i, { format: 'table', instant: true })),
    // One row for the same labels; the columns of numbers get their names.
    transformations: [
      { id: 'merge', options: {} },
      { id: 'organize', options: organized(columns) },
    ],
    fieldConfig: {
      ...fields({
        noValue: unknown,
        custom: { align: 'auto', cellOptions: { type: 'auto' }, filterable: true },
      }),
      overrides: columns.map(override),
    },
    options: {
      ...{ showHeader: true, cellHeight: 'sm', frameIndex: 0 },
      footer: { show: false, countRows: false, reducer: ['sum'] },
      sortBy: [{ displayName: sort, desc: true }],
    },
  }),
};

const refId = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index);
const target = (expr: string, index: number, more: Json): Json => ({
  ...{ refId: refId(index), datasource: dataSource, expr, editorMode: 'code' },
  ...{ range: false, instant: false, ...more },
});

const organized = (columns: readonly Column[]): Json => ({
  excludeByName: { Time: true },
  includeByName: {},
  indexByName: {},
  renameByName: Object.fromEntries(columns.map(({ title }, i) => [`Value #${refId(i)}`, title])),
});

function override({ title, unit, rule, words }: Column): Json {
  const properties: Json[] = [{ id: 'unit', value: grafanaUnits[unit] }];
  if (words) properties.push({ id: 'mappings', value: mappings(words) });
  if (rule) properties.push({ id: 'thresholds', value: thresholds(stepsOf(rule)) });
  if (rule || words) properties.push({ id: 'custom.cellOptions', value: { type: 'color-text' } });
  return { matcher: { id: 'byName', options: title }, properties };
}

/** Never 0. */
const unknown = '–';
const fields = (defaults: Json): Json => ({ defaults, overrides: [] });
const unitOf = ([first]: readonly Query[]) => grafanaUnits[first?.unit ?? 'count'];
const thresholds = (steps: readonly Step[]): Json => ({ mode: 'absolute', steps });
const mappings = (words: readonly Word[] = []): Json[] =>
  words.length === 0
    ? []
    : [
        {
          type: 'value',
          options: Object.fromEntries(
            words.map(({ text, color }, index) => [String(index), { text, color, index }]),
          ),
        },
      ];

/** Markdown: what it is about, what its metrics are, and which rules its colours are of. */
function description(panel: Panel): string {
  const queries = queriesOf(panel);
  const names = [...new Set(queries.flatMap(({ expr }) => metricsIn(expr)))];
  const helps = names.filter(isToldName).map((name) => `- \`${name}\`: ${helpOf(name)}`);
  const judged = [...new Set(queries.flatMap(({ rule }) => rule ?? []))].map((id) => `\`${id}\``);
  const colours =
    judged.length > 0 ? `Colours begin where these rules do by default: ${judged.join(', ')}.` : '';
  return [panel.about ?? '', helps.join('\n'), colours].filter((part) => part !== '').join('\n\n');
}
