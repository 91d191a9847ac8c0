// The brokers of a cluster as its metadata has them.
'use client';
import { useCallback } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { ClusterView } from '@/lib/contracts/cluster';

type Broker = NonNullable<ClusterView['probe']>['brokers'][number];

const columns = columnsOf<Broker>([
  ['id', 'Broker', (broker) => broker.id, { width: 'w-24', rowHeader: true }],
  [
    'address',
    'Advertised address',
    (broker) => (
      <span className="font-mono">
        {broker.host}:{broker.port}
      </span>
    ),
  ],
  [
    'rack',
    'Rack',
    (broker) => <CellValue value={broker.rack} format={String} why="The broker has no rack set." />,
    { width: 'w-40', wideOnly: true },
  ],
]);

export function BrokerTable({ cluster }: { cluster: ClusterView }) {
  const brokers = cluster.probe?.brokers ?? none;
  const rowAt = useCallback((index: number) => brokers[index], [brokers]);
  return (
    <Panel title="Brokers" id="brokers">
      <DataTable
        label="Brokers"
        columns={columns}
        count={brokers.length}
        rowAt={rowAt}
        className="max-h-[60vh]"
        empty="No brokers are known: the cluster has not answered with its metadata."
      />
    </Panel>
  );
}
const none: Broker[] = [];
