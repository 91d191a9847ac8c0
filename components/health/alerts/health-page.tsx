// Health: is anything wrong now, gravest first; and what was.
'use client';
import { useMemo } from 'react';
import { useChosenConsole } from '@/components/health/console-choice';
import { HealthTabs } from '@/components/health/health-tabs';
import { useAlerts, useJudgedStaleMs, useRules } from '@/components/health/queries';
import { failureFrom } from '@/components/shell/api-client';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { Bar } from '@/components/ui/skeleton';
import type { LibraryView } from '@/lib/contracts/monitoring/rules';
import { groupDigits, plural } from '@/lib/format';
import { AlertList } from './alert-list';
import { AlertToolbar } from './alert-toolbar';
import { type AlertFilter, filterIn, isFiltered, searchOf, totalOf } from './filter';
import { JudgedAt, NothingOpen } from './nothing-open';
import { OpenCounts } from './open-counts';

export function HealthPage() {
  const { params } = useUrlState();
  const filter = useMemo(() => filterIn(params), [params]);
  const alerts = useAlerts(searchOf(filter).toString());
  const rules = useRules(useChosenConsole());
  const staleAfterMs = useJudgedStaleMs();
  const judgedAt = rules.data?.at ?? null;
  // Alerts may be read while the rules that raise them cannot.
  const error = alerts.error ?? rules.error;
  return (
    <Page>
      <PageHeader
        title="Health"
        status={alerts.data ? <OpenCounts open={alerts.data.open} /> : null}
        actions={rules.data ? <JudgedAt at={judgedAt} /> : null}
      />
      <HealthTabs here={filter.status === 'OPEN' ? 'open' : 'history'} />
      <QueryView
        query={{ ...alerts, error }}
        what="the alerts"
        snapshotOf={() => ({
          asOf: judgedAt,
          staleAfterMs,
          taken: 'rules were last judged',
        })}
        skeleton={<AlertsSkeleton />}
      >
        {(data) => (
          <section
            aria-label={filter.status === 'OPEN' ? 'Open alerts' : 'Cleared alerts'}
            className="min-w-0 overflow-clip rounded-lg border bg-panel"
          >
            <AlertToolbar
              filter={filter}
              rules={rules.data?.rules ?? []}
              count={countText(data.alerts.length, alerts.more, totalOf(filter, data.open))}
            />
            {data.alerts.length === 0 ? (
              <NothingFound filter={filter} library={rules.data} failed={failureFrom(rules.error) !== null} />
            ) : (
              <AlertList
                alerts={data.alerts}
                label={
                  filter.status === 'OPEN' ? 'Open alerts, gravest first' : 'Cleared alerts, latest first'
                }
              />
            )}
            {alerts.more ? (
              <p className="border-t px-4 py-2">
                <Button disabled={alerts.loadingMore} onClick={alerts.loadMore}>
                  {alerts.loadingMore ? 'Loading…' : 'Show more'}
                </Button>
              </p>
            ) : null}
          </section>
        )}
      </QueryView>
    </Page>
  );
}

/** Pages are read one after the other: a total that is no more than what is shown is older than that. */
function countText(shown: number, more: boolean, total: number | null): string {
  if (!more) return plural(shown, 'alert');
  if (total === null || total <= shown) return `${plural(shown, 'alert')} and more`;
  return `${groupDigits(shown)} of ${plural(total, 'alert')}`;
}

function NothingFound({
  filter,
  library,
  failed,
}: {
  filter: AlertFilter;
  library: LibraryView | undefined;
  failed: boolean;
}) {
  if (isFiltered(filter)) return <p className="px-4 py-6 text-soft">No alert matches this filter.</p>;
  if (filter.status === 'CLEARED')
    return <p className="px-4 py-6 text-soft">No alert has been cleared yet, of those that you may see.</p>;
  return <NothingOpen library={library} failed={failed} />;
}

function AlertsSkeleton() {
  return (
    <div className="overflow-clip rounded-lg border bg-panel" aria-hidden>
      <div className="flex h-12 items-center gap-3 border-b px-4">
        <Bar className="w-48" />
        <Bar className="w-24" />
        <Bar className="w-24" />
      </div>
      {['a', 'b', 'c', 'd', 'e'].map((row) => (
        <div key={row} className="flex gap-6 border-b px-4 py-3 last:border-b-0">
          <Bar className="w-20 shrink-0" />
          <div className="flex flex-1 flex-col gap-2.5">
            <Bar className="w-64 max-w-full" />
            <Bar className="w-full max-w-lg" />
          </div>
          <Bar className="w-20 max-md:hidden" />
        </div>
      ))}
    </div>
  );
}
