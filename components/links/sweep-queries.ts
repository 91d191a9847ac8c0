// Sweeps of a link or of one mirror: what one would take, begin, give up.
'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request, send } from '@/components/shell/api-client';
import { sweepAnswer } from '@/lib/contracts/verify';

/** @param api address of the link or the mirror */
export const useSweepPreview = (api: string, open: boolean) =>
  useQuery({
    queryKey: ['links', 'sweep-preview', api],
    queryFn: ({ signal }) =>
      request(`${api}/sweep?validate_only=true`, sweepAnswer, { method: 'POST', body: {}, signal }),
    enabled: open,
    gcTime: 0,
  });

export function useSweep(api: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (begin: boolean) =>
      begin ? send(`${api}/sweep`, { method: 'POST', body: {} }) : send(`${api}/sweep`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
}
