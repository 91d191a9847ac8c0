import { describe, expect, it } from 'vitest';
import { shareText, verifiedShare, verifiedTitle } from './verified';

describe('how much is verified', () => {
  it('is never said to be all before it is, however large the log', () => {
    expect(shareText('99999999999999999', '100000000000000000')).toBe('99 %');
    expect(shareText('100000000000000000', '100000000000000000')).toBe('all');
  });

  it('of an empty log is nothing, not all', () => {
    expect(shareText('0', '0')).toBe('nothing to compare');
  });

  it('is unknown until both ends are known', () => {
    const summary = { endsCheckedAt: null, sampledAt: null, sweeping: null, trouble: null };
    expect(verifiedShare({ ...summary, verified: null, of: '10' })).toBeNull();
  });

  it('of a partition tells range, end and samples', () => {
    const title = verifiedTitle({
      verified: { from: '1000', to: '20000', since: 0, at: 1_000 },
      endCheckedAt: null,
      samples: 3,
      sampledAt: null,
      sweep: null,
    });
    expect(title).toMatch(/^Offsets 1,000 up to 20,000 were compared .* nothing left out, since/);
    expect(title).toContain('Its end has not been compared yet. 3 places');
  });
});
