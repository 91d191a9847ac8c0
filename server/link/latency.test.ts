import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATENCY_WINDOW_MS } from './defaults';
import { LatencyWindow } from './latency';

const NOW = 1_800_000_000_000;

describe('LatencyWindow', () => {
  it('has nothing to say without samples, and forgets them after the window', () => {
    const window = new LatencyWindow();
    expect(window.percentiles(NOW)).toBeNull();
    window.record(5, NOW);
    expect(window.percentiles(NOW)).not.toBeNull();
    expect(window.percentiles(NOW + LATENCY_WINDOW_MS - 5_000)).not.toBeNull();
    expect(window.percentiles(NOW + LATENCY_WINDOW_MS + 5_000)).toBeNull();
  });

  it('tells median and 99th percentile within 6 %, for any samples', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: LATENCY_WINDOW_MS, noNaN: true }), {
          minLength: 1,
          maxLength: 300,
        }),
        (samples) => {
          const window = new LatencyWindow();
          samples.forEach((ms, i) => {
            window.record(ms, NOW + (i % 10) * 5_000);
          });
          const sorted = [...samples].sort((a, b) => a - b);
          const told = window.percentiles(NOW + 50_000);
          for (const [share, value] of [
            [0.5, told?.p50],
            [0.99, told?.p99],
          ] as const) {
            const real = sorted[Math.ceil(sorted.length * share) - 1] as number;
            expect(value).toBeGreaterThanOrEqual(real * 0.94);
            expect(value).toBeLessThanOrEqual(real * 1.06 + 0.1);
          }
        },
      ),
    );
  });

  it('leaves backfills out, and takes clocks that are ahead for no delay', () => {
    const window = new LatencyWindow();
    window.record(LATENCY_WINDOW_MS + 1, NOW);
    expect(window.percentiles(NOW)).toBeNull();
    window.record(-50, NOW);
    expect(window.percentiles(NOW)).toEqual({ p50: 0.1, p99: 0.1 });
  });
});
