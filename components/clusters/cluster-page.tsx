// One cluster: whether it answers and how far, its brokers, the links that touch it; edit and remove.
'use client';
import { KeyRound, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { everywhere, onCluster, useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { Age } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { ButtonLink } from '@/components/ui/button';
import { Banner, Missing } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { ClusterView } from '@/lib/contracts/cluster';
import { plural } from '@/lib/format';
import { BrokerTable } from './broker-table';
import { ChangeCredentials, credentialsOf } from './change-credentials';
import { Reachability } from './cluster-facts';
import { ClusterFigures } from './cluster-figures';
import { ClusterLinks } from './cluster-links';
import { EditCluster } from './edit-cluster';
import { useClusters, useProbeCluster } from './queries';
import { RemoveCluster } from './remove-cluster';
import { StageList } from './stage-list';

const crumbs = [{ href: '/clusters', label: 'Clusters' }];

export function ClusterPage({ name }: { name: string }) {
  const query = useClusters();
  const { params } = useUrlState();
  const cluster = query.data?.clusters.find((one) => one.name === name);
  if (cluster && params.get('edit') === '1' && cluster.managedBy === 'CONSOLE') {
    return <EditCluster cluster={cluster} />;
  }
  return (
    <Page>
      {cluster ? <Header cluster={cluster} /> : <PageHeader title={name} mono crumbs={crumbs} />}
      <QueryView
        query={query}
        what={`cluster ${name}`}
        snapshotOf={(data) => data}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={7} widths={['w-40', 'flex-1', 'w-12']} />
          </div>
        }
      >
        {() =>
          cluster ? (
            <ClusterBody cluster={cluster} />
          ) : (
            <Missing
              title={`No cluster is called ${name}`}
              actions={<ButtonLink href="/clusters">All clusters</ButtonLink>}
            >
              It may have been removed or renamed.
            </Missing>
          )
        }
      </QueryView>
    </Page>
  );
}

function Header({ cluster }: { cluster: ClusterView }) {
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
        perform: () => router.push(`?edit=1`),
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
    [isPending, mutate, mayNotCheck, mayNotChange, hasCredentials, used, router],
  );
  useActions(actions);
  const failure = failureFrom(probe.error);
  return (
    <>
      <PageHeader
        title={cluster.name}
        mono
        crumbs={crumbs}
        status={<Reachability cluster={cluster} />}
        actions={<ActionBar actions={actions} />}
      />
      {failure ? <Banner tone="bad" title={`The check did not run: ${failure.message}`} live /> : null}
      {changing ? <ChangeCredentials cluster={cluster} onClose={() => setChanging(false)} /> : null}
      <RemoveCluster cluster={cluster} open={removing} onOpenChange={setRemoving} />
    </>
  );
}

const SHOWN = 5;

/** Topics that were mirrors and are still to be deleted: it goes on by itself. */
function Deletions({ deletions }: Pick<ClusterView, 'deletions'>) {
  if (deletions.length === 0) return null;
  return (
    <Banner
      tone="warn"
      title={`${plural(deletions.length, 'topic is', 'topics are')} still being deleted`}
      live
    >
      <ul className="flex flex-col gap-1 pt-1">
        {deletions.slice(0, SHOWN).map(({ topic, link, actor, askedAt, trouble }) => (
          <li key={topic} className="break-words">
            <span className="font-mono text-[13px]">{topic}</span>
            {link === null ? '' : `, a mirror of ${link}`}, as {actor ?? 'somebody'} asked{' '}
            <Age at={askedAt} />. {trouble ?? ''}
          </li>
        ))}
        {deletions.length > SHOWN ? <li>and {deletions.length - SHOWN} more</li> : null}
      </ul>
    </Banner>
  );
}

function ClusterBody({ cluster }: { cluster: ClusterView }) {
  const { probe } = cluster;
  return (
    <>
      <Deletions deletions={cluster.deletions} />
      <ClusterFigures cluster={cluster} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Panel
          title="Connection"
          id="connection"
          aside={
            probe ? (
              <span className="text-soft">
                checked <Age at={probe.checkedAt} />
              </span>
            ) : null
          }
        >
          {probe ? (
            <StageList label="Stages of the connection" checks={probe.checks} />
          ) : (
            <p className="px-4 py-3 text-soft">Not checked yet. The first check runs by itself.</p>
          )}
        </Panel>
        <ClusterLinks cluster={cluster} />
      </div>
      <BrokerTable cluster={cluster} />
    </>
  );
}
