// One cluster: whether it answers and how far, how it does, its brokers, the links that touch it.
'use client';
import { useMemo } from 'react';
import { byteRateFormat, countFormat, rateFormat } from '@/components/charts/formats';
import type { HistoryChartProps } from '@/components/charts/history-chart';
import { HistoryPanel } from '@/components/charts/history-panel';
import { Age } from '@/components/shell/age';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { Banner } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { ClusterView } from '@/lib/contracts/cluster';
import { plural } from '@/lib/format';
import { BrokerTable } from './broker-table';
import { ClusterFigures } from './cluster-figures';
import { ClusterFrame } from './cluster-frame';
import { ClusterLinks } from './cluster-links';
import { EditCluster } from './edit-cluster';
import { useClusterSummary } from './observed/queries';
import { useClusters } from './queries';
import { StageList } from './stage-list';
import { SummaryPanel } from './summary-panel';
import { TransactionsPanel } from './transactions-panel';

export function ClusterPage({ name }: { name: string }) {
  const query = useClusters();
  const summary = useClusterSummary(name);
  const { params } = useUrlState();
  const cluster = query.data?.clusters.find((one) => one.name === name);
  if (cluster && params.get('edit') === '1' && cluster.managedBy === 'CONSOLE') {
    return <EditCluster cluster={cluster} />;
  }
  return (
    <ClusterFrame name={name} seen={summary.data}>
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
        {() => (cluster ? <ClusterBody cluster={cluster} /> : null)}
      </QueryView>
    </ClusterFrame>
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
  const charts = useMemo(() => chartsOf(cluster.name), [cluster.name]);
  return (
    <>
      <Deletions deletions={cluster.deletions} />
      <ClusterFigures cluster={cluster} />
      <SummaryPanel name={cluster.name} />
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
      <TransactionsPanel name={cluster.name} />
      <HistoryPanel charts={charts} />
      <BrokerTable cluster={cluster} />
    </>
  );
}

const whole = () => 'the cluster';

const chartsOf = (cluster: string): HistoryChartProps[] => {
  const common = { labels: { cluster }, nameOf: whole };
  return [
    {
      ...{ title: 'Messages in', metric: 'landbridge_cluster_messages_in_per_second' },
      ...{ format: rateFormat, ...common },
    },
    {
      ...{ title: 'Bytes in', metric: 'landbridge_cluster_bytes_in_per_second' },
      ...{ format: byteRateFormat, ...common },
    },
    {
      ...{ title: 'Partitions under-replicated', metric: 'landbridge_cluster_under_replicated_partitions' },
      ...{ format: countFormat, ...common },
    },
    {
      ...{ title: 'Partitions offline', metric: 'landbridge_cluster_offline_partitions' },
      ...{ format: countFormat, ...common },
    },
  ];
};
