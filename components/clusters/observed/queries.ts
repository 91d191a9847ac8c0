// Reading what was seen in a cluster at its last sweep. Long tables have their own files.
'use client';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { request } from '@/components/shell/api-client';
import { BROKER_REQUEST_LIMIT_MS, OBSERVED_POLL_MS } from '@/components/shell/intervals';
import { brokerDetail, brokersPage, quorumView } from '@/lib/contracts/monitoring/brokers';
import { clusterSummary } from '@/lib/contracts/monitoring/cluster-summary';
import { groupDetail } from '@/lib/contracts/monitoring/groups';
import { topicConfigsView, topicDetail } from '@/lib/contracts/monitoring/topics';
import { observedApi } from './paths';

function useObserved<T>(schema: z.ZodType<T>, cluster: string, ...parts: string[]) {
  return useQuery({
    queryKey: ['clusters', cluster, 'observed', ...parts],
    queryFn: ({ signal }) => request(observedApi(cluster, ...parts), schema, { signal }),
    refetchInterval: OBSERVED_POLL_MS,
  });
}

export const useClusterSummary = (cluster: string) => useObserved(clusterSummary, cluster, 'summary');
export const useTopic = (cluster: string, topic: string) =>
  useObserved(topicDetail, cluster, 'topics', topic);
/** All configs, which a broker is asked for: when the page opens, and when somebody wants to have them read again. */
export const useTopicConfigs = (cluster: string, topic: string) =>
  useQuery({
    queryKey: ['clusters', cluster, 'observed', 'topics', topic, 'configs'],
    queryFn: ({ signal }) =>
      request(observedApi(cluster, 'topics', topic, 'configs'), topicConfigsView, {
        signal,
        limitMs: BROKER_REQUEST_LIMIT_MS,
      }),
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
export const useGroup = (cluster: string, group: string) =>
  useObserved(groupDetail, cluster, 'groups', group);
export const useBrokers = (cluster: string) => useObserved(brokersPage, cluster, 'brokers');
export const useBroker = (cluster: string, id: number) =>
  useObserved(brokerDetail, cluster, 'brokers', String(id));
export const useQuorum = (cluster: string) => useObserved(quorumView, cluster, 'quorum');
