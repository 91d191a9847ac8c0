// Reading a hub, and its keys of consoles, through the console's API.
'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiPath, request, send } from '@/components/shell/api-client';
import { HUB_POLL_MS, SETTINGS_POLL_MS } from '@/components/shell/intervals';
import {
  hubClusters,
  hubConsoleDetail,
  hubConsoles,
  hubSenderCreated,
  hubSenderList,
} from '@/lib/contracts/hub';
import { alertPage } from '@/lib/contracts/monitoring/alerts';
import { reportPreview } from '@/lib/contracts/monitoring/health-report';

/** A hub always tells how it is now; old is only what it cannot be asked again. */
export const hubSnapshot = ({ now }: { now: number }) => ({ asOf: now, staleAfterMs: 3 * HUB_POLL_MS });

export const useHubConsoles = (enabled = true) =>
  useQuery({
    queryKey: ['hub', 'consoles'],
    queryFn: ({ signal }) => request('/api/hub/consoles', hubConsoles, { signal }),
    refetchInterval: HUB_POLL_MS,
    enabled,
  });

export const useHubClusters = () =>
  useQuery({
    queryKey: ['hub', 'clusters'],
    queryFn: ({ signal }) => request('/api/hub/clusters', hubClusters, { signal }),
    refetchInterval: HUB_POLL_MS,
  });

export const useHubConsole = (name: string) =>
  useQuery({
    queryKey: ['hub', 'consoles', name],
    queryFn: ({ signal }) => request(apiPath('hub', 'consoles', name), hubConsoleDetail, { signal }),
    refetchInterval: HUB_POLL_MS,
  });

export const useHubAlerts = (name: string) =>
  useQuery({
    queryKey: ['hub', 'consoles', name, 'alerts'],
    queryFn: ({ signal }) => request(apiPath('hub', 'consoles', name, 'alerts'), alertPage, { signal }),
    refetchInterval: HUB_POLL_MS,
  });

const sendersKey = ['hub', 'senders'] as const;
export const useHubSenders = () =>
  useQuery({
    queryKey: sendersKey,
    queryFn: ({ signal }) => request('/api/hub/senders', hubSenderList, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });

export function useCreateHubSender() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (console: string) =>
      request('/api/hub/senders', hubSenderCreated, { method: 'POST', body: { console } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['hub'] }),
  });
}

export function useRevokeHubSender(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send(apiPath('hub', 'senders', id), { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['hub'] }),
  });
}

export function useRemoveConsole(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (_: undefined) => send(apiPath('hub', 'consoles', name), { method: 'DELETE' }),
    // Not of its own page, which is left: it would be answered that there is no such console.
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['hub', 'consoles'], exact: true }),
        client.invalidateQueries({ queryKey: ['hub', 'clusters'] }),
        client.invalidateQueries({ queryKey: ['hub', 'senders'] }),
        client.invalidateQueries({ queryKey: ['health'] }),
      ]),
  });
}

/** What leaves the house next. */
export const useReportPreview = () =>
  useQuery({
    queryKey: ['health-report'],
    queryFn: ({ signal }) => request('/api/health-report/preview', reportPreview, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });
