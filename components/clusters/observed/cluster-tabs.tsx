// The parts of a cluster. Each is a page with an address of its own.
'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { clusterHref } from '@/components/links/paths';
import { cn } from '@/components/ui/cn';
import { groupDigits } from '@/lib/format';
import { type ClusterPart, clusterParts, partHref, partWords } from './paths';
import { useClusterSummary } from './queries';

export function ClusterTabs({ cluster }: { cluster: string }) {
  const pathname = usePathname();
  const { data: summary } = useClusterSummary(cluster);
  const here = useRef<HTMLAnchorElement>(null);
  // On narrow screens the tabs scroll: the one that is open must be seen.
  useEffect(() => {
    if (pathname) here.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  const counts: Partial<Record<ClusterPart, number | null>> = {
    topics: summary?.topics,
    groups: summary?.groups,
    brokers: summary?.brokers,
  };
  const places = [
    { href: clusterHref(cluster), words: 'Overview', count: null },
    ...clusterParts.map((part) => ({
      href: partHref(cluster, part),
      words: partWords[part],
      count: counts[part] ?? null,
    })),
  ];
  return (
    <nav aria-label={`Parts of ${cluster}`} className="overflow-x-auto overflow-y-hidden">
      <ul className="flex min-w-max gap-1 border-b">
        {places.map(({ href, words, count }) => (
          <li key={href}>
            <Link
              ref={pathname === href ? here : undefined}
              href={href}
              aria-current={pathname === href ? 'page' : undefined}
              className={cn(
                'flex h-9 items-center gap-2 border-b-2 border-transparent px-3 text-soft hover:text-text focus-visible:-outline-offset-2',
                pathname === href && 'border-accent font-medium text-text',
              )}
            >
              {words}
              {count === null ? null : (
                <span className="text-[13px] font-normal text-soft">{groupDigits(count)}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
