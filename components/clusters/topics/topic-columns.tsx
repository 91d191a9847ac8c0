// The columns of the topics table.
import Link from 'next/link';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { SweepGap } from '@/lib/contracts/monitoring/seen';
import type { TopicRow } from '@/lib/contracts/monitoring/topics';
import { formatByteRate, formatBytes, formatRate, groupDigits } from '@/lib/format';
import { whyMissing } from '../observed/gaps';
import { LookBadge } from '../observed/look';
import { topicHref } from '../observed/paths';
import { retentionText, topicLook } from './topic-words';

const noRate = 'Rates take two sweeps: the next one tells.';

/** @param gaps what the sweep could not read: reasons of missing numbers */
export const topicColumns = (cluster: string, gaps: readonly SweepGap[]) => {
  const offsetsWhy = whyMissing(gaps, ['OFFSETS'], 'A leader has not told where its logs begin and end.');
  const sizeWhy = whyMissing(gaps, ['LOG_DIRS'], 'A broker has not told the sizes of its logs.');
  const groupsWhy = whyMissing(gaps, ['GROUPS', 'GROUP_OFFSETS'], 'A broker has not told of its groups.');
  const rateWhy = whyMissing(gaps, ['OFFSETS'], noRate);
  const configsWhy = whyMissing(gaps, ['TOPIC_CONFIGS'], 'The configs have not been read yet.');
  return columnsOf<TopicRow>([
    [
      'name',
      'Topic',
      (row) => (
        <Link
          href={topicHref(cluster, row.name)}
          className="block truncate font-mono text-[13px] hover:underline"
          title={row.name}
        >
          {row.name}
          {row.internal ? <span className="font-sans text-soft"> · internal</span> : null}
        </Link>
      ),
      { sort: 'name', rowHeader: true, width: 'max-md:w-[42%]' },
    ],
    [
      'health',
      'Replicas',
      (row) => <LookBadge look={topicLook(row)} />,
      { sort: 'trouble', width: 'md:w-[168px]' },
    ],
    [
      'partitions',
      'Partitions',
      (row) => groupDigits(row.partitions),
      { sort: 'partitions', width: 'w-[104px]', numeric: true, wideOnly: true },
    ],
    [
      'replication',
      'Factor',
      (row) => groupDigits(row.replicationFactor),
      { menu: 'Replication factor', width: 'w-[72px]', numeric: true, wideOnly: true, extra: true },
    ],
    [
      'messages',
      'Messages',
      (row) => <CellValue value={row.messages} format={groupDigits} why={offsetsWhy} />,
      {
        ...{ sort: 'messages', width: 'w-[144px]', numeric: true, wideOnly: true },
        about: 'End − start of its logs, in offsets: transaction markers and compacted records count.',
      },
    ],
    [
      'size',
      'Size',
      (row) => <CellValue value={row.leaderBytes} format={formatBytes} why={sizeWhy} />,
      { sort: 'size', width: 'w-[92px]', numeric: true, wideOnly: true, about: 'Logs of the leaders.' },
    ],
    [
      'replicaBytes',
      'All replicas',
      (row) => <CellValue value={row.replicaBytes} format={formatBytes} why={sizeWhy} />,
      { menu: 'Size of all replicas', width: 'w-[104px]', numeric: true, wideOnly: true, extra: true },
    ],
    [
      'messageRate',
      'Messages/s',
      (row) => <CellValue value={row.messagesPerSecond} format={formatRate} why={rateWhy} />,
      { sort: 'messageRate', width: 'w-[118px] max-md:w-[106px]', numeric: true },
    ],
    [
      'byteRate',
      'Bytes in',
      (row) => (
        <CellValue
          value={row.bytesPerSecond}
          format={formatByteRate}
          why={whyMissing(gaps, ['OFFSETS', 'LOG_DIRS'], noRate)}
        />
      ),
      {
        ...{ sort: 'byteRate', width: 'w-24', numeric: true, wideOnly: true, menu: 'Bytes in per second' },
        about: 'Growth of the leaders’ logs, without what is deleted meanwhile.',
      },
    ],
    [
      'groups',
      'Groups',
      (row) => <CellValue value={row.groups} format={groupDigits} why={groupsWhy} />,
      {
        ...{ sort: 'groups', width: 'w-20', numeric: true, wideOnly: true, menu: 'Consumer groups' },
        about: 'Groups that have committed offsets of it.',
      },
    ],
    [
      'retention',
      'Retention',
      (row) => <CellValue value={row.retentionMs} format={retentionText} why={configsWhy} />,
      { width: 'w-24', numeric: true, wideOnly: true },
    ],
    [
      'cleanup',
      'Clean-up',
      (row) => <CellValue value={row.cleanupPolicy} format={String} why={configsWhy} />,
      { menu: 'Clean-up policy', width: 'w-32', wideOnly: true, extra: true },
    ],
  ]);
};
