// Health → Deliveries: every message of an alert, how far it has come, what the receiver said; given-up ones can be sent again.
'use client';
import { useMemo } from 'react';
import { useChannels } from '@/components/health/changes';
import { type DeliveryFilter, useDeliveries } from '@/components/health/deliveries-query';
import { HealthTabs } from '@/components/health/health-tabs';
import { deliveryWord } from '@/components/health/words';
import { JUDGED_STALE_AFTER_MS } from '@/components/shell/intervals';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/field';
import { TableSkeleton } from '@/components/ui/skeleton';
import { type DeliveryState, deliveryState } from '@/lib/contracts/monitoring/deliveries';
import { groupDigits } from '@/lib/format';
import { DeliveryItems } from './delivery-items';
import { DeliveryShape } from './delivery-state';

export function DeliveriesPage() {
  const { params } = useUrlState();
  const filter = useMemo((): DeliveryFilter => {
    const state = deliveryState.safeParse(params.get('state'));
    const [channel, alert] = [params.get('channel'), params.get('alert')];
    return {
      ...(state.success ? { state: state.data } : {}),
      ...(channel ? { channel } : {}),
      ...(alert ? { alert } : {}),
    };
  }, [params]);
  const query = useDeliveries(filter);
  return (
    <Page>
      <PageHeader title="Deliveries" status={query.data ? <Counts counts={query.data.counts} /> : null} />
      <HealthTabs here="deliveries" />
      <QueryView
        query={query}
        what="the deliveries"
        snapshotOf={() => ({ asOf: query.answeredAt, staleAfterMs: JUDGED_STALE_AFTER_MS })}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={10} widths={['w-2.5', 'w-24', 'flex-1', 'w-20']} />
          </div>
        }
      >
        {({ deliveries }) => (
          <section aria-label="Messages" className="min-w-0 overflow-clip rounded-lg border bg-panel">
            <Toolbar filter={filter} />
            {deliveries.length === 0 ? (
              <p className="px-4 py-6 text-soft">
                {Object.keys(filter).length > 0
                  ? 'No message matches this filter.'
                  : 'Nothing has been sent yet. Messages appear when a route sends an alert to a channel.'}
              </p>
            ) : (
              <DeliveryItems deliveries={deliveries} withAlert />
            )}
            {query.more ? (
              <p className="border-t px-4 py-2">
                <Button disabled={query.loadingMore} onClick={query.loadMore}>
                  {query.loadingMore ? 'Loading…' : 'Show more'}
                </Button>
              </p>
            ) : null}
          </section>
        )}
      </QueryView>
    </Page>
  );
}

function Counts({ counts }: { counts: Partial<Record<DeliveryState, number>> }) {
  return (
    <ul aria-label="Messages by state" className="flex flex-wrap gap-x-4">
      {deliveryState.options
        .filter((state) => (counts[state] ?? 0) > 0)
        .map((state) => (
          <li key={state} className="inline-flex items-center gap-1.5">
            <DeliveryShape state={state} />
            {groupDigits(counts[state] ?? 0)} {deliveryWord[state].toLowerCase()}
          </li>
        ))}
    </ul>
  );
}

function Toolbar({ filter }: { filter: DeliveryFilter }) {
  const { patch } = useUrlState();
  const channels = useChannels().data?.channels ?? [];
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <Select
        aria-label="State"
        className="w-auto"
        value={filter.state ?? ''}
        onChange={(event) => patch({ state: event.target.value })}
      >
        <option value="">Any state</option>
        {deliveryState.options.map((state) => (
          <option key={state} value={state}>
            {deliveryWord[state]}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Channel"
        className="w-auto max-w-56"
        value={filter.channel ?? ''}
        onChange={(event) => patch({ channel: event.target.value })}
      >
        <option value="">Any channel</option>
        {channels.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        {filter.channel && !channels.some(({ id }) => id === filter.channel) ? (
          <option value={filter.channel}>A channel that is gone</option>
        ) : null}
      </Select>
      {filter.alert ? (
        <Button kind="bare" onClick={() => patch({ alert: null })}>
          Of one alert: show all
        </Button>
      ) : null}
    </div>
  );
}
