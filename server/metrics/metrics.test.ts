import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotOf } from '@/server/testing/snapshots';
import { attentionSamples, needsAttention } from './attention';
import { historyIntervalMs, historyPoints, MetricsHistory, trendPoints } from './history';
import { blockedOffsets, lagNote, partitionLag, sumLag } from './lag';
import { linkKey, Metrics, mirrorKey } from './metrics';

const columnsOf = (numbers: Parameters<typeof snapshotOf>[1][0]['mirrors'][0]['numbers']) =>
  snapshotOf(0, [{ id: 'l', mirrors: [{ topic: 't', numbers }] }]).columns;

describe('lag', () => {
  it('is source last stable offset minus mirror end, exact beyond 2^53', () => {
    const offset = fc.bigInt(0n, 2n ** 63n - 1n);
    const property = fc.property(offset, offset, (stable, end) => {
      const lag = partitionLag(columnsOf([{ stable, end }]), 0);
      expect(lag.messages).toBe(stable >= end ? stable - end : null);
      expect(lag.ahead).toBe(stable < end);
    });
    void fc.assert(property);
  });

  it('is unknown, not zero, while one end is unknown, and never negative', () => {
    const columns = columnsOf([
      { stable: -1n, end: 5n },
      { stable: 5n, end: -1n },
      { stable: 4n, end: 5n },
    ]);
    for (const index of [0, 1, 2]) {
      expect(partitionLag(columns, index)).toMatchObject({ messages: null, bytes: null, seconds: null });
    }
  });

  it('is zero in all units when both ends are equal, whatever the estimates say', () => {
    const columns = columnsOf([{ stable: 7n, end: 7n, lagBytes: -1n }]);
    expect(partitionLag(columns, 0)).toMatchObject({ messages: 0n, bytes: 0n, seconds: 0 });
  });

  it('of a mirror sums the known partitions, takes the worst seconds, and says what it leaves out', () => {
    const columns = columnsOf([
      { stable: 10n, end: 4n, lagSeconds: 3, lagBytes: 600n },
      { stable: 10n, end: 9n, lagSeconds: 8 },
      { stable: -1n },
      { stable: 1n, end: 2n },
    ]);
    const lag = sumLag(columns, 0, 4);
    expect(lag).toEqual({
      messages: 7n,
      bytes: 600n,
      seconds: 8,
      unknown: 2,
      ahead: 1,
      unknownBytes: 3,
      unknownSeconds: 2,
    });
    expect(lagNote(lag, 4)).toBe(
      "Lag leaves out 1 of 4 partitions unknown and 1 of 4 partitions ahead of the source's last stable offset.",
    );
    expect(sumLag(columns, 2, 2)).toMatchObject({ messages: null, bytes: null, seconds: null });
    expect(lagNote(sumLag(columns, 0, 2), 2)).toBe(null);
  });

  it('leaves out what an open transaction holds back; that is shown apart', () => {
    const columns = columnsOf([
      { stable: 10n, end: 10n, highWatermark: 14n },
      { stable: -1n, highWatermark: 5n },
    ]);
    expect([blockedOffsets(columns, 0), blockedOffsets(columns, 1)]).toEqual([4n, null]);
  });
});

describe('rates', () => {
  const snapshot = (at: number, bytesTotal: bigint) =>
    snapshotOf(at, [
      {
        id: 'l',
        mirrors: [
          { topic: 't', numbers: [{ bytesTotal, recordsTotal: bytesTotal / 10n }, { bytesTotal: 0n }] },
        ],
      },
    ]);
  const rateOf = (metrics: Metrics) => metrics.frame?.links.get('l')?.mirrors.get('t')?.rates;

  it('are unknown at first, then what came in over the last seconds', () => {
    const metrics = new Metrics();
    metrics.ingest(snapshot(1_000, 500n));
    expect(rateOf(metrics)).toEqual({ bytesPerSecond: null, recordsPerSecond: null });
    metrics.ingest(snapshot(2_000, 1_500n));
    expect(rateOf(metrics)).toEqual({ bytesPerSecond: 1_000, recordsPerSecond: 100 });
    for (let second = 3; second <= 20; second++) metrics.ingest(snapshot(second * 1_000, 1_500n));
    expect(rateOf(metrics)).toEqual({ bytesPerSecond: 0, recordsPerSecond: 0 });
    expect(metrics.partitionRates('l', 't', 0)).toEqual({ bytesPerSecond: 0, recordsPerSecond: 0 });
  });

  it('are exact beyond what a float can count', () => {
    const metrics = new Metrics();
    const far = 2n ** 60n;
    metrics.ingest(snapshot(1_000, far));
    metrics.ingest(snapshot(2_000, far + 10n));
    expect(rateOf(metrics)).toEqual({ bytesPerSecond: 10, recordsPerSecond: 1 });
    expect(metrics.frame?.links.get('l')?.bytesTotal).toBe(far + 10n);
  });

  it('start anew with the engine, whose counters begin at zero', () => {
    const metrics = new Metrics();
    metrics.ingest(snapshot(1_000, 5_000n));
    metrics.ingest(snapshot(2_000, 6_000n));
    metrics.engineRestarted();
    expect(metrics.frame).not.toBe(null);
    metrics.ingest(snapshot(3_000, 9_000n));
    expect(rateOf(metrics)).toEqual({ bytesPerSecond: null, recordsPerSecond: null });
  });
});

describe('history', () => {
  const sample = (lagSeconds: number | null) => ({
    lagMessages: 5,
    lagSeconds,
    leftOut: 0,
    bytesPerSecond: 0.1,
    recordsPerSecond: null,
  });

  it('holds the last hour, oldest first, and a missed sample is a gap', () => {
    const history = new MetricsHistory();
    for (let tick = 0; tick < historyPoints + 40; tick++) {
      history.tick(tick * historyIntervalMs);
      if (tick !== 200) history.record('k', sample(tick));
    }
    const { timesMs, lagSeconds, bytesPerSecond, recordsPerSecond } = history.read('k');
    expect(timesMs).toHaveLength(historyPoints);
    expect(timesMs[0]).toBe(40 * historyIntervalMs);
    expect(lagSeconds[200 - 40]).toBe(null);
    expect(lagSeconds.at(-1)).toBe(historyPoints + 39);
    expect([bytesPerSecond[0], recordsPerSecond[0]]).toEqual([0.1, null]);
  });

  it('draws a pause of the machine as a gap', () => {
    const history = new MetricsHistory();
    history.tick(0);
    history.record('k', sample(1));
    history.tick(600_000);
    history.record('k', sample(1));
    expect(history.read('k').lagSeconds).toEqual([1, null, 1]);
  });

  it('keeps a sum that leaves partitions out apart: it is no dip of the whole one', () => {
    const history = new MetricsHistory();
    for (const [tick, leftOut] of [0, 2, 0].entries()) {
      history.tick(tick * historyIntervalMs);
      history.record('k', { ...sample(1), lagMessages: leftOut > 0 ? 3 : 5, leftOut });
    }
    expect(history.read('k')).toMatchObject({
      lagMessages: [5, null, 5],
      lagMessagesAtLeast: [null, 3, null],
    });
  });

  it('is bounded: a series that is gone for an hour is dropped, 1,000 mirrors stay below 20 MB', () => {
    const history = new MetricsHistory();
    for (let tick = 0; tick < historyPoints + 2; tick++) {
      history.tick(tick * historyIntervalMs);
      if (tick === 0) history.record('gone', sample(1));
      history.record('here', sample(1));
    }
    expect(history.seriesCount).toBe(1);
    const bytesPerSeries = historyPoints * (8 + 4 + 1 + 4 + 4);
    expect(1_000 * bytesPerSeries).toBeLessThan(20e6);
  });

  it('gives a trend of sixty worst values, of which finished ones do not change', () => {
    const history = new MetricsHistory();
    expect(history.trend('k')).toEqual([]);
    for (let tick = 0; tick < 12; tick++) {
      history.tick(tick * historyIntervalMs);
      history.record('k', sample(tick === 3 ? 50 : 1));
    }
    const first = history.trend('k');
    expect(first).toHaveLength(trendPoints);
    expect(first.slice(-3)).toEqual([null, 50, 1]);
    history.tick(12 * historyIntervalMs);
    expect(history.trend('k').slice(-3)).toEqual([50, 1, null]);
  });

  it('of a tick holds the mean rate of its interval, and nothing while the engine is silent', () => {
    const metrics = new Metrics();
    const numbers = (bytesTotal: bigint) => [{ bytesTotal, stable: 9n, end: 4n, lagSeconds: 2 }];
    const ingest = (at: number, bytes: bigint) =>
      metrics.ingest(snapshotOf(at, [{ id: 'l', mirrors: [{ topic: 't', numbers: numbers(bytes) }] }]));
    ingest(10_000, 0n);
    metrics.tick(10_000, true);
    ingest(12_000, 50_000n);
    ingest(20_000, 50_000n);
    metrics.tick(20_000, true);
    metrics.tick(30_000, false);
    expect(metrics.history.read(mirrorKey('l', 't')).bytesPerSecond).toEqual([null, 5_000, null]);
    expect(metrics.history.read(linkKey('l')).lagMessages).toEqual([5, 5, null]);
  });
});

describe('attention', () => {
  const rising = (from: number, step: number) =>
    Array.from({ length: attentionSamples }, (_, index) => from + index * step);

  it('goes to mirrors that cannot go on', () => {
    expect(needsAttention('FAILED', 0, [])).toBe(true);
    expect(needsAttention('SOURCE_UNAVAILABLE', null, [])).toBe(true);
    expect(needsAttention('LINK_FAILED', null, [])).toBe(true);
    expect(needsAttention('PAUSED', 9_000, [])).toBe(false);
  });

  it('goes to a high lag that grows, not to a steady, a falling, a small or a new one', () => {
    expect(needsAttention('ACTIVE', 120, rising(0, 6))).toBe(true);
    expect(needsAttention('ACTIVE', 120, rising(120, 0))).toBe(false);
    expect(needsAttention('ACTIVE', 120, rising(400, -10))).toBe(false);
    expect(needsAttention('ACTIVE', 25, rising(0, 1))).toBe(false);
    expect(needsAttention('ACTIVE', 120, [0, 60, 120])).toBe(false);
    expect(needsAttention('ACTIVE', null, rising(0, 6))).toBe(false);
  });

  it('of a paused mirror whose lag grows is not asked for: somebody wanted that', () => {
    expect(needsAttention('PAUSED', 120, rising(0, 6))).toBe(false);
    expect(needsAttention('LINK_PAUSED', 120, rising(0, 6))).toBe(false);
  });
});
