// Gives a view of a cluster its designs: as QueryView does, and besides "not swept yet" and what the sweep is missing.
'use client';
import type { ReactNode } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { QueryView } from '@/components/shell/query-view';
import { Loading } from '@/components/ui/skeleton';
import type { Seen, SweepPart } from '@/lib/contracts/monitoring/seen';
import { SweepGaps } from './sweep-gaps';

/** A sweep that is late by more than this many intervals is old news. */
const STALE_INTERVALS = 2.5;

export function ObservedView<T extends Seen>({
  query,
  cluster,
  what,
  parts,
  skeleton,
  missing,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown; isFetching: boolean };
  cluster: string;
  what: string;
  /** What of a sweep the view shows: gaps in the rest are not its matter. */
  parts?: readonly SweepPart[];
  skeleton: ReactNode;
  missing?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const failure = failureFrom(query.error);
  if (query.data === undefined && failure?.code === 'NOT_OBSERVED_YET') {
    return (
      <Loading label={`Loading ${what}`}>
        <p role="status" className="pb-4 text-soft">
          {failure.message}
        </p>
        {skeleton}
      </Loading>
    );
  }
  return (
    <QueryView
      query={query}
      what={what}
      skeleton={skeleton}
      missing={missing}
      snapshotOf={({ atMs, intervalMs }) => ({
        asOf: atMs,
        staleAfterMs: STALE_INTERVALS * intervalMs,
        taken: `the last sweep of ${cluster} was`,
      })}
    >
      {(data) => (
        <>
          <SweepGaps gaps={data.gaps} parts={parts} />
          {children(data)}
        </>
      )}
    </QueryView>
  );
}
