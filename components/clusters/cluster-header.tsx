// Name, state, age and actions of a cluster, on each of its pages.
'use client';
import { KeyRound, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { everywhere, onCluster, useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { clusterHref } from '@/components/links/paths';
import { failureFrom } from '@/components/shell/api-client';
import { PageHeader } from '@/components/shell/page-header';
import { Banner } from '@/components/ui/notice';
import type { ClusterView } from '@/lib/contracts/cluster';
import type { Seen } from '@/lib/contracts/monitoring/seen';
import { plural } from '@/lib/format';
import { ChangeCredentials, credentialsOf } from './change-credentials';
import { Reachability } from './cluster-facts';
import { SweepAge } from './observed/sweep-age';
import { useProbeCluster } from './queries';
import { RemoveCluster } from './remove-cluster';

export const clusterCrumbs = [{ href: '/clusters', label: 'Clusters' }];

export function ClusterHeader({ cluster, seen }: { cluster: ClusterView; seen: Seen | undefined }) {
  const router = useRouter();
  const probe = useProbeCluster(cluster.name);
  const [removing, setRemoving] = useState(false);
  const [changing, setChanging] = useState(false);
  const { mutate, isPending } = probe;
  const fromFile =
    cluster.managedBy === 'FILE' ? 'This cluster is kept in the configuration file; change it there.' : null;
  const used = cluster.linksFrom.length + cluster.linksTo.length;
  const hasCredentials = credentialsOf(cluster).length > 0;
  const whyNot = useWhyNot();
  const mayNotCheck = whyNot('operator', onCluster(cluster.name));
  const mayNotChange = whyNot('administrator', everywhere) ?? fromFile;
  const actions = useMemo(
    (): Action[] => [
      {
        id: 'cluster.probe',
        label: isPending ? 'Checking…' : 'Check now',
        group: 'This page',
        icon: RefreshCw,
        disabledWhy: mayNotCheck ?? (isPending ? 'A check is running.' : null),
        perform: () => mutate(),
      },
      {
        id: 'cluster.edit',
        label: 'Edit',
        group: 'This page',
        icon: Pencil,
        disabledWhy: mayNotChange,
        perform: () => router.push(`${clusterHref(cluster.name)}?edit=1`),
      },
      {
        id: 'cluster.credentials',
        label: 'New credentials…',
        group: 'This page',
        icon: KeyRound,
        keywords: 'password rotate secret certificate',
        disabledWhy:
          mayNotChange ?? (hasCredentials ? null : 'This cluster is reached without any credentials.'),
        perform: () => setChanging(true),
      },
      {
        id: 'cluster.remove',
        label: 'Remove…',
        group: 'This page',
        icon: Trash2,
        danger: true,
        disabledWhy:
          mayNotChange ??
          (used > 0 ? `${plural(used, 'link uses', 'links use')} it; delete them first.` : null),
        perform: () => setRemoving(true),
      },
    ],
    [isPending, mutate, mayNotCheck, mayNotChange, hasCredentials, used, router, cluster.name],
  );
  useActions(actions);
  const failure = failureFrom(probe.error);
  return (
    <>
      <PageHeader
        title={cluster.name}
        mono
        crumbs={clusterCrumbs}
        status={<Reachability cluster={cluster} />}
        actions={
          <>
            <span className="pr-1 max-md:w-full">
              <SweepAge seen={seen} />
            </span>
            <ActionBar actions={actions} />
          </>
        }
      />
      {failure ? <Banner tone="bad" title={`The check did not run: ${failure.message}`} live /> : null}
      {changing ? <ChangeCredentials cluster={cluster} onClose={() => setChanging(false)} /> : null}
      <RemoveCluster cluster={cluster} open={removing} onOpenChange={setRemoving} />
    </>
  );
}
