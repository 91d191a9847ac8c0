// The mirrors table in windows of rows: the server filters, sorts and cuts; only windows on the screen are asked for and polled.
'use client';
import { keepPreviousData, type UseQueryResult, useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { z } from 'zod';
import { request } from '@/components/shell/api-client';
import { SNAPSHOT_POLL_MS } from '@/components/shell/intervals';
import { type MirrorRow, mirrorPage, type mirrorQuery } from '@/lib/contracts/link';
import { linkApi } from './paths';

const WINDOW_ROWS = 100;

export type MirrorFilter = Pick<
  z.infer<typeof mirrorQuery>,
  'filter' | 'attention' | 'state' | 'sort' | 'order'
>;

export function useMirrorWindows(destination: string, name: string, filter: MirrorFilter) {
  const [range, setRange] = useState({ first: 0, last: 0 });
  const windows = useMemo(() => {
    const from = Math.floor(range.first / WINDOW_ROWS);
    const to = Math.floor(range.last / WINDOW_ROWS);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }, [range]);
  const combine = useCallback(
    (results: UseQueryResult<MirrorPage>[]) => combined(results, windows),
    [windows],
  );
  const found = useQueries({
    queries: windows.map((window) => ({
      queryKey: ['links', destination, name, 'mirrors', filter, window],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        request(windowPath(destination, name, filter, window), mirrorPage, { signal }),
      refetchInterval: SNAPSHOT_POLL_MS,
      placeholderData: keepPreviousData,
    })),
    combine,
  });
  const onRange = useCallback(
    (first: number, last: number) =>
      setRange((before) => (before.first === first && before.last === last ? before : { first, last })),
    [],
  );
  const { parts } = found;
  const rowAt = useCallback(
    (index: number): MirrorRow | undefined => {
      const part = parts.find(({ start }) => index >= start && index < start + WINDOW_ROWS);
      return part?.rows[index - part.start];
    },
    [parts],
  );
  // While the rows of a new window are on their way the table stays, with its last known length: else it would lose its place.
  const [known, setKnown] = useState(found.data);
  if (found.data && found.data !== known) setKnown(found.data);
  return { ...found, data: found.data ?? known, rowAt, onRange };
}

type MirrorPage = z.infer<typeof mirrorPage>;

function combined(results: UseQueryResult<MirrorPage>[], windows: number[]) {
  const current = results.find((result) => result.data && !result.isPlaceholderData) ?? results[0];
  return {
    data: current?.data,
    parts: results.map((result, i) => ({ start: windows[i]! * WINDOW_ROWS, rows: result.data?.rows ?? [] })),
    busy: results.some((result) => result.isPlaceholderData),
    error: results.find((result) => result.error)?.error ?? null,
    isFetching: results.some((result) => result.isFetching),
    refetch: () => {
      for (const result of results) void result.refetch();
    },
  };
}

function windowPath(destination: string, name: string, filter: MirrorFilter, window: number): string {
  const query = new URLSearchParams({
    filter: filter.filter,
    attention: filter.attention,
    sort: filter.sort,
    order: filter.order,
    offset: String(window * WINDOW_ROWS),
    limit: String(WINDOW_ROWS),
  });
  if (filter.state) query.set('state', filter.state);
  return `${linkApi(destination, name)}/mirrors?${query}`;
}
