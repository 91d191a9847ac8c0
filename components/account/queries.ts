// Reading and changing the own account.
'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiPath, request, send } from '@/components/shell/api-client';
import { SETTINGS_POLL_MS } from '@/components/shell/intervals';
import { ownAccount, ownSessions } from '@/lib/contracts/sign-in';

const sessionsKey = ['me', 'sessions'] as const;

export function useAccount() {
  return useQuery({
    queryKey: ['me', 'account'],
    queryFn: ({ signal }) => request('/api/me/account', ownAccount, { signal }),
  });
}

export function useOwnSessions() {
  return useQuery({
    queryKey: sessionsKey,
    queryFn: ({ signal }) => request('/api/me/sessions', ownSessions, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });
}

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => send(apiPath('me', 'sessions', id), { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsKey }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { current: string; next: string }) =>
      send('/api/me/password', { method: 'PUT', body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsKey }),
  });
}
