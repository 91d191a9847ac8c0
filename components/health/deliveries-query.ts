// Reads what was sent of alerts, newest first, page by page.
'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { request } from '@/components/shell/api-client';
import { SETTINGS_POLL_MS } from '@/components/shell/intervals';
import { type DeliveryState, deliveryPage } from '@/lib/contracts/monitoring/deliveries';
import { healthApi } from './paths';

export type DeliveryFilter = { alert?: string; channel?: string; state?: DeliveryState };
const PAGE_ROWS = 100;

export function useDeliveries(filter: DeliveryFilter) {
  const query = useInfiniteQuery({
    queryKey: ['health', 'deliveries', filter],
    queryFn: ({ signal, pageParam }) => {
      const params = new URLSearchParams(filter);
      params.set('limit', String(PAGE_ROWS));
      if (pageParam !== null) params.set('after', pageParam);
      return request(`${healthApi('deliveries')}?${params}`, deliveryPage, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: SETTINGS_POLL_MS,
  });
  const pages = query.data?.pages;
  return {
    data: pages && { deliveries: pages.flatMap((page) => page.deliveries), counts: pages[0]?.counts ?? {} },
    error: query.error,
    isFetching: query.isFetching,
    refetch: query.refetch,
    more: query.hasNextPage,
    loadMore: () => void query.fetchNextPage(),
    loadingMore: query.isFetchingNextPage,
    answeredAt: query.dataUpdatedAt,
  };
}
