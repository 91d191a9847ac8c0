// Reading, starting and cancelling promotes and failovers through the console's API.
'use client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request, send } from '@/components/shell/api-client';
import { BROKER_REQUEST_LIMIT_MS, SNAPSHOT_POLL_MS } from '@/components/shell/intervals';
import {
  operationDetail,
  operationList,
  operationsStarted,
  type StartOperationRequest,
} from '@/lib/contracts/operation';
import { operationApi, operationsApi } from './paths';

// Under the key of links: a change of a link or mirror asks for these again too.
const key = (destination: string, link: string) => ['links', destination, link, 'operations'] as const;

export type OperationFilter = { topic?: string; group?: string; open?: '1'; limit: number };

export function useOperations(destination: string, link: string, filter: OperationFilter) {
  const query = new URLSearchParams(
    Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return useQuery({
    queryKey: [...key(destination, link), 'list', filter],
    queryFn: ({ signal }) =>
      request(`${operationsApi(destination, link)}?${query}`, operationList, { signal }),
    refetchInterval: SNAPSHOT_POLL_MS,
    placeholderData: keepPreviousData,
  });
}

/** What has ended does not change any more, and is not asked for again. */
export function useOperation(destination: string, link: string, id: string) {
  return useQuery({
    queryKey: [...key(destination, link), id],
    queryFn: ({ signal }) => request(operationApi(destination, link, id), operationDetail, { signal }),
    refetchInterval: ({ state }) => (state.data && state.data.outcome !== null ? false : SNAPSHOT_POLL_MS),
  });
}

const start = (destination: string, link: string, body: StartOperationRequest, validateOnly: boolean) =>
  request(
    `${operationsApi(destination, link)}${validateOnly ? '?validate_only=true' : ''}`,
    operationsStarted,
    {
      method: 'POST',
      body,
      limitMs: BROKER_REQUEST_LIMIT_MS,
    },
  );

/** The dry run: one plan per mirror, nothing changed. Not asked while there is nothing to ask. */
export function useStartPlan(destination: string, link: string, body: StartOperationRequest | null) {
  return useQuery({
    queryKey: [...key(destination, link), 'plan', body],
    queryFn: () => {
      if (body === null) throw new Error('There is nothing to plan.');
      return start(destination, link, body, true);
    },
    enabled: body !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}

export function useStartOperation(destination: string, link: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: StartOperationRequest) => start(destination, link, body, false),
    onSuccess: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
}

export function useCancelOperation(destination: string, link: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send(`${operationApi(destination, link, id)}/cancel`, { method: 'POST', body: {} }),
    // Also after a refusal: the fence may have been set meanwhile.
    onSettled: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
}
