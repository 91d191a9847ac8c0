// Says how old a page's numbers are, and warns above them when they are stale or the engine is silent.
'use client';
import { Banner } from '@/components/ui/notice';
import { formatAge, formatClock, formatDateTime } from '@/lib/format';
import { Age } from './age';
import type { ApiFailure } from './api-client';
import { STALE_AFTER_MS } from './intervals';
import { useNow } from './use-now';

export type Engine = 'RUNNING' | 'STARTING' | 'SILENT';
export type Snapshot = {
  asOf: number | null;
  engine?: Engine;
  /** Where snapshots are farther apart than the engine's. */
  staleAfterMs?: number;
  /** Words in front of the age: "the last sweep of dc1 was". */
  taken?: string;
};

export function AsOf({ asOf }: { asOf: number | null }) {
  return (
    <span className="text-soft">
      {asOf === null ? (
        'no snapshot yet'
      ) : (
        <>
          as of <Age at={asOf} />
        </>
      )}
    </span>
  );
}

/** Are these numbers too old to be taken as present? */
export function useIsStale({ asOf, engine, staleAfterMs = STALE_AFTER_MS }: Snapshot): boolean {
  const now = useNow();
  return engine === 'SILENT' || (asOf !== null && now !== null && now - asOf > staleAfterMs);
}

export function FreshnessBanner({
  failure,
  taken = 'the last snapshot was taken',
  ...snapshot
}: Snapshot & { failure: ApiFailure | null }) {
  const { asOf, engine } = snapshot;
  const stale = useIsStale(snapshot);
  const now = useNow();
  const since = asOf === null || now === null ? '' : ` The numbers below are from ${moment(asOf, now)}.`;
  if (failure) {
    return (
      <Banner tone="bad" title={`No fresh data: ${failure.message}`} live>
        {since}
      </Banner>
    );
  }
  if (engine === 'SILENT') {
    return (
      <Banner tone="bad" title="The link engine is silent" live>
        It has not reported for some seconds and is being restarted. Links are unknown until it answers;
        mirrors that were copied stay as they are.{since}
      </Banner>
    );
  }
  if (engine === 'STARTING') {
    return (
      <Banner tone="warn" title="The link engine is starting" live>
        States and lag appear with its first snapshot, usually within a few seconds.
      </Banner>
    );
  }
  if (stale && asOf !== null && now !== null) {
    return (
      <Banner tone="warn" title={`Stale: ${taken} ${formatAge(now - asOf)}`} live>
        The server answers, but has no newer numbers.{since}
      </Banner>
    );
  }
  return null;
}

const DAY_MS = 86_400_000;
/** A tab may have been asleep for days. */
const moment = (at: number, now: number) => (now - at < DAY_MS ? formatClock(at) : formatDateTime(at));
