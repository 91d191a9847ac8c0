import { describe, expect, it } from 'vitest';
import { isMetricName, metricNames } from '@/lib/monitoring/metrics';
import type { Rule } from './rule';
import { ruleOf, rules } from './rules/all';
import { play } from './testing/play';
import { type Numbers, type RuleCase, ruleCases } from './testing/rule-cases';
import { observations, type Recording } from './testing/series';

const named = rules.map((rule): [string, Rule] => [rule.id, rule]);
/** Looks of ten seconds that a duration takes. */
const looks = (seconds: number) => Math.ceil(seconds / 10);

/** One stretch after the other; a stretch without numbers is silence. */
function recording(...stretches: [Numbers | null, number][]): Recording {
  const metrics = [...new Set(stretches.flatMap(([numbers]) => Object.keys(numbers ?? {})))].filter(
    isMetricName,
  );
  return Object.fromEntries(
    metrics.map((metric) => [
      metric,
      stretches
        .filter(([, times]) => times > 0)
        .map(([numbers, times]) => `${numbers?.[metric] ?? '_'}x${times}`)
        .join(' '),
    ]),
  );
}
const played = (rule: Rule, series: Recording, whole?: string) =>
  play(observations({ series, ...(whole === undefined ? {} : { whole }) }), { rules: [rule] }).changes;

/** Growth over a window needs a window to grow in: their series are told below. */
const growing = ['link.lag-growing', 'landbridge.store-growing'];
const fine = 6;

describe('the rules', () => {
  it('are at least forty, each with an id, a title that fits, text, first steps and labels', () => {
    expect(rules.length).toBeGreaterThanOrEqual(40);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule.id).toMatch(/^(link|mirror|cluster|broker|group|landbridge)\.[a-z-]+$/);
      expect(rule.title.length, rule.title).toBeLessThanOrEqual(40);
      for (const text of [rule.what, rule.why, ...rule.steps])
        expect(text, rule.id).toMatch(/^[A-Za-z“].{20,}[.?]$/);
      expect(rule.levels.length, rule.id).toBeGreaterThan(0);
      for (const metric of [rule.metric, ...rule.uses]) expect(metricNames).toContain(metric);
      for (const { rule: cause } of rule.causes) expect(ruleOf(cause), `${rule.id} ← ${cause}`).toBeDefined();
    }
  });

  it('have thresholds within their bounds, from mild to grave', () => {
    for (const rule of rules) {
      for (const { name, default: at, min, max } of rule.thresholds)
        expect(at >= min && at <= max, `${rule.id} ${name}`).toBe(true);
      const steps = rule.thresholds.filter(({ severity }) => severity !== null).map((one) => one.default);
      const sorted = [...steps].sort((a, b) => (rule.raisedWhen === 'above' ? a - b : b - a));
      expect(steps, rule.id).toEqual(sorted);
    }
  });

  it('have no circle of causes', () => {
    const walk = (id: string, path: string[]): void => {
      expect(path, [...path, id].join(' ← ')).not.toContain(id);
      for (const { rule } of ruleOf(id)?.causes ?? []) walk(rule, [...path, id]);
    };
    for (const { id } of rules) walk(id, []);
  });

  it('each have recorded series that raise, hold and clear them', () => {
    expect([...Object.keys(ruleCases), ...growing].sort()).toEqual(rules.map(({ id }) => id).sort());
  });
});

describe.each(named.filter(([id]) => !growing.includes(id)))('%s', (id, rule) => {
  const { good, bad, band, severity, after, clear } = ruleCases[id] as RuleCase;
  const [raisedAt, raising] = [(fine + looks(after)) * 10, looks(after) + 1];

  it('is raised once its condition has held for its duration, and not before', () => {
    const series = recording([good, fine], [bad, raising]);
    expect(played(rule, series)).toMatchObject([{ second: raisedAt, to: severity }]);
    if (after === 0) return;
    expect(played(rule, recording([good, fine], [bad, raising - 1], [good, 3]))).toEqual([]);
  });

  it('holds while nothing is known, and between its limits', () => {
    const unknown = recording([good, fine], [bad, raising], [null, 90], [bad, 2]);
    const whole = `1x${fine + raising} 0x90 1`;
    expect(played(rule, unknown, whole)).toMatchObject([{ second: raisedAt, to: severity }]);
    if (band === undefined) return;
    const between = recording([good, fine], [bad, raising], [band, looks(clear) + 60]);
    expect(played(rule, between)).toMatchObject([{ second: raisedAt, to: severity }]);
    const mild = recording([good, fine], [band, raising + 60]);
    expect(played(rule, mild).filter(({ to }) => to === severity)).toEqual([]);
  });

  it('is cleared once it has been over for its clear duration, and not before', () => {
    // A counter does not go back: its step ages out of the window.
    const over = rule.window ? fine : fine + raising;
    const series = recording([good, fine], [bad, raising], [rule.window ? bad : good, looks(clear) + 1]);
    expect(played(rule, series)).toMatchObject([
      { second: raisedAt, to: severity },
      { second: (over + looks(clear)) * 10, to: 'cleared: OVER' },
    ]);
  });

  it('is cleared when what it is about is gone', () => {
    const series = recording([good, fine], [bad, raising], [null, looks(rule.clearForSeconds) + 1]);
    expect(played(rule, series)).toMatchObject([
      { second: raisedAt, to: severity },
      { second: (fine + raising + looks(rule.clearForSeconds)) * 10, to: 'cleared: GONE' },
    ]);
  });
});

describe('link.lag-growing', () => {
  const rule = ruleOf('link.lag-growing') as Rule;
  const lag = (text: string) => played(rule, { landbridge_link_max_lag_seconds: text });
  // 2 s more each look: 60 s more after 30 looks, which stay so for two minutes before it is raised.
  const raised = [{ second: (90 + 30 + 12) * 10, to: 'WARN' }];

  it('is raised when the lag has grown over the window for two minutes, and not by a lag that is only high', () => {
    expect(lag('40x90 40+2x43')).toMatchObject(raised);
    expect(lag('40x90 40+2x42')).toEqual([]);
    expect(lag('900x200')).toEqual([]);
    expect(lag('0x90 0+0.4x120')).toEqual([]);
  });

  it('holds while the growth is unknown or only smaller', () => {
    expect(lag('40x90 40+2x43 _x30 124x3')).toMatchObject(raised);
    expect(lag('40x90 40+2x43 125+1x120')).toMatchObject(raised);
  });

  it('is cleared when the lag has not grown for a while', () => {
    const changes = lag('40x90 40+2x43 125x120');
    expect(changes).toMatchObject([...raised, { to: 'cleared: OVER' }]);
    expect(changes[1]?.second).toBeGreaterThan(1320 + 300);
    expect(lag('40x90 40+2x43 10x40')).toMatchObject([
      ...raised,
      { second: 1330 + 300, to: 'cleared: OVER' },
    ]);
  });
});

describe('landbridge.store-growing', () => {
  const rule = ruleOf('landbridge.store-growing') as Rule;
  const day = 8640;
  const size = (text: string) => played(rule, { landbridge_store_bytes: text });
  const steady = `50000000x${day + 400}`;
  const raised = [{ second: (day + 400) * 10 + 600, to: 'WARN' }];

  it('is raised when the store has grown over a day, and not before a day was seen', () => {
    expect(size(`${steady} 650000000x61`)).toMatchObject(raised);
    expect(size(`${steady} 650000000x60`)).toEqual([]);
    expect(size(`50000000x100 650000000x${day - 50}`)).toEqual([]);
  });

  it('holds while its size is unknown or a little less', () => {
    const whole = `1x${day + 461} 0x90 1`;
    const series = { landbridge_store_bytes: `${steady} 650000000x61 _x90 650000000x2` };
    expect(played(rule, series, whole)).toMatchObject(raised);
    expect(size(`${steady} 650000000x61 520000000x200`)).toMatchObject(raised);
  });

  it('is cleared when it has shrunk, or the growth is a day old', () => {
    expect(size(`${steady} 650000000x61 60000000x61`)).toMatchObject([
      ...raised,
      { second: (day + 400 + 61) * 10 + 600, to: 'cleared: OVER' },
    ]);
    expect(size(`${steady} 650000000x${day + 500}`).map(({ to }) => to)).toEqual(['WARN', 'cleared: OVER']);
  });
});
