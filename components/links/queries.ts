// Reading and changing links and mirrors through the console's API. The table of mirrors has its own file.
'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request, send } from '@/components/shell/api-client';
import { BROKER_REQUEST_LIMIT_MS, SNAPSHOT_POLL_MS } from '@/components/shell/intervals';
import { useIsHub } from '@/components/shell/mode';
import { type LinkSettingsPatch, linkPreview } from '@/lib/contracts/api';
import { linkCheck } from '@/lib/contracts/engine';
import {
  type CreateLinkRequest,
  type LinkSettings,
  linkDetail,
  linkList,
  type MirrorWish,
  mirrorDetail,
} from '@/lib/contracts/link';
import type { LinkTaskName } from '@/lib/contracts/link-task';
import { linkApi, mirrorApi } from './paths';

const linksKey = ['links'] as const;

export function useLinks() {
  const isHub = useIsHub();
  return useQuery({
    enabled: !isHub,
    queryKey: linksKey,
    queryFn: ({ signal }) => request('/api/links', linkList, { signal }),
    refetchInterval: SNAPSHOT_POLL_MS,
  });
}

export function useLink(destination: string, name: string) {
  return useQuery({
    queryKey: ['links', destination, name],
    queryFn: ({ signal }) => request(linkApi(destination, name), linkDetail, { signal }),
    refetchInterval: SNAPSHOT_POLL_MS,
  });
}

export function useMirror(destination: string, name: string, topic: string) {
  return useQuery({
    queryKey: ['links', destination, name, 'mirror', topic],
    queryFn: ({ signal }) => request(mirrorApi(destination, name, topic), mirrorDetail, { signal }),
    refetchInterval: SNAPSHOT_POLL_MS,
  });
}

export type LinkEnds = { name: string; source: string; destination: string };

/** Runs the staged connection checks of both ends; with `scratch` also the real sequence on a scratch topic. */
export function useCheckLink() {
  return useMutation({
    mutationFn: (ends: LinkEnds & { scratch: boolean }) =>
      request('/api/links/check', linkCheck, {
        method: 'POST',
        body: ends,
        limitMs: BROKER_REQUEST_LIMIT_MS,
      }),
  });
}

export type MirrorChoice = Pick<CreateLinkRequest, 'source' | 'destination' | 'topics' | 'mirrorOptions'> & {
  name?: string;
  settings?: Partial<LinkSettings>;
};

/** The dry run: one verdict per topic, nothing changed. */
export function useMirrorPreview(choice: MirrorChoice, enabled: boolean) {
  return useQuery({
    queryKey: ['links', 'preview', choice],
    queryFn: ({ signal }) =>
      request('/api/links/preview', linkPreview, {
        method: 'POST',
        body: choice,
        signal,
        limitMs: BROKER_REQUEST_LIMIT_MS,
      }),
    enabled,
    staleTime: 0,
    gcTime: 0,
  });
}

function useLinkChange<T>(change: (input: T) => Promise<void>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: linksKey });
    },
  });
}

export type NewLink = LinkEnds & {
  settings: Partial<LinkSettings>;
  topics: MirrorWish[];
  mirrorOptions: CreateLinkRequest['mirrorOptions'];
};

export const useCreateLink = () =>
  useLinkChange((link: NewLink) =>
    send('/api/links', { method: 'POST', body: link, limitMs: BROKER_REQUEST_LIMIT_MS }),
  );

export const usePauseLink = (destination: string, name: string) =>
  useLinkChange((paused: boolean) =>
    send(linkApi(destination, name), {
      method: 'PATCH',
      body: { 'cluster.link.paused': paused } satisfies LinkSettingsPatch,
    }),
  );

export const useRunTask = (destination: string, name: string) =>
  useLinkChange((task: LinkTaskName) =>
    send(`${linkApi(destination, name)}/tasks/${task}/run`, {
      method: 'POST',
      body: {},
      limitMs: BROKER_REQUEST_LIMIT_MS,
    }),
  );

/** Null takes a setting back to its default. */
export const useChangeSettings = (destination: string, name: string) =>
  useLinkChange((patch: LinkSettingsPatch) =>
    send(linkApi(destination, name), { method: 'PATCH', body: patch }),
  );

export const useAddMirrors = (destination: string, name: string) =>
  useLinkChange((body: Pick<NewLink, 'topics' | 'mirrorOptions'>) =>
    send(`${linkApi(destination, name)}/mirrors`, {
      method: 'POST',
      body,
      limitMs: BROKER_REQUEST_LIMIT_MS,
    }),
  );

/** Pauses or resumes one mirror. */
export const usePauseMirror = (destination: string, name: string, topic: string) =>
  useLinkChange((paused: boolean) =>
    send(`${mirrorApi(destination, name, topic)}/${paused ? 'pause' : 'resume'}`, {
      method: 'POST',
      body: {},
    }),
  );
