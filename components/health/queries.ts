// Reading Health through the console's API: alerts, one alert, and rules as they are now.
'use client';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '@/components/shell/api-client';
import {
  ALERTS_POLL_MS,
  HUB_JUDGED_STALE_AFTER_MS,
  JUDGED_STALE_AFTER_MS,
  RULES_POLL_MS,
} from '@/components/shell/intervals';
import { useMonitoring } from '@/components/shell/mode';
import { alertDetail, alertPage } from '@/lib/contracts/monitoring/alerts';
import { libraryView } from '@/lib/contracts/monitoring/rules';
import { healthApi } from './paths';

/** What is seen at once is little; who asks for more looks through many, and each page is read again with each poll. */
const PAGE_ROWS = 100;
const MORE_ROWS = 500;
/** As many open alerts as the navigation and the overview look at. */
export const OPEN_ROWS = 50;

/** What is open, gravest first: for the navigation and the overview. `next` says that there are more. */
export function useOpenAlerts() {
  const { mode } = useMonitoring();
  return useQuery({
    // In reduced mode nothing is judged here.
    enabled: mode !== 'reduced',
    queryKey: ['health', 'open'],
    queryFn: ({ signal }) => request(`${healthApi('alerts')}?limit=${OPEN_ROWS}`, alertPage, { signal }),
    refetchInterval: ALERTS_POLL_MS,
  });
}

/** Pages of alerts as they were asked for; all that are shown are read again with each poll. */
export function useAlerts(search: string) {
  const query = useInfiniteQuery({
    queryKey: ['health', 'alerts', search],
    queryFn: ({ signal, pageParam }) => {
      const params = new URLSearchParams(search);
      params.set('limit', String(pageParam === null ? PAGE_ROWS : MORE_ROWS));
      if (pageParam !== null) params.set('after', pageParam);
      return request(`${healthApi('alerts')}?${params}`, alertPage, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: ALERTS_POLL_MS,
  });
  const pages = query.data?.pages;
  return {
    data: pages && { alerts: pages.flatMap((page) => page.alerts), open: pages[0]?.open ?? {} },
    error: query.error,
    isFetching: query.isFetching,
    refetch: query.refetch,
    more: query.hasNextPage,
    loadMore: () => void query.fetchNextPage(),
    loadingMore: query.isFetchingNextPage,
    answeredAt: query.dataUpdatedAt,
  };
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: ['health', 'alert', id],
    queryFn: ({ signal }) => request(healthApi('alerts', id), alertDetail, { signal }),
    refetchInterval: ALERTS_POLL_MS,
  });
}

/**
 * Every rule, at everything that it judges now.
 *
 * @param console on a hub, at this one; without it, of all of them only what is raised or about to be
 */
export function useRules(console?: string) {
  const search = console === undefined ? '' : `?${new URLSearchParams({ console })}`;
  return useQuery({
    queryKey: ['health', 'rules', console ?? null],
    queryFn: ({ signal }) => request(`${healthApi('rules')}${search}`, libraryView, { signal }),
    refetchInterval: RULES_POLL_MS,
  });
}

/** How old what rules were judged by may be; to a hub it comes once a minute or so. */
export const useJudgedStaleMs = (): number =>
  useMonitoring().mode === 'hub' ? HUB_JUDGED_STALE_AFTER_MS : JUDGED_STALE_AFTER_MS;

/** After a change everything of Health is read again: a silence changes alerts, a threshold rules and alerts. */
export function useHealthChanged(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['health'] });
}
