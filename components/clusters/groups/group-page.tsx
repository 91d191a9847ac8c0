// One consumer group of a cluster: how far behind, whether it gets on, who is in it, where it stands on each partition, how it went.
'use client';
import { useMemo } from 'react';
import { countFormat, rateFormat, secondsFormat } from '@/components/charts/formats';
import type { HistoryChartProps } from '@/components/charts/history-chart';
import type { Labels } from '@/components/charts/history-columns';
import { HistoryPanel } from '@/components/charts/history-panel';
import { Age } from '@/components/shell/age';
import { ButtonLink } from '@/components/ui/button';
import { Banner, Missing } from '@/components/ui/notice';
import type { GroupDetail } from '@/lib/contracts/monitoring/groups';
import { plural } from '@/lib/format';
import { DetailFrame, DetailSkeleton } from '../observed/detail-frame';
import { ObservedView } from '../observed/observed-view';
import { partHref } from '../observed/paths';
import { useGroup } from '../observed/queries';
import { GroupFigures } from './group-figures';
import { GroupLinks } from './group-links';
import { GroupMembers } from './group-members';
import { GroupPartitions } from './group-partitions';
import { GroupState } from './group-state';
import { progressLook } from './group-words';

export function GroupPage({ cluster, group }: { cluster: string; group: string }) {
  const query = useGroup(cluster, group);
  return (
    <DetailFrame
      cluster={cluster}
      part="groups"
      title={group}
      seen={query.data}
      status={query.data ? <GroupState row={query.data.row} /> : null}
    >
      <ObservedView
        query={query}
        cluster={cluster}
        what={`consumer group ${group}`}
        parts={['GROUPS', 'GROUP_MEMBERS', 'GROUP_OFFSETS', 'OFFSETS', 'RECORD_TIMES']}
        skeleton={<DetailSkeleton widths={['flex-1', 'w-28', 'w-28', 'w-28', 'w-24', 'w-20']} />}
        missing={
          <Missing
            title={`${cluster} has no consumer group ${group}`}
            actions={<ButtonLink href={partHref(cluster, 'groups')}>All groups of {cluster}</ButtonLink>}
          >
            The last sweep has not seen it. Brokers forget groups whose offsets have expired, and leave out
            those that the cluster’s principal may not describe.
          </Missing>
        }
      >
        {(detail) => <Shown detail={detail} />}
      </ObservedView>
    </DetailFrame>
  );
}

function Shown({ detail }: { detail: GroupDetail }) {
  const { cluster, row, deletedTopics } = detail;
  const charts = useMemo(() => chartsOf(cluster, row.group), [cluster, row.group]);
  const look = progressLook(row);
  const troubled = look.shape === 'square' || look.shape === 'triangle';
  return (
    <>
      {troubled ? (
        <Banner
          tone={look.shape === 'square' ? 'bad' : 'warn'}
          title={`${look.word}: ${look.detail}${row.lost !== '0' && look.word === 'Lost messages' ? '' : ' partitions'}`}
        >
          {look.why} The table of partitions names them.
        </Banner>
      ) : null}
      {row.why ? (
        <p className="max-w-[100ch] break-words text-soft">
          {row.why}
          {row.unknownSince === null ? null : (
            <>
              {' Nothing of it is known since then; it was listed last '}
              <Age at={row.unknownSince} />.
            </>
          )}
        </p>
      ) : null}
      {deletedTopics.length > 0 ? (
        <p className="max-w-[100ch] break-words text-soft">
          It also has commits on {plural(deletedTopics.length, 'topic that is', 'topics that are')} no longer
          there: <span className="font-mono text-[13px]">{deletedTopics.join(', ')}</span>. They count for no
          lag.
        </p>
      ) : null}
      <GroupFigures detail={detail} />
      <GroupLinks cluster={cluster} group={row.group} />
      <HistoryPanel charts={charts} />
      <GroupPartitions detail={detail} />
      <GroupMembers detail={detail} />
    </>
  );
}

const partitionOf = (labels: Labels) => `${labels.topic}-${labels.partition}`;
const allOf = () => 'all partitions';
const worst = () => 'worst partition';
const recorded = 'of the partitions whose lag is recorded: the worst 200 of a cluster';

const chartsOf = (cluster: string, group: string): HistoryChartProps[] => {
  const labels = { cluster, group };
  return [
    {
      ...{ title: 'Lag, messages', metric: 'kafka_consumergroup_group_sum_lag', labels },
      ...{ format: countFormat, nameOf: allOf },
    },
    {
      ...{ title: 'Lag, time', metric: 'kafka_consumergroup_group_max_lag_seconds', labels },
      ...{ format: secondsFormat, nameOf: worst },
    },
    {
      ...{ title: 'Lag by partition, messages', metric: 'kafka_consumergroup_group_lag', labels },
      ...{ format: countFormat, nameOf: partitionOf, about: recorded },
    },
    {
      ...{ title: 'Commits', metric: 'landbridge_group_commit_rate', labels },
      ...{ format: rateFormat, nameOf: allOf },
    },
  ];
};
