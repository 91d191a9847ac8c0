// Asks what filters would take.
'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '@/components/shell/api-client';
import { BROKER_REQUEST_LIMIT_MS } from '@/components/shell/intervals';
import { type AutoCreatePreviewRequest, autoCreatePreview } from '@/lib/contracts/auto-create';

export function useAutoCreatePreview(asked: AutoCreatePreviewRequest) {
  return useQuery({
    queryKey: ['links', 'preview-auto-create', asked],
    queryFn: ({ signal }) =>
      request('/api/links/preview/auto-create', autoCreatePreview, {
        method: 'POST',
        body: asked,
        signal,
        limitMs: BROKER_REQUEST_LIMIT_MS,
      }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
}
