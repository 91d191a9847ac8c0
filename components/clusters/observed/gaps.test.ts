import { describe, expect, it } from 'vitest';
import type { SweepGap } from '@/lib/contracts/monitoring/seen';
import { gapsOf, gapTitle, whyMissing } from './gaps';

const gap = (over: Partial<SweepGap>): SweepGap => ({
  what: 'LOG_DIRS',
  broker: null,
  reason: 'refused',
  right: null,
  failure: true,
  ...over,
});

describe('what a sweep could not read', () => {
  it('puts failures before what this release of Kafka does not tell, and leaves out what the page does not show', () => {
    const quiet = gap({ what: 'QUORUM', failure: false });
    const loud = gap({ what: 'OFFSETS' });
    expect(gapsOf([quiet, gap({}), loud], ['QUORUM', 'OFFSETS'])).toEqual([loud, quiet]);
  });

  it('names the broker that did not tell', () => {
    expect(gapTitle(gap({ broker: 3 }))).toBe('Sizes on disk of broker 3');
    expect(gapTitle(gap({}))).toBe('Sizes on disk');
  });

  it('gives the reason for a missing number only where the gap is about it', () => {
    const gaps = [gap({ broker: 3, reason: 'no answer in 5 s' })];
    expect(whyMissing(gaps, ['LOG_DIRS'], 'Not read yet.', 3)).toBe(
      'Sizes on disk of broker 3: no answer in 5 s',
    );
    expect(whyMissing(gaps, ['LOG_DIRS'], 'Not read yet.', 2)).toBe('Not read yet.');
    expect(whyMissing(gaps, ['OFFSETS'], 'Not read yet.')).toBe('Not read yet.');
  });
});
