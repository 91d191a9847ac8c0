import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkState } from '@/lib/contracts/link';
import { metricNames } from '@/lib/monitoring/metrics';
import { exposedNames } from '@/server/metrics/exposed';
import { stepsOf } from './colours';
import { grafanaDashboard, rows } from './dashboard';
import { leftOut } from './left-out';
import { queriesOf } from './panel';
import { isToldName, metricsIn, ruleNamed, series } from './query';

type GridPos = { x: number; y: number; w: number; h: number };
type Mapping = { options: Record<string, { text: string }> };
type FieldConfig = {
  defaults: { mappings?: Mapping[] };
  overrides: { properties: { id: string; value: Mapping[] }[] }[];
};
type PanelJson = {
  id: number;
  title: string;
  gridPos: GridPos;
  fieldConfig?: FieldConfig;
  targets?: { expr: string }[];
};
type Variable = { name: string };
const { panels, templating } = JSON.parse(grafanaDashboard()) as {
  panels: PanelJson[];
  templating: { list: Variable[] };
};
const all = rows.flatMap((row) => row.panels);
const expressions = all.flatMap(queriesOf).map(({ expr }) => expr);

describe('the Grafana dashboard', () => {
  it('is the one in docs/grafana: if not, run npm run docs', () => {
    const file = readFileSync(join(process.cwd(), 'docs/grafana/landbridge.json'), 'utf8');
    expect(file).toBe(grafanaDashboard());
  });

  it('has rows that docs/metrics.md explains', () => {
    const document = readFileSync(join(process.cwd(), 'docs/metrics.md'), 'utf8');
    const [, section = ''] = document.split('\n### Grafana\n');
    const told = [...section.split('\n## ')[0]!.matchAll(/^\| ([A-Z][^|]+) \| /gm)].map(([, title]) => title);
    expect(told).toEqual(rows.map(({ title }) => title));
  });

  it('asks only for what /metrics tells', () => {
    expect(expressions.flatMap(metricsIn).filter((name) => !isToldName(name))).toEqual([]);
  });

  it('shows every metric, or says why not', () => {
    const shown = new Set(expressions.flatMap(metricsIn));
    const notShown = new Set([...metricNames, ...exposedNames].filter((name) => !shown.has(name)));
    expect(new Set(Object.keys(leftOut))).toEqual(notShown);
  });

  it('has no title and no id twice', () => {
    for (const key of ['title', 'id'] as const) {
      const values = panels.map((panel) => panel[key]);
      expect(values.filter((value, i) => values.indexOf(value) !== i)).toEqual([]);
    }
    for (const { columns, title } of all.filter((panel) => panel.kind === 'table'))
      expect(new Set(columns.map((column) => column.title)).size, title).toBe(columns.length);
  });

  it('covers no place of its grid twice, and leaves no gap at the end of a line', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x},${y}`), `${title} at ${x},${y}`).toBeUndefined();
          taken.set(`${x},${y}`, title);
        }
    }
    const height = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
    expect(taken.size).toBe(24 * height);
  });

  it('filters by variables that it has', () => {
    const names = new Set(templating.list.map(({ name }) => name));
    const used = new Set(expressions.join().match(/(?<="\$)[a-z]+(?=")/g));
    expect([...used].filter((name) => !names.has(name))).toEqual([]);
    expect([...names].filter((name) => name !== 'datasource' && !used.has(name))).toEqual([]);
  });

  it('says of each panel what its metrics are', () => {
    const [lag] = panels.filter(({ title }) => title === 'Lag of links, in time');
    expect(lag).toMatchObject({
      description: expect.stringMatching(/Worst lag of a mirror\.[\s\S]*link\.lag-beyond-rpo/),
    });
  });
});

describe('colours', () => {
  it('are those of a rule only where the query asks for all that the rule looks at', () => {
    for (const { expr, rule } of all.flatMap(queriesOf)) {
      if (rule === undefined) continue;
      const { metric, uses } = ruleNamed(rule);
      const used = metricsIn(expr);
      if (used.includes(metric)) expect(used, rule).toEqual(expect.arrayContaining([...uses]));
    }
    for (const panel of all) {
      const judged = queriesOf(panel).flatMap(({ rule }) => rule ?? []);
      const asked = queriesOf(panel).flatMap(({ expr }) => metricsIn(expr));
      for (const rule of judged) expect(asked, panel.title).toContain(ruleNamed(rule).metric);
    }
  });

  it('begin where the rule has its steps, from its first on', () => {
    expect(stepsOf('link.lag-beyond-rpo')).toEqual([
      { color: 'green', value: null },
      { color: 'yellow', value: 60 },
      { color: 'orange', value: 300 },
      { color: 'red', value: 900 },
    ]);
  });

  it('end where a rule that is raised below its steps has them', () => {
    expect(stepsOf('landbridge.data-dir-full')).toEqual([
      { color: 'red', value: null },
      { color: 'orange', value: 2 ** 28 },
      { color: 'yellow', value: 2 ** 30 },
      { color: 'green', value: 5 * 2 ** 30 },
    ]);
  });

  it('of a quorum without headroom are not those of one that has some', () => {
    expect(stepsOf('cluster.quorum-no-headroom')).toEqual([
      { color: 'orange', value: null },
      { color: 'green', value: 1 },
    ]);
  });
});

describe('states', () => {
  it('are shown by the word for which the query has the number', () => {
    let checked = 0;
    for (const { title, targets = [], fieldConfig } of panels) {
      for (const [i, { expr }] of targets.entries()) {
        const codes = [...expr.matchAll(/state="(\w+)"\} == 1\) \* (\d+)/g)];
        if (codes.length === 0) continue;
        const column = fieldConfig?.overrides[i]?.properties.find(({ id }) => id === 'mappings');
        const words = (column?.value ?? fieldConfig?.defaults.mappings)?.[0]?.options ?? {};
        const texts = codes.map(([, , code = '']) => words[code]?.text);
        expect(texts, title).toEqual(codes.map(([, word]) => word));
        expect(Object.keys(words), title).toHaveLength(codes.length);
        checked++;
      }
    }
    expect(checked).toBe(4);
  });

  it('cannot be chosen by a word that the metric does not have', () => {
    expect(series('landbridge_link_state', [linkState.enum.FAILED])).toContain('state="FAILED"');
    expect(() => series('landbridge_link_state', ['BROKEN'])).toThrow('BROKEN is no state');
  });
});
