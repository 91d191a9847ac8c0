// Links and clusters by name, as actions, from what the pages have already loaded or load now.
'use client';
import { Network, Server } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { clusterParts, partHref, partWords } from '@/components/clusters/observed/paths';
import { useClusters } from '@/components/clusters/queries';
import { clusterHref, linkHref } from '@/components/links/paths';
import { useLinks } from '@/components/links/queries';
import type { Action } from './action';

export function useGoToThings(): Action[] {
  const router = useRouter();
  const { data: links } = useLinks();
  const { data: clusters } = useClusters();
  return useMemo(() => {
    const toLinks = (links?.links ?? []).map((link): Action => {
      const href = linkHref(link.destination.name, link.name);
      return {
        id: `go${href}`,
        label: link.name,
        group: 'Links and clusters',
        icon: Network,
        keywords: `link ${link.source.name} ${link.destination.name}`,
        perform: () => router.push(href),
      };
    });
    const toClusters = (clusters?.clusters ?? []).map(({ name }): Action => {
      const href = clusterHref(name);
      return {
        id: `go${href}`,
        label: name,
        group: 'Links and clusters',
        icon: Server,
        keywords: 'cluster',
        perform: () => router.push(href),
      };
    });
    const toParts = (clusters?.clusters ?? []).flatMap(({ name }) =>
      clusterParts.map((part): Action => {
        const href = partHref(name, part);
        return {
          id: `go${href}`,
          label: `${partWords[part]} of ${name}`,
          group: 'Links and clusters',
          icon: Server,
          keywords: 'cluster',
          onlyTyped: true,
          perform: () => router.push(href),
        };
      }),
    );
    return [...toLinks, ...toClusters, ...toParts];
  }, [router, links, clusters]);
}
