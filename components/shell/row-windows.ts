// Rows of a long table in windows: the server filters, sorts and cuts; only windows on the screen are asked for and polled.
'use client';
import { keepPreviousData, type UseQueryResult, useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { z } from 'zod';
import { request } from './api-client';

const WINDOW_ROWS = 100;

/** What every page of rows says, besides what is its own. */
type RowPage<Row> = { rows: Row[]; matched: number };

export type RowWindows<Row, Page> = {
  /** The newest page that answers the present question; while none does, the one before. */
  data: Page | undefined;
  error: Error | null;
  isFetching: boolean;
  refetch: () => void;
  rowAt: (index: number) => Row | undefined;
  /** To be told which rows are on the screen. */
  onRange: (first: number, last: number) => void;
  /** The rows shown belong to an earlier question. */
  busy: boolean;
};

/**
 * @param queryKey all that the rows depend on: filter, order
 * @param pathOf   where a window of rows is asked for; keep the function stable
 */
export function useRowWindows<Row, Page extends RowPage<Row>>(input: {
  queryKey: readonly unknown[];
  pathOf: (offset: number, limit: number) => string;
  schema: z.ZodType<Page>;
  pollMs: number;
}): RowWindows<Row, Page> {
  const { queryKey, pathOf, schema, pollMs } = input;
  const [range, setRange] = useState({ first: 0, last: 0 });
  const windows = useMemo(() => {
    const from = Math.floor(range.first / WINDOW_ROWS);
    const to = Math.floor(range.last / WINDOW_ROWS);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }, [range]);
  const combine = useCallback(
    (results: UseQueryResult<Page>[]) => combined<Row, Page>(results, windows),
    [windows],
  );
  const found = useQueries({
    queries: windows.map((window) => ({
      queryKey: [...queryKey, window],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        request(pathOf(window * WINDOW_ROWS, WINDOW_ROWS), schema, { signal }),
      refetchInterval: pollMs,
      placeholderData: keepPreviousData,
    })),
    combine,
  }) as ReturnType<typeof combined<Row, Page>>;
  const onRange = useCallback(
    (first: number, last: number) =>
      setRange((before) => (before.first === first && before.last === last ? before : { first, last })),
    [],
  );
  const { parts } = found;
  const rowAt = useCallback(
    (index: number): Row | undefined => {
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

function combined<Row, Page extends RowPage<Row>>(results: UseQueryResult<Page>[], windows: number[]) {
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
