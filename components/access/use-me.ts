// Who is signed in, and why something is not allowed. Pages show what is not allowed, disabled; the server decides.
'use client';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { request } from '@/components/shell/api-client';
import { ME_POLL_MS } from '@/components/shell/intervals';
import { type Me, me, type Role } from '@/lib/contracts/access';
import type { Target } from '@/lib/grants';
import { whyNot } from './grant-text';

export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }): Promise<Me> => request('/api/me', me, { signal }),
    refetchInterval: ME_POLL_MS,
  });
}

/** `whyNot('operator', target)`: null when it is allowed, else the reason to show. Stable while the grants are. */
export function useWhyNot(): (role: Role, target: Target | 'somewhere') => string | null {
  const { data } = useMe();
  return useCallback((role, target) => whyNot(data, role, target), [data]);
}

export const everywhere: Target = { kind: 'everywhere' };
export const onCluster = (cluster: string): Target => ({ kind: 'cluster', cluster });
export const onLink = (link: {
  source: { name: string };
  destination: { name: string };
  name: string;
}): Target => ({
  kind: 'link',
  source: link.source.name,
  destination: link.destination.name,
  name: link.name,
});
