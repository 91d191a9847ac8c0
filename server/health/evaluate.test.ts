import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleOverride } from '@/lib/contracts/monitoring/rules';
import type { Memory } from './evaluate';
import type { Rule } from './rule';
import { ruleOf } from './rules/all';
import { overrideProblem } from './settings';
import { type Change, play } from './testing/play';
import { numbersOf, observations, type Recorded } from './testing/series';

const one = (id: string) => ruleOf(id) as Rule;
const disk = (used: string, more: Omit<Recorded, 'series'> = {}): Recorded => ({
  series: {
    landbridge_log_dir_used_bytes: used,
    landbridge_log_dir_total_bytes: used.replace(/[^\s]+?(x\d+)?(?=\s|$)/g, '100$1'),
  },
  ...more,
});
const told = (id: string, recorded: Recorded, overrides: RuleOverride[] = []): string[] =>
  play(observations(recorded), { rules: [one(id)], overrides }).changes.map(spoken);
const spoken = ({ second, to }: Change) => `${second} ${to}`;

describe('steps of severity', () => {
  it('go up with the value, each after the duration, and down again with hysteresis', () => {
    expect(told('broker.disk', disk('60x3 72x10 85x10 95x10 89x15 79x15 69x15 60x15'))).toEqual([
      '90 WARN',
      '190 ERROR',
      '290 CRITICAL',
      // 89 % is not far enough below 90; 79 % is, but not below 80; 69 % not below 70.
      '600 ERROR',
      '750 WARN',
      '900 cleared: OVER',
    ]);
  });

  it('go straight to the gravest that has held for the duration', () => {
    expect(told('broker.disk', disk('60x3 95x10'))).toEqual(['90 CRITICAL']);
    expect(told('broker.disk', disk('60x3 72x6 95x10'))).toEqual(['90 WARN', '150 CRITICAL']);
  });

  it('go down to none at once when all is over', () => {
    expect(told('broker.disk', disk('95x10 10x15'))).toEqual(['60 CRITICAL', '220 cleared: OVER']);
  });
});

describe('time', () => {
  it('that was not observed does not count', () => {
    // 40 s, then a hole of 200 s, then 20 s more.
    const recorded = disk('60x2 95x5 _x20 95x4', { whole: '1x7 0x20 1' });
    expect(told('broker.disk', recorded)).toEqual(['290 CRITICAL']);
  });

  it('of one missed look counts', () => {
    expect(told('broker.disk', disk('60x2 95x3 _ 95x5', { whole: '1x5 0 1' }))).toEqual(['80 CRITICAL']);
  });

  it('begins anew when the condition was interrupted', () => {
    expect(told('broker.disk', disk('60x2 95x5 60 95x6 60x2'))).toEqual([]);
  });

  it('of what was pending long ago does not add to what is now', () => {
    expect(told('broker.disk', disk('60x2 95x5 _x200 95x6', { whole: '1x7 0x200 1' }))).toEqual([]);
  });
});

describe('what is not there', () => {
  it('is unknown where the cluster was not seen whole, and holds', () => {
    expect(told('broker.disk', disk('95x8 _x500', { whole: '1x8 0' }))).toEqual(['60 CRITICAL']);
  });

  it('is gone where it was, and cleared after the clear duration', () => {
    expect(told('broker.disk', disk('95x8 _x20'))).toEqual(['60 CRITICAL', '200 cleared: GONE']);
  });

  it('is not gone when it comes back before', () => {
    expect(told('broker.disk', disk('95x8 _x10 95x20'))).toEqual(['60 CRITICAL']);
  });

  it('is unknown for an hour where the thing itself is there, and cannot be measured', () => {
    const series = {
      landbridge_link_max_lag_seconds: '70x10 _x500',
      landbridge_link_state: 'UNAVAILABLEx510',
    };
    expect(told('link.lag-beyond-rpo', { series })).toEqual([
      '60 WARN',
      `${100 + 3_600 + 120} cleared: GONE`,
    ]);
    const seen = {
      landbridge_link_max_lag_seconds: '70x10 _x300 70x30',
      landbridge_link_state: 'UNAVAILABLEx340',
    };
    expect(told('link.lag-beyond-rpo', { series: seen })).toEqual(['60 WARN']);
  });

  it('of a broker’s disk is unknown while the broker does not answer, and gone when it does', () => {
    const recorded = disk('95x8 _x30');
    const silent = { ...recorded.series, landbridge_broker_reachable: '1x8 0x30' };
    expect(told('broker.disk', { series: silent })).toEqual(['60 CRITICAL']);
    const answering = { ...recorded.series, landbridge_broker_reachable: '1x38' };
    expect(told('broker.disk', { series: answering })).toEqual(['60 CRITICAL', '200 cleared: GONE']);
  });

  it('is gone at once when its cluster is registered no more', () => {
    const { changes } = play(observations(disk('95x8 _x3', { whole: '1x8 0' })), {
      rules: [one('broker.disk')],
      subjects: new Set(['cluster/east']),
    });
    expect(changes.map(spoken)).toEqual(['60 CRITICAL', '80 cleared: GONE']);
  });

  it('is taken for lost after a week', () => {
    const week = 60_480;
    const changes = told('broker.disk', disk(`95x8 _x${week + 2}`, { whole: '1x8 0' }));
    expect(changes).toEqual(['60 CRITICAL', `${80 + week * 10} cleared: LOST`]);
  });

  it('does not clear what has a series but no answer', () => {
    const series = { landbridge_log_dir_used_bytes: '95x60', landbridge_log_dir_total_bytes: '100x8 _x52' };
    expect(told('broker.disk', { series })).toEqual(['60 CRITICAL']);
  });
});

describe('a number that leaves something out', () => {
  const lag = (seconds: string, unknown: string) =>
    told('link.lag-beyond-rpo', {
      series: {
        landbridge_link_max_lag_seconds: seconds,
        landbridge_link_lag_unknown_partitions: unknown,
        landbridge_link_state: `ACTIVEx${numbersOf(seconds).length}`,
      },
    });

  it('ends nothing that was raised by what it leaves out', () => {
    expect(lag('70x10 2x100 2x14', '0x10 3x100 0x14')).toEqual(['60 WARN', `${1_100 + 120} cleared: OVER`]);
    // Without anything left out it would have been over long before.
    expect(lag('70x10 2x114', '0x124')).toEqual(['60 WARN', '220 cleared: OVER']);
  });

  it('lowers no step, and goes up by what it has', () => {
    expect(lag('400x10 70x60 1000x10', '0x10 2x70')).toEqual(['60 ERROR', '760 CRITICAL']);
    expect(lag('2x3 70x20', '5x23')).toEqual(['90 WARN']);
  });

  it('raises nothing that it shows to be fine, and is taken as it is after an hour', () => {
    expect(lag('2x20', '1x20')).toEqual([]);
    expect(lag('70x10 2x400', '0x10 1x400')).toEqual(['60 WARN', `${100 + 3_600 + 120} cleared: OVER`]);
  });

  it('is held for an hour that was observed, not one in which nothing was', () => {
    const series = {
      landbridge_link_max_lag_seconds: '70x10 2x5 _x720 2x20',
      landbridge_link_lag_unknown_partitions: '0x10 1x5 _x720 1x20',
    };
    expect(told('link.lag-beyond-rpo', { series, whole: '1x15 0x720 1x20' })).toEqual(['60 WARN']);
  });

  it('does not look like growth when it is whole again', () => {
    const growing = (seconds: string, unknown: string) =>
      told('link.lag-growing', {
        series: {
          landbridge_link_max_lag_seconds: seconds,
          landbridge_link_lag_unknown_partitions: unknown,
          landbridge_link_state: `ACTIVEx${numbersOf(seconds).length}`,
        },
      });
    expect(growing('200x70 40x70 200x70', '0x70 1x70 0x70')).toEqual([]);
    expect(growing('200x70 40x500 200x70', '0x70 1x500 0x70')).toEqual([]);
    // The worst partition is back, and another one is still out, as it will be for good.
    expect(growing('200x70 40x500 200x70', '0x70 2x500 1x70')).toEqual([]);
    // The same numbers, with nothing left out.
    expect(growing('200x70 40x70 200x70', '0x210')).toEqual(['1520 WARN']);
  });

  it('holds an alert of headroom, and that of a transaction that nobody sees any more', () => {
    const headroom = {
      landbridge_mirror_source_headroom_seconds: '600x10 500000x60',
      landbridge_mirror_max_lag_seconds: '90000x10 5x60',
      landbridge_mirror_lag_unknown_partitions: '_x10 1x20 _x40',
      landbridge_mirror_state: 'ACTIVEx70',
    };
    expect(told('mirror.source-range-at-risk', { series: headroom })).toEqual([
      '60 CRITICAL',
      `${300 + 300} cleared: OVER`,
    ]);
    const held = {
      landbridge_mirror_blocked_seconds: '900x3 _x60',
      landbridge_mirror_lag_unknown_partitions: '_x3 4x30 _x30',
    };
    expect(told('mirror.blocked', { series: held })).toEqual(['0 WARN', `${330 + 60} cleared: GONE`]);
  });
});

describe('overrides', () => {
  const at = (scope: RuleOverride['scope'], thresholds: Record<string, number>): RuleOverride => ({
    rule: 'broker.disk',
    scope,
    thresholds,
  });

  it('hold at their place: a cluster’s beats the one everywhere', () => {
    const overrides = [
      at({ kind: 'everywhere' }, { warn: 0.4 }),
      at({ kind: 'cluster', cluster: 'west' }, { warn: 0.6 }),
    ];
    expect(told('broker.disk', disk('50x9'), overrides)).toEqual([]);
    expect(told('broker.disk', disk('50x9', { labels: { cluster: 'east' } }), overrides)).toEqual([
      '60 WARN',
    ]);
  });

  it('of a link beat those of its destination, which hold for every link there', () => {
    const lag = { series: { landbridge_link_max_lag_seconds: '25x9' } };
    const rule = 'link.lag-beyond-rpo';
    const cluster: RuleOverride = {
      rule,
      scope: { kind: 'cluster', cluster: 'east' },
      thresholds: { warn: 20 },
    };
    const link: RuleOverride = {
      rule,
      scope: { kind: 'link', destination: 'east', link: 'l1' },
      thresholds: { warn: 30 },
    };
    expect(told(rule, lag)).toEqual([]);
    expect(told(rule, lag, [cluster])).toEqual(['60 WARN']);
    expect(told(rule, lag, [link, cluster])).toEqual([]);
  });

  it('that switch a rule off clear what it has raised', () => {
    const memory = play(observations(disk('95x9')), { rules: [one('broker.disk')] }).memory;
    const off = { rule: 'broker.disk', scope: { kind: 'cluster' as const, cluster: 'west' }, enabled: false };
    const { changes } = play(observations(disk('95x9')), {
      rules: [one('broker.disk')],
      overrides: [off],
      memory,
    });
    expect(changes.map(spoken)).toEqual(['0 cleared: OFF']);
  });

  it('change durations', () => {
    const overrides: RuleOverride[] = [
      { rule: 'broker.disk', scope: { kind: 'everywhere' }, forSeconds: 0, clearForSeconds: 0 },
    ];
    expect(told('broker.disk', disk('60 95 60'), overrides)).toEqual(['10 CRITICAL', '20 cleared: OVER']);
  });

  it('are refused when they do not fit the rule', () => {
    const everywhere = { kind: 'everywhere' as const };
    expect(overrideProblem(at(everywhere, { warn: 0.5 }))).toBeNull();
    expect(overrideProblem(at(everywhere, { warn: 0.85 }))).toContain('mild to grave');
    expect(overrideProblem(at(everywhere, { warn: 7 }))).toContain('between');
    expect(overrideProblem(at(everywhere, { nothing: 7 }))).toContain('no threshold');
    expect(overrideProblem({ rule: 'no.such', scope: everywhere })).toContain('no rule');
    expect(overrideProblem(at({ kind: 'link', destination: 'a', link: 'b' }, {}))).toContain(
      'not about links',
    );
    const below: RuleOverride = {
      rule: 'landbridge.data-dir-full',
      scope: everywhere,
      thresholds: { warn: 2e6, error: 3e6 },
    };
    expect(overrideProblem(below)).toContain('mild to grave');
  });
});

describe('a restart', () => {
  const restarted = (memory: Memory): Memory =>
    new Map(
      [...memory].map(([rule, subjects]) => [
        rule,
        new Map([...subjects].map(([key, judged]) => [key, JSON.parse(JSON.stringify(judged))])),
      ]),
    );

  it('between any two looks changes nothing', () => {
    const value = fc.constantFrom('60', '72', '79', '85', '89', '95', '_');
    fc.assert(
      fc.property(fc.array(value, { minLength: 10, maxLength: 120 }), fc.nat(), (values, where) => {
        const recorded = observations({
          series: {
            landbridge_log_dir_used_bytes: values.join(' '),
            landbridge_log_dir_total_bytes: `100x${values.length}`,
          },
          whole: values.map((one) => (one === '_' ? '0' : '1')).join(' '),
        });
        const rules = [one('broker.disk')];
        const stopAt = where % values.length;
        const between = (memory: Memory, index: number) => (index === stopAt ? restarted(memory) : memory);
        expect(play(recorded, { rules, between }).changes).toEqual(play(recorded, { rules }).changes);
      }),
    );
  });
});

describe('flapping', () => {
  const value = fc.oneof(
    fc.constantFrom(69, 70, 71, 67, 79, 80, 89, 90, 91),
    fc.integer({ min: 0, max: 100 }),
  );
  const stretches = fc.array(fc.tuple(value, fc.integer({ min: 1, max: 14 })), {
    minLength: 5,
    maxLength: 60,
  });

  it('values raise and clear no faster than the durations, whatever they do', () => {
    const rule = one('broker.disk');
    fc.assert(
      fc.property(stretches, (parts) => {
        const text = parts.map(([number, times]) => `${number}x${times}`).join(' ');
        let [raised, since] = [false, 0];
        for (const { second, to } of play(observations(disk(text)), { rules: [rule] }).changes) {
          const nowRaised = !to.startsWith('cleared');
          if (nowRaised === raised) continue;
          expect(second - since).toBeGreaterThanOrEqual(raised ? rule.clearForSeconds : rule.forSeconds);
          [raised, since] = [nowRaised, second];
        }
      }),
    );
  });

  it('each look makes nothing of it', () => {
    const text = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? '95' : '10')).join(' ');
    expect(told('broker.disk', disk(text))).toEqual([]);
    expect(told('broker.disk', disk(`95x8 ${text}`))).toEqual(['60 CRITICAL']);
  });
});
