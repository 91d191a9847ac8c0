// The metadata quorum of a cluster: who leads, who follows how far, how many may fail; features; brokers that are kept out. Explains ZooKeeper.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { countFormat, secondsFormat } from '@/components/charts/formats';
import type { HistoryChartProps } from '@/components/charts/history-chart';
import { HistoryPanel } from '@/components/charts/history-panel';
import { DataTable } from '@/components/ui/data-table';
import { Banner } from '@/components/ui/notice';
import { Figure, Figures, Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue, Value } from '@/components/ui/value';
import type { QuorumView } from '@/lib/contracts/monitoring/brokers';
import { groupDigits, plural } from '@/lib/format';
import { ClusterFrame } from '../cluster-frame';
import { DetailSkeleton } from '../observed/detail-frame';
import { gapsOf, whyMissing } from '../observed/gaps';
import { LookBadge } from '../observed/look';
import { ObservedView } from '../observed/observed-view';
import { brokerHref } from '../observed/paths';
import { useQuorum } from '../observed/queries';
import { offsetText } from '../summary-words';
import { QuorumReplicas } from './quorum-replicas';
import { evenVotersText, headroomLook } from './quorum-words';

export function ClusterQuorum({ cluster }: { cluster: string }) {
  const query = useQuorum(cluster);
  return (
    <ClusterFrame name={cluster} seen={query.data}>
      <ObservedView
        query={query}
        cluster={cluster}
        what={`the quorum of ${cluster}`}
        parts={query.data?.told === false ? [] : ['QUORUM', 'FEATURES', 'BROKERS']}
        skeleton={<DetailSkeleton rows={4} widths={['w-12', 'w-28', 'flex-1', 'w-28', 'w-24']} />}
      >
        {(view) => (view.told ? <Quorum view={view} /> : <NotTold view={view} />)}
      </ObservedView>
    </ClusterFrame>
  );
}

/** ZooKeeper, a release before DescribeQuorum, or a right that is missing: the gap says which. */
function NotTold({ view }: { view: QuorumView }) {
  const gap = gapsOf(view.gaps, ['QUORUM'])[0];
  return (
    <>
      <Panel title="No metadata quorum to show" id="no-quorum">
        <div className="flex max-w-[80ch] flex-col gap-2 px-4 py-3">
          <p>{gap?.reason ?? 'The cluster did not tell of a metadata quorum.'}</p>
          {gap?.right ? <p>Missing right: {gap.right}.</p> : null}
          <p className="text-soft">
            A cluster that runs with ZooKeeper keeps its metadata there: it has one controller among its
            brokers, and no quorum of its own. The health of ZooKeeper is not told by Kafka’s protocol; watch
            it where it runs. Clusters with KRaft show their voters, observers and lag here.
          </p>
          <p>
            Controller:{' '}
            {view.leader === null ? (
              <span className="text-bad">none is named</span>
            ) : (
              <Link href={brokerHref(view.cluster, view.leader)} className="underline underline-offset-4">
                broker {view.leader}
              </Link>
            )}
          </p>
        </div>
      </Panel>
      <Features view={view} />
    </>
  );
}

function Quorum({ view }: { view: QuorumView }) {
  const { cluster, voters, observers, fenced } = view;
  const charts = useMemo(() => chartsOf(cluster), [cluster]);
  const look = headroomLook(view);
  return (
    <>
      {look.shape === 'square' ? (
        <Banner tone="bad" title={look.word} live>
          {look.why}
        </Banner>
      ) : null}
      {view.evenVoters ? <Banner tone="warn" title={evenVotersText(voters.length)} /> : null}
      {fenced.length > 0 ? (
        <Banner tone="warn" title={`${plural(fenced.length, 'broker is', 'brokers are')} fenced`}>
          Registered, and kept out of service by the controller:{' '}
          {fenced.map((id, i) => (
            <span key={id}>
              {i > 0 ? ', ' : ''}
              <Link href={brokerHref(cluster, id)} className="underline underline-offset-4">
                broker {id}
              </Link>
            </span>
          ))}
          . They are shut down, starting, or send no heartbeats.
        </Banner>
      ) : null}
      <QuorumFigures view={view} />
      <QuorumReplicas
        title="Voters"
        replicas={voters}
        view={view}
        empty="No voters are named: the quorum has none, which cannot be."
      />
      <HistoryPanel charts={charts} />
      <QuorumReplicas
        title="Observers"
        replicas={observers}
        view={view}
        empty="None. Brokers that are no voters observe the quorum."
      />
      <Features view={view} />
    </>
  );
}

function QuorumFigures({ view }: { view: QuorumView }) {
  const { leader, epoch, voters, observers, highWatermark, gaps } = view;
  return (
    <Figures label="Quorum">
      <Figure label="Leader" note={epoch === null ? null : `epoch ${groupDigits(epoch)}`}>
        <Value value={leader} format={(id) => `node ${id}`} why="No voter leads at the moment." />
      </Figure>
      <Figure
        label="Headroom"
        note={`${plural(voters.length, 'voter')}, a majority is ${Math.floor(voters.length / 2) + 1}`}
      >
        <span className="text-base">
          <LookBadge look={headroomLook(view)} wrap />
        </span>
      </Figure>
      <Figure label="Observers" note="brokers that follow without a vote">
        {groupDigits(observers.length)}
      </Figure>
      <Figure label="High watermark" note="of the metadata log">
        <Value value={highWatermark} format={groupDigits} why="The leader has not told it." />
      </Figure>
      <Figure label="Clock of the leader" note="compared with ours">
        <Value
          value={view.clockOffsetSeconds}
          format={offsetText}
          why={whyMissing(gaps, ['QUORUM'], 'The leader’s time is told from Kafka 3.3 on.')}
        />
      </Figure>
      <Figure label="Metadata version" note="in force">
        <Value
          value={view.metadataVersion}
          format={String}
          why={whyMissing(gaps, ['FEATURES'], 'The level in force is none that is known.')}
        />
      </Figure>
    </Figures>
  );
}

type Feature = QuorumView['features'][number];

function Features({ view: { features, gaps, cluster } }: { view: QuorumView }) {
  const rowAt = useCallback((index: number) => features[index], [features]);
  return (
    <Panel title="Features" id="features">
      <DataTable
        label={`Features of ${cluster}`}
        columns={featureColumns}
        count={features.length}
        rowAt={rowAt}
        still
        className="max-h-[432px]"
        empty={whyMissing(gaps, ['FEATURES'], 'No features are told by this release of Kafka.')}
      />
    </Panel>
  );
}

const featureColumns = columnsOf<Feature>([
  [
    'name',
    'Feature',
    (row) => <span className="font-mono text-[13px]">{row.name}</span>,
    { rowHeader: true },
  ],
  [
    'level',
    'In force',
    (row) => <CellValue value={row.level} format={String} why="It is not finalized: no level is in force." />,
    { width: 'w-28', numeric: true },
  ],
  [
    'range',
    'All brokers support',
    (row) => (
      <CellValue
        value={row.min === null || row.max === null ? null : `${row.min}–${row.max}`}
        format={String}
        why="Not every broker has told what it supports."
      />
    ),
    { width: 'w-44', numeric: true },
  ],
]);

const leaderOf = () => 'the slowest';

const chartsOf = (cluster: string): HistoryChartProps[] => {
  const common = { labels: { cluster }, nameOf: leaderOf };
  return [
    {
      ...{ title: 'Slowest voter, records behind', metric: 'landbridge_quorum_max_voter_lag' },
      ...{ format: countFormat, ...common },
    },
    {
      ...{ title: 'Slowest voter, time behind', metric: 'landbridge_quorum_max_voter_behind_seconds' },
      ...{ format: secondsFormat, ...common },
    },
    {
      ...{ title: 'Slowest observer, time behind', metric: 'landbridge_quorum_max_observer_behind_seconds' },
      ...{ format: secondsFormat, ...common },
    },
    {
      ...{ title: 'Epoch of the quorum', metric: 'landbridge_quorum_epoch', labels: { cluster } },
      ...{ format: countFormat, nameOf: () => 'epoch' },
    },
  ];
};
