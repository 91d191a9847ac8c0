// Reading what a link would do about ACLs, and lifting the fence of a source topic.
'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '@/components/shell/api-client';
import { BROKER_REQUEST_LIMIT_MS } from '@/components/shell/intervals';
import { aclPreview, fenceLifted } from '@/lib/contracts/acl-sync';
import { linkApi } from './paths';

const aclsKey = (destination: string, name: string) => ['links', destination, name, 'acls'];

/** Asks both clusters: when the tab is opened, and when somebody wants it again. */
export const useAclPreview = (destination: string, name: string, enabled: boolean) =>
  useQuery({
    queryKey: aclsKey(destination, name),
    queryFn: ({ signal }) =>
      request(`${linkApi(destination, name)}/acls`, aclPreview, { signal, limitMs: BROKER_REQUEST_LIMIT_MS }),
    enabled,
    refetchOnWindowFocus: false,
  });

const fenceApi = (destination: string, name: string, topic: string) =>
  `${linkApi(destination, name)}/fences/${encodeURIComponent(topic)}`;

export const useFencePreview = (destination: string, name: string, topic: string) =>
  useQuery({
    queryKey: [...aclsKey(destination, name), 'fence', topic],
    queryFn: ({ signal }) =>
      request(`${fenceApi(destination, name, topic)}?validate_only=true`, fenceLifted, {
        method: 'DELETE',
        signal,
      }),
    gcTime: 0,
  });

export function useLiftFence(destination: string, name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (topic: string) =>
      request(fenceApi(destination, name, topic), fenceLifted, {
        method: 'DELETE',
        limitMs: BROKER_REQUEST_LIMIT_MS,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: aclsKey(destination, name) }),
  });
}
