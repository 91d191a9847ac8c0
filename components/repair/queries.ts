// What can be done after something went wrong, through the console's API: repairs of a mirror, and failing back.
'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { mirrorApi } from '@/components/links/paths';
import { request } from '@/components/shell/api-client';
import { BROKER_REQUEST_LIMIT_MS, SNAPSHOT_POLL_MS } from '@/components/shell/intervals';
import { failbackAnswer, failbackPlan } from '@/lib/contracts/failback';
import type { RemakeOptions } from '@/lib/contracts/remake';
import { type LostRange, repairAnswer, repairView } from '@/lib/contracts/repair';

export type Names = { destination: string; link: string; topic: string };

const key = ({ destination, link, topic }: Names) => ['links', destination, link, 'repair', topic] as const;
const api = ({ destination, link, topic }: Names) => mirrorApi(destination, link, topic);

export const failbackApi = (names: Names): string => `${api(names)}/failback`;
export const repairApi = (names: Names): string => `${api(names)}/repair`;

export function useRepairs(names: Names) {
  return useQuery({
    queryKey: key(names),
    queryFn: ({ signal }) => request(repairApi(names), repairView, { signal }),
    refetchInterval: SNAPSHOT_POLL_MS,
  });
}

/** As the console asks for it: a re-seed's options are left out where they are the usual ones. */
export type RepairBody =
  | { way: 'CHECK_AGAIN'; reason: string }
  | { way: 'DECLARE_LOST'; reason: string; lost: LostRange }
  | {
      way: 'RESEED';
      reason: string;
      confirm: string;
      topicId: string | null;
      options: Partial<RemakeOptions>;
    };

export function useRepair(names: Names) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RepairBody) =>
      request(repairApi(names), repairAnswer, { method: 'POST', body, limitMs: BROKER_REQUEST_LIMIT_MS }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
}

/** The dry run of a re-seed: which topic would be deleted. */
export function useReseedLook(names: Names, open: boolean) {
  return useQuery({
    queryKey: [...key(names), 'reseed'],
    queryFn: ({ signal }) =>
      request(`${repairApi(names)}?validate_only=true`, repairAnswer, {
        ...{ method: 'POST', body: { way: 'RESEED' }, limitMs: BROKER_REQUEST_LIMIT_MS, signal },
      }),
    enabled: open,
    gcTime: 0,
  });
}

/** Reads both sides, so it is asked once and not again by itself. */
export function useFailbackPlan(names: Names) {
  return useQuery({
    queryKey: [...key(names), 'failback'],
    queryFn: ({ signal }) =>
      request(failbackApi(names), failbackPlan, { limitMs: BROKER_REQUEST_LIMIT_MS, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}

export type FailbackBody = {
  reason: string;
  confirm: string;
  topicId: string | null;
  options: Partial<RemakeOptions>;
};

export function useFailback(names: Names) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: FailbackBody) =>
      request(failbackApi(names), failbackAnswer, { method: 'POST', body, limitMs: BROKER_REQUEST_LIMIT_MS }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
}
