// A link as what is acted on, where a page knows only its name: the source comes from the list of links.
'use client';
import { useLinks } from '@/components/links/queries';
import type { Target } from '@/lib/grants';

export function useLinkTarget(destination: string, name: string): Target {
  const { data } = useLinks();
  const link = data?.links.find((one) => one.name === name && one.destination.name === destination);
  return { kind: 'link', source: link?.source.name ?? '', destination, name };
}
