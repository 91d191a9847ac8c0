// Who is in a group at the last sweep: from where, with which partitions, and how far behind with them.
'use client';
import { useCallback, useMemo } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { bigintOf, sortRows } from '@/components/ui/sort-rows';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { GroupDetail, MonitoredGroupMember } from '@/lib/contracts/monitoring/groups';
import { groupDigits, plural } from '@/lib/format';
import { whyMissing } from '../observed/gaps';

export function GroupMembers({ detail }: { detail: GroupDetail }) {
  const { members, row, gaps } = detail;
  const rows = useMemo(
    () => sortRows(members ?? [], (member) => bigintOf(member.lagMessages), 'desc'),
    [members],
  );
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  return (
    <Panel
      title="Members"
      id="members"
      aside={members ? <span className="text-soft">{plural(members.length, 'member')}</span> : null}
    >
      {members === null ? (
        <p className="px-4 py-3 text-soft">
          Not known.{' '}
          {row.why ?? whyMissing(gaps, ['GROUP_MEMBERS', 'GROUPS'], 'The coordinator has not told.')}
        </p>
      ) : (
        <DataTable
          label={`Members of ${row.group}`}
          columns={columns}
          count={rows.length}
          rowAt={rowAt}
          still
          className="max-h-[432px]"
          empty="None: nobody reads for this group now."
        />
      )}
    </Panel>
  );
}

const columns = columnsOf<MonitoredGroupMember>([
  [
    'client',
    'Client',
    (row) => (
      <span className="block truncate" title={`${row.clientId}, member ${row.memberId}`}>
        {row.clientId || row.memberId}
        {row.instanceId === null ? null : <span className="text-soft"> · {row.instanceId}, static</span>}
      </span>
    ),
    { rowHeader: true },
  ],
  [
    'host',
    'From',
    (row) => <span className="font-mono text-[13px]">{row.host}</span>,
    { width: 'w-48', wideOnly: true },
  ],
  ['assigned', 'Partitions', (row) => <Assigned member={row} />, { width: 'w-[34%]' }],
  [
    'lag',
    'Lag, messages',
    (row) => (
      <CellValue
        value={row.lagMessages}
        format={groupDigits}
        why="The end of one of its partitions has not been told, or none has a commit."
      />
    ),
    { width: 'w-[136px] max-md:w-28', numeric: true },
  ],
]);

function Assigned({ member: { assigned } }: { member: MonitoredGroupMember }) {
  if (assigned === null)
    return (
      <CellValue value={null} format={String} why="It is not told, or not in a form that consumers use." />
    );
  const count = assigned.reduce((sum, { partitions }) => sum + partitions.length, 0);
  const all = assigned.map(({ topic, partitions }) => `${topic}: ${partitions.join(', ')}`).join('\n');
  return (
    <span className="block truncate" title={all}>
      {count === 0 ? (
        <span className="text-soft">none: there are more members than partitions</span>
      ) : (
        <>
          {groupDigits(count)} <span className="text-soft">· {all.replaceAll('\n', ' · ')}</span>
        </>
      )}
    </span>
  );
}
