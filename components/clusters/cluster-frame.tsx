// What each page of a cluster stands in: its head, its tabs, and what is said when there is no such cluster.
'use client';
import type { ReactNode } from 'react';
import { Page, PageHeader } from '@/components/shell/page-header';
import { ReducedNote } from '@/components/shell/reduced-note';
import type { Seen } from '@/lib/contracts/monitoring/seen';
import { ClusterHeader, clusterCrumbs } from './cluster-header';
import { NoSuchCluster } from './no-such-cluster';
import { ClusterTabs } from './observed/cluster-tabs';
import { useClusters } from './queries';

export function ClusterFrame({
  name,
  seen,
  children,
}: {
  name: string;
  /** Of what the page shows. */
  seen: Seen | undefined;
  children: ReactNode;
}) {
  const { data } = useClusters();
  const cluster = data?.clusters.find((one) => one.name === name);
  return (
    <Page>
      {cluster ? (
        <ClusterHeader cluster={cluster} seen={seen} />
      ) : (
        <PageHeader title={name} mono crumbs={clusterCrumbs} />
      )}
      {data && !cluster ? (
        <NoSuchCluster name={name} />
      ) : (
        <>
          <ClusterTabs cluster={name} />
          <ReducedNote of="cluster" />
          {children}
        </>
      )}
    </Page>
  );
}
