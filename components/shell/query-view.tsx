// Gives a view its designs: loading, failed, forbidden, missing, and live with the stale ones above it.
'use client';
import { createContext, type ReactNode, useContext } from 'react';
import { Button } from '@/components/ui/button';
import { Banner, Failed, Forbidden, Missing } from '@/components/ui/notice';
import { Loading } from '@/components/ui/skeleton';
import { type ApiFailure, failureFrom } from './api-client';
import { FreshnessBanner, type Snapshot, useIsStale } from './freshness';

type Query<T> = { data: T | undefined; error: unknown; refetch: () => unknown; isFetching: boolean };

export function QueryView<T>({
  query,
  what,
  skeleton,
  missing,
  snapshotOf,
  children,
}: {
  query: Query<T>;
  /** What is being loaded, as in "the links". */
  what: string;
  skeleton: ReactNode;
  /** Shown instead of the general text when the server answers 404. */
  missing?: ReactNode;
  /** Where the age stands in the data; without it nothing is called stale while the server answers. */
  snapshotOf?: (data: T) => Snapshot;
  children: (data: T) => ReactNode;
}) {
  const failure = failureFrom(query.error);
  if (failure?.status === 403) return <ForbiddenView what={what} failure={failure} />;
  if (failure?.status === 404)
    return missing ?? <Missing title={`There is no such thing: ${failure.message}`} />;
  if (query.data === undefined) {
    return failure ? (
      <FailedView
        what={what}
        failure={failure}
        onRetry={() => void query.refetch()}
        busy={query.isFetching}
      />
    ) : (
      <Loading label={`Loading ${what}`}>{skeleton}</Loading>
    );
  }
  if (!snapshotOf) return <KeptView failure={failure}>{children(query.data)}</KeptView>;
  return (
    <LiveView snapshot={snapshotOf(query.data)} failure={failure}>
      {children(query.data)}
    </LiveView>
  );
}

function LiveView({
  snapshot,
  failure,
  children,
}: {
  snapshot: Snapshot;
  failure: ApiFailure | null;
  children: ReactNode;
}) {
  const stale = useIsStale(snapshot) || failure !== null;
  return (
    <SaidAbove value={failure !== null}>
      <FreshnessBanner {...snapshot} failure={failure} />
      <div data-stale={stale || undefined} className="group/live contents">
        {children}
      </div>
    </SaidAbove>
  );
}

/** Whether a view around this one says already that the server does not answer. */
const SaidAbove = createContext(false);

/** What has no age of its own: it stays on the page while it cannot be read again, and that is said. */
function KeptView({ failure, children }: { failure: ApiFailure | null; children: ReactNode }) {
  const said = useContext(SaidAbove);
  return (
    <SaidAbove value={said || failure !== null}>
      {failure && !said ? <Banner tone="bad" title={`No fresh data: ${failure.message}`} live /> : null}
      <div data-stale={failure !== null || undefined} className="contents">
        {children}
      </div>
    </SaidAbove>
  );
}

function FailedView({
  what,
  failure,
  onRetry,
  busy,
}: {
  what: string;
  failure: ApiFailure;
  onRetry: () => void;
  busy: boolean;
}) {
  return (
    <Failed
      title={`Could not load ${what}`}
      actions={
        <Button onClick={onRetry} disabled={busy}>
          {busy ? 'Trying…' : 'Try again'}
        </Button>
      }
    >
      <p>{failure.message}</p>
      {failure.requestId ? <p className="pt-1 font-mono text-[13px]">Request {failure.requestId}</p> : null}
    </Failed>
  );
}

function ForbiddenView({ what, failure }: { what: string; failure: ApiFailure }) {
  return (
    <Forbidden title={`You may not see ${what}`}>
      <p>{failure.message}</p>
    </Forbidden>
  );
}
