// Changing Health through the console's API: acknowledge, silence, thresholds, channels, routes, deliveries.
'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { request, send } from '@/components/shell/api-client';
import { CHANNEL_TEST_LIMIT_MS, SETTINGS_POLL_MS } from '@/components/shell/intervals';
import { channelView, type Route } from '@/lib/contracts/monitoring/channels';
import { channelTest } from '@/lib/contracts/monitoring/deliveries';
import {
  type AcknowledgeRequest,
  type ChannelInput,
  channelList,
  type NewSilence,
  overrideList,
  routeList,
  silenceList,
} from '@/lib/contracts/monitoring/health-changes';
import type { RuleOverride } from '@/lib/contracts/monitoring/rules';
import { silence } from '@/lib/contracts/monitoring/silences';
import { healthApi } from './paths';
import { useHealthChanged } from './queries';

/** Each changes one thing and reads Health again, also after a refusal: somebody else may have been faster. */
function useChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const changed = useHealthChanged();
  return useMutation({ mutationFn, onSettled: changed });
}

export const useAcknowledge = (id: string) =>
  useChange((body: AcknowledgeRequest) =>
    send(healthApi('alerts', id, 'acknowledge'), { method: 'POST', body }),
  );

export const useSetOverride = () =>
  useChange((body: RuleOverride) => request(healthApi('overrides'), overrideList, { method: 'PUT', body }));

export function useSilences() {
  return useQuery({
    queryKey: ['health', 'silences'],
    queryFn: ({ signal }) => request(healthApi('silences'), silenceList, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });
}

export const useBeginSilence = () =>
  useChange((body: NewSilence) => request(healthApi('silences'), silence, { method: 'POST', body }));

export const useEndSilence = () =>
  useChange((id: string) => request(healthApi('silences', id, 'end'), silence, { method: 'POST', body: {} }));

export function useChannels() {
  return useQuery({
    queryKey: ['health', 'channels'],
    queryFn: ({ signal }) => request(healthApi('channels'), channelList, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });
}

/** Without an id a channel is added. */
export const useSaveChannel = (id: string | null) =>
  useChange((body: ChannelInput) =>
    id === null
      ? request(healthApi('channels'), channelView, { method: 'POST', body })
      : request(healthApi('channels', id), channelView, { method: 'PUT', body }),
  );

export const useRemoveChannel = (id: string) =>
  useChange((_: undefined) => send(healthApi('channels', id), { method: 'DELETE' }));

/** Sends a message now and says what came of it. */
export const useTestChannel = (id: string) =>
  useChange((_: undefined) =>
    request(healthApi('channels', id, 'test'), channelTest, {
      method: 'POST',
      body: {},
      limitMs: CHANNEL_TEST_LIMIT_MS,
    }),
  );

/** As it is typed, before it is saved; `id` of the one that it changes. */
export const useTryChannel = (id: string | null) =>
  useMutation({
    mutationFn: (channel: ChannelInput) =>
      request(healthApi('channels', 'test'), channelTest, {
        method: 'POST',
        body: id === null ? { channel } : { channel, id },
        limitMs: CHANNEL_TEST_LIMIT_MS,
      }),
  });

export function useRoutes() {
  return useQuery({
    queryKey: ['health', 'routes'],
    queryFn: ({ signal }) => request(healthApi('routes'), routeList, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });
}

export const useSetRoutes = () =>
  useChange((routes: Route[]) =>
    request(healthApi('routes'), routeList, { method: 'PUT', body: { routes } }),
  );

export const useSendAgain = () =>
  useChange((id: string) => send(healthApi('deliveries', id, 'again'), { method: 'POST', body: {} }));
