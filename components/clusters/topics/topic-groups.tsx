// Who consumes a topic: the groups that have committed offsets of it, the furthest behind first.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { bigintOf, sortRows } from '@/components/ui/sort-rows';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { TopicDetail, TopicGroupRow } from '@/lib/contracts/monitoring/topics';
import { formatDuration, groupDigits, plural } from '@/lib/format';
import { groupStateLook } from '../groups/group-words';
import { whyMissing } from '../observed/gaps';
import { LookBadge } from '../observed/look';
import { groupHref, partHref } from '../observed/paths';

export function TopicGroups({ detail }: { detail: TopicDetail }) {
  const { cluster, groups, topic, gaps } = detail;
  const rows = useMemo(() => sortRows(groups, (row) => bigintOf(row.lagMessages), 'desc'), [groups]);
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  const columns = useMemo(() => groupColumns(cluster), [cluster]);
  return (
    <Panel
      title="Consumer groups"
      id="groups"
      aside={
        rows.length > 0 ? (
          <Link
            href={`${partHref(cluster, 'groups')}?topic=${encodeURIComponent(topic.name)}`}
            className="text-accent hover:underline"
          >
            {plural(rows.length, 'group')}
            {topic.groups === null ? ', not all were told,' : ''} in the table of groups
          </Link>
        ) : null
      }
    >
      <DataTable
        label={`Consumer groups of ${topic.name}`}
        columns={columns}
        count={rows.length}
        rowAt={rowAt}
        className="max-h-[432px]"
        empty={whyMissing(
          gaps,
          ['GROUPS', 'GROUP_OFFSETS'],
          'No consumer group has committed offsets of this topic.',
        )}
      />
    </Panel>
  );
}

const groupColumns = (cluster: string) =>
  columnsOf<TopicGroupRow>([
    [
      'group',
      'Consumer group',
      (row) => <GroupLink cluster={cluster} group={row.group} />,
      { rowHeader: true, width: 'max-md:w-[46%]' },
    ],
    [
      'state',
      'State',
      (row) => <LookBadge look={groupStateLook(row.state)} />,
      { width: 'w-44', wideOnly: true },
    ],
    [
      'members',
      'Members',
      (row) => (
        <CellValue value={row.members} format={groupDigits} why="The coordinator has not told the members." />
      ),
      { width: 'w-24', numeric: true, wideOnly: true },
    ],
    [
      'partitions',
      'Partitions',
      (row) => groupDigits(row.partitions),
      {
        width: 'w-[104px]',
        numeric: true,
        wideOnly: true,
        about: 'Partitions of this topic that it has committed.',
      },
    ],
    [
      'lagMessages',
      'Lag, messages',
      (row) => (
        <CellValue
          value={row.lagMessages}
          format={groupDigits}
          why="The ends of its partitions were not told."
        />
      ),
      { width: 'w-[136px]', numeric: true },
    ],
    [
      'lagSeconds',
      'Lag, time',
      (row) => (
        <CellValue
          value={row.maxLagSeconds}
          format={formatDuration}
          why="The lag is older than what Landbridge has seen."
        />
      ),
      { width: 'w-28', numeric: true, wideOnly: true },
    ],
  ]);

export function GroupLink({ cluster, group }: { cluster: string; group: string }) {
  const href = groupHref(cluster, group);
  const name = group === '' ? '(empty name)' : group;
  const look = 'block truncate font-mono text-[13px]';
  return href === null ? (
    <span className={look}>{name}</span>
  ) : (
    <Link href={href} className={`${look} hover:underline`} title={group}>
      {name}
    </Link>
  );
}
