// Reading and changing people, API keys and approvals through the console's API.
'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiPath, failureFrom, request, send } from '@/components/shell/api-client';
import { SETTINGS_POLL_MS } from '@/components/shell/intervals';
import {
  apiKeyCreated,
  apiKeyList,
  approvalDetail,
  approvalList,
  type ChangePersonRequest,
  type CreateApiKeyRequest,
  type InvitePersonRequest,
  passwordReset,
  peopleList,
  personInvited,
} from '@/lib/contracts/access';

import { signInAgain } from './sign-in-again';

const peopleKey = ['people'] as const;
const keysKey = ['keys'] as const;
const approvalsKey = ['approvals'] as const;

export function usePeople() {
  return useQuery({
    queryKey: peopleKey,
    queryFn: ({ signal }) => request('/api/people', peopleList, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });
}

/** Each changes one thing and reads the list again, also after a refusal: somebody else may have been faster. */
function useChange<Input, Output>(key: readonly string[], mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onError: (error) => {
      if (failureFrom(error)?.code === 'FRESH_SIGN_IN_NEEDED') signInAgain();
    },
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
}

export const useInvitePerson = () =>
  useChange(peopleKey, (body: InvitePersonRequest) =>
    request('/api/people', personInvited, { method: 'POST', body }),
  );

export const useChangePerson = (id: string) =>
  useChange(peopleKey, (body: ChangePersonRequest) => send(apiPath('people', id), { method: 'PATCH', body }));

export const useRemovePerson = (id: string) =>
  useChange(peopleKey, (_: undefined) => send(apiPath('people', id), { method: 'DELETE' }));

export const useResetPassword = (id: string) =>
  useChange(peopleKey, (_: undefined) =>
    request(apiPath('people', id, 'password-link'), passwordReset, { method: 'POST' }),
  );

export const useEndSessions = (id: string) =>
  useChange(peopleKey, (_: undefined) => send(apiPath('people', id, 'sessions'), { method: 'DELETE' }));

export const useVouch = (id: string) =>
  useChange(peopleKey, (_: undefined) => send(apiPath('people', id, 'vouch'), { method: 'POST' }));

export function useApiKeys() {
  return useQuery({
    queryKey: keysKey,
    queryFn: ({ signal }) => request('/api/keys', apiKeyList, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });
}

export const useCreateApiKey = () =>
  useChange(keysKey, (body: CreateApiKeyRequest) =>
    request('/api/keys', apiKeyCreated, { method: 'POST', body }),
  );

export const useRevokeApiKey = (id: string) =>
  useChange(keysKey, (_: undefined) => send(apiPath('keys', id), { method: 'DELETE' }));

export function useApprovals() {
  return useQuery({
    queryKey: approvalsKey,
    queryFn: ({ signal }) => request('/api/approvals', approvalList, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });
}

export function useApproval(id: string) {
  return useQuery({
    queryKey: [...approvalsKey, id],
    queryFn: ({ signal }) => request(apiPath('approvals', id), approvalDetail, { signal }),
    refetchInterval: SETTINGS_POLL_MS,
  });
}

export type ApprovalStep = 'confirm' | 'reject' | 'withdraw' | 'break-glass';

export const useApprovalStep = (id: string) =>
  useChange(approvalsKey, ({ step, reason }: { step: ApprovalStep; reason?: string }) =>
    send(apiPath('approvals', id, step), { method: 'POST', body: reason === undefined ? {} : { reason } }),
  );
