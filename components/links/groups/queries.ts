// Reading consumer groups of a link, and trying filters on the groups of its source.
'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '@/components/shell/api-client';
import { SNAPSHOT_POLL_MS } from '@/components/shell/intervals';
import { type GroupQuery, groupDetail, groupPage, groupPreview } from '@/lib/contracts/consumer-group';
import { linkApi } from '../paths';

export const GROUPS_A_PAGE = 100;
export type GroupFilter = Pick<GroupQuery, 'filter' | 'attention' | 'status'> & { page: number };

export function useGroups(destination: string, name: string, filter: GroupFilter) {
  const query = new URLSearchParams({
    filter: filter.filter,
    attention: filter.attention,
    offset: String(filter.page * GROUPS_A_PAGE),
    limit: String(GROUPS_A_PAGE),
  });
  if (filter.status) query.set('status', filter.status);
  return useQuery({
    queryKey: ['links', destination, name, 'groups', filter],
    queryFn: ({ signal }) => request(`${linkApi(destination, name)}/groups?${query}`, groupPage, { signal }),
    refetchInterval: SNAPSHOT_POLL_MS,
    placeholderData: keepPreviousData,
  });
}

export function useGroup(destination: string, name: string, group: string) {
  return useQuery({
    queryKey: ['links', destination, name, 'group', group],
    queryFn: ({ signal }) =>
      request(`${linkApi(destination, name)}/groups/${encodeURIComponent(group)}`, groupDetail, { signal }),
    refetchInterval: SNAPSHOT_POLL_MS,
  });
}

/** What filters let through on the source now. */
export function useGroupPreview(destination: string, name: string, filters: string, enabled: boolean) {
  return useQuery({
    queryKey: ['links', destination, name, 'group-preview', filters],
    queryFn: ({ signal }) =>
      request(`${linkApi(destination, name)}/group-preview`, groupPreview, {
        method: 'POST',
        body: { filters },
        signal,
      }),
    enabled,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}
