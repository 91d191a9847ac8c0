// Reading and changing clusters through the console's API.
'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiPath, request, send } from '@/components/shell/api-client';
import { BROKER_REQUEST_LIMIT_MS, SNAPSHOT_POLL_MS, TOPICS_FRESH_MS } from '@/components/shell/intervals';
import { useIsHub } from '@/components/shell/mode';
import type { ClusterCredentials, TestClusterRequest, UpdateClusterRequest } from '@/lib/contracts/api';
import { type ClusterConfig, clusterList, clusterProbe, topicList } from '@/lib/contracts/cluster';

const clustersKey = ['clusters'] as const;

export function useClusters() {
  const isHub = useIsHub();
  return useQuery({
    enabled: !isHub,
    queryKey: clustersKey,
    queryFn: ({ signal }) => request('/api/clusters', clusterList, { signal }),
    refetchInterval: SNAPSHOT_POLL_MS,
  });
}

/** All topics of a cluster, read from its brokers; null asks for none. */
export function useClusterTopics(name: string | null) {
  return useQuery({
    queryKey: ['clusters', name, 'topics'],
    queryFn: ({ signal }) =>
      request(apiPath('clusters', name ?? '', 'topics'), topicList, {
        signal,
        limitMs: BROKER_REQUEST_LIMIT_MS,
      }),
    enabled: name !== null && name !== '',
    staleTime: TOPICS_FRESH_MS,
  });
}

export function useTestCluster() {
  return useMutation({
    mutationFn: (config: TestClusterRequest) =>
      request('/api/clusters/test', clusterProbe, {
        method: 'POST',
        body: config,
        limitMs: BROKER_REQUEST_LIMIT_MS,
      }),
  });
}

export function useCreateCluster() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (config: ClusterConfig) => send('/api/clusters', { method: 'POST', body: config }),
    onSuccess: () => client.invalidateQueries({ queryKey: clustersKey }),
  });
}

/** Without a password in the request the stored one is kept. */
export function useUpdateCluster(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: UpdateClusterRequest) =>
      send(apiPath('clusters', name), { method: 'PUT', body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: clustersKey }),
  });
}

/** Tried at every bootstrap server first; then links go on with them. */
export function useChangeCredentials(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: ClusterCredentials) =>
      send(apiPath('clusters', name), {
        method: 'PATCH',
        body: credentials,
        limitMs: BROKER_REQUEST_LIMIT_MS,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: clustersKey }),
  });
}

export function useProbeCluster(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      send(apiPath('clusters', name, 'probe'), {
        method: 'POST',
        body: {},
        limitMs: BROKER_REQUEST_LIMIT_MS,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: clustersKey }),
  });
}

export function useRemoveCluster(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send(apiPath('clusters', name), { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: clustersKey }),
  });
}
