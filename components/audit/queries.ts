// Reads the audit log: pages of what was found, which never change, and a poll for what is new or has ended since.
'use client';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { apiPath, request } from '@/components/shell/api-client';
import { SETTINGS_POLL_MS } from '@/components/shell/intervals';
import { type AuditEntry, auditEntryDetail, auditPage } from '@/lib/contracts/audit';

const PAGE_ROWS = 100;
/** Rows from the end of what is loaded at which the next page is asked for. */
const AHEAD_ROWS = 30;
/** After so many new rows the pages are read anew: the poll looks at a bounded number of rows. */
const NEW_ROWS_MAX = 1_500;

export function useAuditEntries(search: string) {
  const client = useQueryClient();
  const baseKey = useMemo(() => ['audit', search] as const, [search]);
  const base = useInfiniteQuery({
    queryKey: baseKey,
    queryFn: ({ signal, pageParam }) =>
      request(`/api/audit?${pageSearch(search, { limit: PAGE_ROWS, cursor: pageParam })}`, auditPage, {
        signal,
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const since = base.data?.pages[0]?.newest;
  const news = useQuery({
    queryKey: ['audit', search, 'after', since],
    queryFn: ({ signal }) =>
      request(`/api/audit?${pageSearch(search, { after: since ?? 0 })}`, auditPage, { signal }),
    enabled: since !== undefined,
    refetchInterval: SETTINGS_POLL_MS,
  });
  const behind = since === undefined || !news.data ? 0 : news.data.newest - since;
  useEffect(() => {
    if (behind > NEW_ROWS_MAX) void client.resetQueries({ queryKey: baseKey, exact: true });
  }, [behind, client, baseKey]);

  const rows = useMemo(
    () => merged(base.data?.pages.flatMap((page) => page.entries) ?? [], news.data?.entries ?? []),
    [base.data, news.data],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = base;
  const pages = base.data?.pages.length ?? 0;
  // Made anew after each page: a page may be empty and still have a next one, and the table then asks again.
  const onRange = useCallback(
    (_: number, last: number) => {
      const wanted = pages > 0 && last >= rows.length - AHEAD_ROWS;
      if (wanted && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [pages, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  const last = base.data?.pages.at(-1);
  return {
    data: base.data
      ? {
          rows,
          asOf: news.data?.asOf ?? base.data.pages[0]?.asOf ?? null,
          more: hasNextPage,
          searchedBackTo: last?.searchedBackTo ?? null,
        }
      : undefined,
    error: base.error ?? news.error,
    isFetching: base.isFetching,
    refetch: () => {
      void base.refetch();
      if (since !== undefined) void news.refetch();
    },
    onRange,
  };
}

export function useAuditEntry(id: string) {
  return useQuery({
    queryKey: ['audit-entry', id],
    queryFn: ({ signal }) => request(apiPath('audit', id), auditEntryDetail, { signal }),
    // Only an operation that goes on can still change.
    refetchInterval: ({ state }) => (state.data?.outcome === 'PENDING' ? SETTINGS_POLL_MS : false),
  });
}

export const exportHref = (search: string, format: 'csv' | 'jsonl'): string =>
  `/api/audit/export?${pageSearch(search, { format })}`;

function pageSearch(search: string, more: Record<string, string | number | null>): string {
  const params = new URLSearchParams(search);
  for (const [key, value] of Object.entries(more)) if (value !== null) params.set(key, String(value));
  return params.toString();
}

/** What is newer wins: an operation that went on has its outcome there. */
function merged(old: AuditEntry[], news: AuditEntry[]): AuditEntry[] {
  const rows = new Map(old.map((entry) => [entry.seq, entry]));
  for (const entry of news) {
    // An old one that ended is only shown where its page is.
    const isNewer = entry.seq > (old[0]?.seq ?? 0);
    if (isNewer || rows.has(entry.seq)) rows.set(entry.seq, entry);
  }
  return [...rows.values()].sort((a, b) => b.seq - a.seq);
}
