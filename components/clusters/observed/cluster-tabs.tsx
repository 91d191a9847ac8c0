// The parts of a cluster. Each is a page with an address of its own.
'use client';
import { usePathname } from 'next/navigation';
import { clusterHref } from '@/components/links/paths';
import { Tabs } from '@/components/shell/tabs';
import { type ClusterPart, clusterParts, partHref, partWords } from './paths';
import { useClusterSummary } from './queries';

export function ClusterTabs({ cluster }: { cluster: string }) {
  const pathname = usePathname();
  const { data: summary } = useClusterSummary(cluster);
  const counts: Partial<Record<ClusterPart, number | null>> = {
    topics: summary?.topics,
    groups: summary?.groups,
    brokers: summary?.brokers,
  };
  const places = [
    { href: clusterHref(cluster), label: 'Overview', count: null },
    ...clusterParts.map((part) => ({
      href: partHref(cluster, part),
      label: partWords[part],
      count: counts[part] ?? null,
    })),
  ];
  return (
    <Tabs
      label={`Parts of ${cluster}`}
      tabs={places.map((place) => ({ ...place, here: place.href === pathname }))}
    />
  );
}
