import { describe, expect, it } from 'vitest';
import { lagTrend } from './lag-trend';

const times = Array.from({ length: 31 }, (_, i) => 1_000_000 + i * 2000);

describe('the trend of a lag', () => {
  it('says how long catching up will take when the lag shrinks', () => {
    const trend = lagTrend(
      times,
      times.map((_, i) => 10_000 - i * 200),
      '5',
    );
    expect(trend).toMatchObject({ kind: 'shrinking' });
    if (trend.kind === 'shrinking') {
      expect(trend.messagesPerSecond).toBeCloseTo(100);
      expect(trend.secondsLeft).toBeCloseTo(40);
    }
  });

  it('says how fast the lag grows', () => {
    expect(
      lagTrend(
        times,
        times.map((_, i) => 500 + i * 10),
        '5',
      ),
    ).toMatchObject({ kind: 'growing' });
  });

  it('calls small changes steady and no lag in step', () => {
    expect(
      lagTrend(
        times,
        times.map((_, i) => 1000 + (i % 2)),
        '5',
      ),
    ).toEqual({ kind: 'steady' });
    expect(
      lagTrend(
        times,
        times.map(() => 0),
        '5',
      ),
    ).toEqual({ kind: 'in-step' });
  });

  it('says nothing without enough samples, or when the latest is a gap', () => {
    expect(lagTrend([], [], null)).toEqual({ kind: 'unknown' });
    expect(lagTrend(times.slice(0, 2), [5, 6], '6')).toEqual({ kind: 'unknown' });
    expect(
      lagTrend(
        times,
        times.map((_, i) => (i === 30 ? null : 5)),
        '5',
      ),
    ).toEqual({ kind: 'unknown' });
  });

  it('believes the lag of now rather than an older sample', () => {
    expect(
      lagTrend(
        times,
        times.map((_, i) => i * 100),
        '0',
      ),
    ).toEqual({ kind: 'in-step' });
  });

  it('passes over gaps and ignores what is older than a minute', () => {
    const long = Array.from({ length: 200 }, (_, i) => i * 2000);
    const lag = long.map((_, i) => (i < 160 ? i * 1000 : i % 3 === 0 ? null : 100_000 - (i - 160) * 1000));
    expect(lagTrend(long, lag, '50000')).toMatchObject({ kind: 'shrinking' });
  });
});
