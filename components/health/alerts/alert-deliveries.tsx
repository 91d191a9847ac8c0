// Who was told of an alert, and what they said. Those who may not see channels are told that, and nothing else.
'use client';
import { DeliveryItems } from '@/components/health/deliveries/delivery-items';
import { useDeliveries } from '@/components/health/deliveries-query';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Loading, TableSkeleton } from '@/components/ui/skeleton';

export function AlertDeliveries({ alert }: { alert: string }) {
  const query = useDeliveries({ alert });
  const failure = failureFrom(query.error);
  return (
    <Panel title="Sent to" id="deliveries">
      {failure?.status === 403 ? (
        <p className="px-4 py-3 text-soft">
          To whom it was sent is seen by those who see everything. {failure.message}
        </p>
      ) : query.data ? (
        query.data.deliveries.length === 0 ? (
          <p className="px-4 py-3 text-soft">
            Nobody was told: no route sends it, or it was silenced or listed under another alert all the time.
          </p>
        ) : (
          <>
            <DeliveryItems deliveries={query.data.deliveries} withAlert={false} />
            {query.more ? (
              <p className="border-t px-4 py-2">
                <Button size="small" disabled={query.loadingMore} onClick={query.loadMore}>
                  Show more
                </Button>
              </p>
            ) : null}
          </>
        )
      ) : failure ? (
        <p className="px-4 py-3 break-words text-bad">{failure.message}</p>
      ) : (
        <Loading label="Loading messages">
          <TableSkeleton rows={2} widths={['w-2.5', 'flex-1', 'w-12']} />
        </Loading>
      )}
    </Panel>
  );
}
