// One topic of a cluster: its replicas, partitions, who consumes it, how it is set, how it went.
'use client';
import { useMemo } from 'react';
import { bytesFormat, countFormat, rateFormat, secondsFormat } from '@/components/charts/formats';
import type { HistoryChartProps } from '@/components/charts/history-chart';
import type { Labels } from '@/components/charts/history-columns';
import { HistoryPanel } from '@/components/charts/history-panel';
import { Age } from '@/components/shell/age';
import { ButtonLink } from '@/components/ui/button';
import { Banner, Missing } from '@/components/ui/notice';
import { Figure, Figures } from '@/components/ui/panel';
import { Value } from '@/components/ui/value';
import type { TopicDetail } from '@/lib/contracts/monitoring/topics';
import { formatByteRate, formatBytes, formatExact, formatRate, groupDigits, plural } from '@/lib/format';
import { DetailFrame, DetailSkeleton } from '../observed/detail-frame';
import { Exact } from '../observed/exact';
import { whyMissing } from '../observed/gaps';
import { LookBadge } from '../observed/look';
import { ObservedView } from '../observed/observed-view';
import { partHref } from '../observed/paths';
import { useTopic } from '../observed/queries';
import { TopicConfigs } from './topic-configs';
import { TopicGroups } from './topic-groups';
import { TopicMirrors } from './topic-mirrors';
import { TopicPartitions } from './topic-partitions';
import { retentionText, topicLook } from './topic-words';

export function TopicPage({ cluster, topic }: { cluster: string; topic: string }) {
  const query = useTopic(cluster, topic);
  return (
    <DetailFrame
      cluster={cluster}
      part="topics"
      title={topic}
      seen={query.data}
      status={query.data ? <LookBadge look={topicLook(query.data.topic)} /> : null}
    >
      <ObservedView
        query={query}
        cluster={cluster}
        what={`topic ${topic}`}
        parts={['METADATA', 'OFFSETS', 'LOG_DIRS', 'TOPIC_CONFIGS', 'GROUPS', 'GROUP_OFFSETS']}
        skeleton={<DetailSkeleton widths={['w-12', 'w-28', 'w-20', 'w-24', 'flex-1', 'w-24']} />}
        missing={
          <Missing
            title={`${cluster} has no topic ${topic}`}
            actions={<ButtonLink href={partHref(cluster, 'topics')}>All topics of {cluster}</ButtonLink>}
          >
            The last sweep has not seen it. It may have been deleted, it may be too new, or the cluster’s
            principal may not describe it.
          </Missing>
        }
      >
        {(detail) => <Shown detail={detail} />}
      </ObservedView>
    </DetailFrame>
  );
}

function Shown({ detail }: { detail: TopicDetail }) {
  const { cluster, topic } = detail;
  const charts = useMemo(() => chartsOf(cluster, topic.name), [cluster, topic.name]);
  const look = topicLook(topic);
  return (
    <>
      {look.shape === 'circle' ? null : (
        <Banner
          tone={look.shape === 'square' ? 'bad' : 'warn'}
          title={`${look.word}: ${look.detail} of ${plural(topic.partitions, 'partition')}`}
        >
          {look.why} The table of partitions below names them and their brokers.
        </Banner>
      )}
      <TopicFigures detail={detail} />
      <TopicMirrors cluster={cluster} topic={topic.name} />
      <TopicGroups detail={detail} />
      <HistoryPanel charts={charts} />
      <TopicPartitions detail={detail} />
      <TopicConfigs detail={detail} />
    </>
  );
}

function TopicFigures({ detail }: { detail: TopicDetail }) {
  const { topic, gaps, topicId, configsAt } = detail;
  const offsetsWhy = whyMissing(gaps, ['OFFSETS'], 'A leader has not told where its log begins and ends.');
  const sizeWhy = whyMissing(gaps, ['LOG_DIRS'], 'A broker has not told the sizes of its logs.');
  const noRate = whyMissing(gaps, ['OFFSETS'], 'Rates take two sweeps: the next one tells.');
  return (
    <Figures label="Figures">
      <Figure
        label="Partitions"
        note={
          <>
            replication factor {topic.replicationFactor}
            {topicId ? (
              <span className="block truncate font-mono" title={`Topic id ${topicId}`}>
                {topicId}
              </span>
            ) : null}
          </>
        }
      >
        {groupDigits(topic.partitions)}
      </Figure>
      <Figure
        label="Messages, in offsets"
        note={
          topic.startOffsets === null || topic.endOffsets === null
            ? null
            : `ends ${formatExact(topic.endOffsets)} − starts ${formatExact(topic.startOffsets)}`
        }
      >
        <Exact value={topic.messages} why={offsetsWhy} />
      </Figure>
      <Figure
        label="Size"
        note={topic.replicaBytes === null ? null : `all replicas ${formatBytes(topic.replicaBytes)}`}
      >
        <Value value={topic.leaderBytes} format={formatBytes} why={sizeWhy} />
      </Figure>
      <Figure
        label="Messages in"
        note={topic.bytesPerSecond === null ? null : formatByteRate(topic.bytesPerSecond)}
      >
        <Value value={topic.messagesPerSecond} format={(rate) => `${formatRate(rate)}/s`} why={noRate} />
      </Figure>
      <Figure label="Consumer groups" note="with commits on it">
        <Value
          value={topic.groups}
          format={groupDigits}
          why={whyMissing(gaps, ['GROUPS', 'GROUP_OFFSETS'], 'A broker has not told of its groups.')}
        />
      </Figure>
      <Figure
        label="Retention"
        note={
          topic.cleanupPolicy === null ? null : (
            <>
              {topic.cleanupPolicy}
              {configsAt === null ? null : (
                <>
                  {' · read '}
                  <Age at={configsAt} />
                </>
              )}
            </>
          )
        }
      >
        <Value
          value={topic.retentionMs}
          format={retentionText}
          why={whyMissing(gaps, ['TOPIC_CONFIGS'], 'The configs have not been read yet.')}
        />
      </Figure>
    </Figures>
  );
}

const inTotal = () => 'all partitions';
const recorded = 'of the partitions whose lag is recorded: the worst 200 of a cluster';
const groupOf = (labels: Labels) => labels.group ?? '';

const chartsOf = (cluster: string, topic: string): HistoryChartProps[] => {
  const labels = { cluster, topic };
  return [
    {
      ...{ title: 'Messages in', metric: 'landbridge_topic_messages_in_per_second', labels },
      ...{ format: rateFormat, nameOf: inTotal },
    },
    {
      ...{ title: 'Size, logs of the leaders', metric: 'landbridge_topic_bytes', labels },
      ...{ format: bytesFormat, nameOf: inTotal },
    },
    {
      ...{ title: 'Lag of groups, messages', metric: 'kafka_consumergroup_group_lag', labels },
      ...{ aggregate: 'sum', by: 'group', format: countFormat, nameOf: groupOf },
      about: recorded,
    },
    {
      ...{ title: 'Lag of groups, time', metric: 'kafka_consumergroup_group_lag_seconds', labels },
      ...{ aggregate: 'max', by: 'group', format: secondsFormat, nameOf: groupOf },
      about: recorded,
    },
  ];
};
