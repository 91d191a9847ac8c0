// Removing links and mirrors, and pausing many: the dry runs, asked only while a dialog is open, and the changes themselves.
'use client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '@/components/shell/api-client';
import { BROKER_REQUEST_LIMIT_MS } from '@/components/shell/intervals';
import { mirrorsPaused } from '@/lib/contracts/api';
import { linkDeleted, mirrorDeleted, mirrorsRemoved, type TopicsChoice } from '@/lib/contracts/removal';
import { linkApi, mirrorApi } from './paths';

type Link = { destination: string; name: string };
/** By name, or all whose whole name matches. */
export type ManyMirrors = { topics: readonly string[] } | { pattern: string };
type Removal = { topics: TopicsChoice; confirm: string };

const limitMs = BROKER_REQUEST_LIMIT_MS;

function useChange<I, O>(change: (input: I) => Promise<O>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
}

export const useDeleteLinkPreview = ({ destination, name }: Link, topics: TopicsChoice, open: boolean) =>
  useQuery({
    queryKey: ['links', destination, name, 'delete-preview', topics],
    queryFn: ({ signal }) =>
      request(`${linkApi(destination, name)}?validate_only=true&topics=${topics}`, linkDeleted, {
        ...{ method: 'DELETE', signal, limitMs },
      }),
    enabled: open,
    gcTime: 0,
  });

export const useDeleteLink = ({ destination, name }: Link) =>
  useChange((removal: Removal) =>
    request(`${linkApi(destination, name)}?${new URLSearchParams(removal)}`, linkDeleted, {
      ...{ method: 'DELETE', limitMs },
    }),
  );

export const useRemoveMirrorPreview = (
  { destination, name }: Link,
  topic: string,
  topics: TopicsChoice,
  open: boolean,
) =>
  useQuery({
    queryKey: ['links', destination, name, 'mirror', topic, 'delete-preview', topics],
    queryFn: ({ signal }) =>
      request(`${mirrorApi(destination, name, topic)}?validate_only=true&topics=${topics}`, mirrorDeleted, {
        method: 'DELETE',
        signal,
        limitMs,
      }),
    enabled: open,
    gcTime: 0,
  });

export const useRemoveMirror = ({ destination, name }: Link, topic: string) =>
  useChange((removal: Removal) =>
    request(`${mirrorApi(destination, name, topic)}?${new URLSearchParams(removal)}`, mirrorDeleted, {
      ...{ method: 'DELETE', limitMs },
    }),
  );

export const useRemoveManyPreview = (
  { destination, name }: Link,
  topics: readonly string[],
  destinationTopics: TopicsChoice,
) =>
  useQuery({
    queryKey: ['links', destination, name, 'removals', topics, destinationTopics],
    queryFn: ({ signal }) =>
      request(`${linkApi(destination, name)}/mirror-removals?validate_only=true`, mirrorsRemoved, {
        method: 'POST',
        body: { topics, destinationTopics },
        ...{ signal, limitMs },
      }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

export const useRemoveMany = ({ destination, name }: Link, topics: readonly string[]) =>
  useChange(({ topics: destinationTopics, confirm }: Removal) =>
    request(`${linkApi(destination, name)}/mirror-removals`, mirrorsRemoved, {
      method: 'POST',
      body: { topics, destinationTopics, confirm },
      limitMs,
    }),
  );

export const usePauseManyPreview = (
  { destination, name }: Link,
  which: ManyMirrors | null,
  paused: boolean,
) =>
  useQuery({
    queryKey: ['links', destination, name, 'pauses', which, paused],
    queryFn: ({ signal }) =>
      request(`${linkApi(destination, name)}/mirror-pauses?validate_only=true`, mirrorsPaused, {
        method: 'POST',
        body: { ...which, paused },
        signal,
      }),
    enabled: which !== null,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

export const usePauseMany = ({ destination, name }: Link) =>
  useChange((body: ManyMirrors & { paused: boolean }) =>
    request(`${linkApi(destination, name)}/mirror-pauses`, mirrorsPaused, { method: 'POST', body }),
  );
