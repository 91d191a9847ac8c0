import { describe, expect, it } from 'vitest';
import type { PartitionColumns } from '@/lib/contracts/engine';
import { snapshotOf } from '@/server/testing/snapshots';
import { partitionVerification, verificationSummary } from './verification';

/** Two partitions of 1,000 offsets. */
function columnsWith(change: (columns: PartitionColumns) => void) {
  const numbers = [{ end: 1_000n }, { end: 1_000n }];
  const { columns, links } = snapshotOf(0, [{ id: 'l', mirrors: [{ topic: 't', numbers }] }]);
  change(columns);
  return { columns, mirrors: links[0]?.mirrors ?? [] };
}

describe('sums of verification', () => {
  it('count what both sides hold, and never more than that', () => {
    const { columns, mirrors } = columnsWith((c) => {
      c.verifiedFrom.set([0n, 0n]);
      // The mirror's end was read a moment earlier than the claim was made.
      c.verifiedTo.set([400n, 1_007n]);
      c.endCheckedAt.set([50, 40]);
    });
    expect(verificationSummary(columns, mirrors)).toMatchObject({
      verified: '1400',
      of: '2000',
      endsCheckedAt: 40,
      sweeping: null,
    });
  });

  it('do not say that all ends were looked at before they were', () => {
    const { columns, mirrors } = columnsWith((c) => c.endCheckedAt.set([50], 0));
    expect(verificationSummary(columns, mirrors).endsCheckedAt).toBeNull();
  });

  it('are unknown while an end is', () => {
    const { columns, mirrors } = columnsWith((c) => c.mirrorEnd.set([-1n], 1));
    expect(verificationSummary(columns, mirrors)).toMatchObject({ verified: null, of: null });
  });

  it('add up sweeps', () => {
    const { columns, mirrors } = columnsWith((c) => {
      c.sweepDone.set([10n, 0n]);
      c.sweepTotal.set([1_000n, 500n]);
    });
    expect(verificationSummary(columns, mirrors).sweeping).toEqual({ done: '10', total: '1500' });
    expect(partitionVerification(columns, 0).sweep).toEqual({ done: '10', total: '1000' });
  });
});
