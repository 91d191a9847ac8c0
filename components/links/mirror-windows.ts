// The mirrors table asks for its rows in windows; what it asks is here.
'use client';
import { useCallback } from 'react';
import type { z } from 'zod';
import { SNAPSHOT_POLL_MS } from '@/components/shell/intervals';
import { useRowWindows } from '@/components/shell/row-windows';
import { type MirrorRow, mirrorPage, type mirrorQuery } from '@/lib/contracts/link';
import { linkApi } from './paths';

export type MirrorFilter = Pick<
  z.infer<typeof mirrorQuery>,
  'filter' | 'attention' | 'state' | 'sort' | 'order'
>;

export function useMirrorWindows(destination: string, name: string, filter: MirrorFilter) {
  const pathOf = useCallback(
    (offset: number, limit: number) => windowPath(destination, name, filter, offset, limit),
    [destination, name, filter],
  );
  return useRowWindows<MirrorRow, z.infer<typeof mirrorPage>>({
    queryKey: ['links', destination, name, 'mirrors', filter],
    pathOf,
    schema: mirrorPage,
    pollMs: SNAPSHOT_POLL_MS,
  });
}

function windowPath(
  destination: string,
  name: string,
  filter: MirrorFilter,
  offset: number,
  limit: number,
): string {
  const query = new URLSearchParams({
    filter: filter.filter,
    attention: filter.attention,
    sort: filter.sort,
    order: filter.order,
    offset: String(offset),
    limit: String(limit),
  });
  if (filter.state) query.set('state', filter.state);
  return `${linkApi(destination, name)}/mirrors?${query}`;
}
