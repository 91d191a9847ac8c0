import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OperationPlan } from '@/lib/contracts/operation';
import { estimatedLoss, plansWorstFirst, sumOfLosses, warningsOf } from './loss';

const plan = (topic: string, over: Partial<OperationPlan> = {}): OperationPlan => ({
  topic,
  ok: true,
  code: null,
  message: '',
  partitions: 1,
  lagMessages: '0',
  blocked: '0',
  sourceSeenAt: 1000,
  configs: {},
  warnings: [],
  operationId: null,
  ...over,
});

describe('the loss that a failover would have', () => {
  it('is what lags and what open transactions hold back', () => {
    expect(estimatedLoss(plan('a', { lagMessages: '40', blocked: '2' }))).toBe(42n);
  });

  it('is unknown as soon as one of the two is', () => {
    expect(estimatedLoss(plan('a', { lagMessages: null }))).toBeNull();
    expect(estimatedLoss(plan('a', { blocked: null }))).toBeNull();
  });

  it('adds up without rounding, counts the unknown ones apart, and is as old as its oldest part', () => {
    const offset = fc.bigInt({ min: 0n, max: 2n ** 62n });
    fc.assert(
      fc.property(fc.array(fc.option(fc.tuple(offset, offset, fc.nat()))), (parts) => {
        const plans = parts.map((part, i) =>
          part === null
            ? plan(`t${i}`, { lagMessages: null, sourceSeenAt: null })
            : plan(`t${i}`, {
                lagMessages: String(part[0]),
                blocked: String(part[1]),
                sourceSeenAt: part[2],
              }),
        );
        const known = parts.filter((part) => part !== null);
        expect(sumOfLosses(plans)).toEqual({
          known: known.reduce((sum, [lag, blocked]) => sum + lag + blocked, 0n),
          unknown: parts.length - known.length,
          seenAt: known.length === 0 ? null : Math.min(...known.map(([, , at]) => at)),
        });
      }),
    );
  });
});

describe('plans', () => {
  it('are listed worst first: refused, unknown, then by what would be lost', () => {
    const plans = [
      plan('even'),
      plan('big', { lagMessages: '18014398509481986' }),
      plan('bigger', { lagMessages: '18014398509481987' }),
      plan('unknown', { blocked: null }),
      plan('refused', { ok: false }),
    ];
    expect(plansWorstFirst(plans).map(({ topic }) => topic)).toEqual([
      ...['refused', 'unknown', 'bigger', 'big', 'even'],
    ]);
  });

  it('that warn of the same thing say it once', () => {
    const plans = [
      plan('a', { warnings: ['Still written to.'] }),
      plan('b', { warnings: ['One is offline.', 'Still written to.'] }),
    ];
    expect(warningsOf(plans)).toEqual([
      { sentence: 'Still written to.', topics: ['a', 'b'] },
      { sentence: 'One is offline.', topics: ['b'] },
    ]);
  });
});
