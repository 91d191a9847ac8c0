// One broker: whether it serves, its disks, what it holds that is not in sync, its largest replicas, how it went.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { bytesFormat, countFormat, latencyFormat } from '@/components/charts/formats';
import type { HistoryChartProps } from '@/components/charts/history-chart';
import type { Labels } from '@/components/charts/history-columns';
import { HistoryPanel } from '@/components/charts/history-panel';
import { Lasting } from '@/components/shell/age';
import { ButtonLink } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Banner, Missing } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import type { BrokerDetail } from '@/lib/contracts/monitoring/brokers';
import { formatBytes, groupDigits, plural } from '@/lib/format';
import { DetailFrame, DetailSkeleton } from '../observed/detail-frame';
import { whyMissing } from '../observed/gaps';
import { LookBadge } from '../observed/look';
import { ObservedView } from '../observed/observed-view';
import { partHref, topicHref } from '../observed/paths';
import { useBroker } from '../observed/queries';
import { BrokerFigures } from './broker-figures';
import { brokerLook } from './broker-words';
import { DisksAge } from './disks-age';
import { LogDirs } from './log-dirs';

export function BrokerPage({ cluster, id }: { cluster: string; id: number }) {
  const query = useBroker(cluster, id);
  return (
    <DetailFrame
      cluster={cluster}
      part="brokers"
      title={`Broker ${id}`}
      seen={query.data}
      status={query.data ? <LookBadge look={brokerLook(query.data.broker)} /> : null}
    >
      <ObservedView
        query={query}
        cluster={cluster}
        what={`broker ${id}`}
        parts={['BROKERS', 'METADATA', 'LOG_DIRS', 'QUORUM', 'FEATURES']}
        skeleton={<DetailSkeleton rows={4} widths={['flex-1', 'w-28', 'w-28', 'w-20']} />}
        missing={
          <Missing
            title={`${cluster} has no broker ${id}`}
            actions={<ButtonLink href={partHref(cluster, 'brokers')}>All brokers of {cluster}</ButtonLink>}
          >
            The cluster does not name it, and no partition has a replica on it.
          </Missing>
        }
      >
        {(detail) => <Shown detail={detail} />}
      </ObservedView>
    </DetailFrame>
  );
}

function Shown({ detail }: { detail: BrokerDetail }) {
  const { cluster, broker } = detail;
  const charts = useMemo(() => chartsOf(cluster, broker.id), [cluster, broker.id]);
  return (
    <>
      {broker.state === 'SERVING' ? null : (
        <Banner
          tone={broker.state === 'FENCED' ? 'warn' : 'bad'}
          title={`${brokerLook(broker).word}${broker.leaders + broker.replicas > 0 ? `: ${plural(broker.replicas, 'replica')} on it` : ''}`}
        >
          {broker.why}{' '}
          {broker.sinceMs === null ? null : (
            <>
              For <Lasting since={broker.sinceMs} />, as seen by us.
            </>
          )}
        </Banner>
      )}
      <BrokerFigures detail={detail} />
      <LogDirs detail={detail} />
      <HistoryPanel charts={charts} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <OutOfSync detail={detail} />
        <Largest detail={detail} />
      </div>
    </>
  );
}

type Ref = { topic: string; partition: number };
const place = (cluster: string, { topic, partition }: Ref) => (
  <Link
    href={topicHref(cluster, topic)}
    className="flex min-w-0 font-mono text-[13px] hover:underline"
    title={`${topic}-${partition}`}
    aria-label={`${topic}-${partition}`}
  >
    <span className="truncate">{topic}</span>
    <span className="shrink-0">-{partition}</span>
  </Link>
);

function OutOfSync({ detail: { cluster, broker, outOfSync } }: { detail: BrokerDetail }) {
  const rowAt = useCallback((index: number) => outOfSync[index], [outOfSync]);
  const columns = useMemo(
    () => columnsOf<Ref>([['place', 'Partition', (row) => place(cluster, row), { rowHeader: true }]]),
    [cluster],
  );
  return (
    <Panel
      title="Not in sync"
      id="out-of-sync"
      aside={
        broker.outOfSync > outOfSync.length ? (
          <span className="text-soft">
            the first {groupDigits(outOfSync.length)} of {groupDigits(broker.outOfSync)}
          </span>
        ) : null
      }
    >
      <DataTable
        label={`Replicas of broker ${broker.id} that are not in sync`}
        columns={columns}
        count={outOfSync.length}
        rowAt={rowAt}
        className="max-h-[432px]"
        empty="All its replicas are in sync."
      />
    </Panel>
  );
}

type Large = BrokerDetail['largest'][number];

function Largest({ detail: { cluster, broker, largest, gaps } }: { detail: BrokerDetail }) {
  const rowAt = useCallback((index: number) => largest[index], [largest]);
  const columns = useMemo(
    () =>
      columnsOf<Large>([
        ['place', 'Partition', (row) => place(cluster, row), { rowHeader: true }],
        ['bytes', 'Size', (row) => formatBytes(row.bytes), { numeric: true, width: 'w-28' }],
      ]),
    [cluster],
  );
  return (
    <Panel title="Largest replicas" id="largest" aside={<DisksAge at={broker.disksOldSince} />}>
      <DataTable
        label={`Largest replicas of broker ${broker.id}`}
        columns={columns}
        count={largest.length}
        rowAt={rowAt}
        className="max-h-[432px]"
        empty={whyMissing(gaps, ['LOG_DIRS'], 'It holds no replicas.', broker.id)}
      />
    </Panel>
  );
}

const itself = () => 'this broker';
const dirOf = (labels: Labels) => labels.dir ?? '';

const chartsOf = (cluster: string, id: number): HistoryChartProps[] => {
  const common = { labels: { cluster, broker: String(id) }, nameOf: itself };
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
    {
      ...{ title: 'Disk in use', metric: 'landbridge_log_dir_used_bytes', format: bytesFormat },
      ...{ ...common, nameOf: dirOf },
    },
  ];
};
