// The brokers of a cluster: whether they serve, how quickly they answer, what they lead, how full their disks are.
'use client';
import { useMemo } from 'react';
import { bytesFormat, countFormat, latencyFormat } from '@/components/charts/formats';
import type { HistoryChartProps } from '@/components/charts/history-chart';
import type { Labels } from '@/components/charts/history-columns';
import { HistoryPanel } from '@/components/charts/history-panel';
import { ColumnMenu, useColumnChoice } from '@/components/shell/column-choice';
import { useSortedRows } from '@/components/shell/use-sorted-rows';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { BrokerRow, BrokersPage } from '@/lib/contracts/monitoring/brokers';
import { plural } from '@/lib/format';
import { ClusterFrame } from '../cluster-frame';
import { whyMissing } from '../observed/gaps';
import { ObservedView } from '../observed/observed-view';
import { useBrokers } from '../observed/queries';
import { brokerColumns, brokerSortKeys } from './broker-columns';

const standard = { key: 'id', order: 'asc' } as const;

export function ClusterBrokers({ cluster }: { cluster: string }) {
  const query = useBrokers(cluster);
  return (
    <ClusterFrame name={cluster} seen={query.data}>
      <ObservedView
        query={query}
        cluster={cluster}
        what={`the brokers of ${cluster}`}
        parts={['BROKERS', 'METADATA', 'LOG_DIRS', 'QUORUM', 'FEATURES']}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={6} widths={['w-8', 'w-32', 'flex-1', 'w-20', 'w-20', 'w-28']} />
          </div>
        }
      >
        {(page) => <Shown page={page} />}
      </ObservedView>
    </ClusterFrame>
  );
}

function Shown({ page }: { page: BrokersPage }) {
  const { cluster, rows, gaps, leaderSkew } = page;
  const choice = useColumnChoice(useMemo(() => brokerColumns(cluster, gaps), [cluster, gaps]));
  const { rowAt, sorting } = useSortedRows<BrokerRow, keyof typeof brokerSortKeys>(
    rows,
    brokerSortKeys,
    standard,
  );
  const charts = useMemo(() => chartsOf(cluster), [cluster]);
  const away = rows.filter(({ state }) => state !== 'SERVING').length;
  return (
    <>
      <Panel
        title="Brokers"
        id="brokers"
        aside={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
            <span>
              {away === 0
                ? `all ${plural(rows.length, 'broker')} serve`
                : `${plural(away, 'broker')} of ${rows.length} not serving`}
            </span>
            {leaderSkew === null ? null : (
              <span title="Leaders of the busiest broker ÷ mean of all. 1.00 is even.">
                busiest leads {leaderSkew.toFixed(2)} × the mean
              </span>
            )}
            <ColumnMenu choice={choice} />
          </span>
        }
      >
        <DataTable<BrokerRow>
          label={`Brokers of ${cluster}`}
          columns={choice.columns}
          count={rows.length}
          rowAt={rowAt}
          sorting={sorting}
          className="max-h-[60vh]"
          empty={whyMissing(gaps, ['BROKERS', 'METADATA'], 'No brokers are known.')}
        />
      </Panel>
      <HistoryPanel charts={charts} />
    </>
  );
}

const brokerOf = (labels: Labels) => `broker ${labels.broker}`;

const chartsOf = (cluster: string): HistoryChartProps[] => {
  const common = { labels: { cluster }, nameOf: brokerOf };
  return [
    {
      title: 'Latency, from here',
      metric: 'landbridge_broker_latency_seconds',
      format: latencyFormat,
      ...common,
    },
    { title: 'Partitions led', metric: 'landbridge_broker_leaders', format: countFormat, ...common },
    {
      ...{ title: 'Replicas not in sync', metric: 'landbridge_broker_out_of_sync_replicas' },
      ...{ format: countFormat, ...common },
    },
    { title: 'Size of logs', metric: 'landbridge_broker_log_bytes', format: bytesFormat, ...common },
  ];
};
