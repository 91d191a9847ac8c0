// One consumer group: why it is not in step, where it stands on both sides partition by partition, and who is in it now.
'use client';
import Link from 'next/link';
import { useCallback } from 'react';
import { Age } from '@/components/shell/age';
import { QueryView } from '@/components/shell/query-view';
import { DataTable } from '@/components/ui/data-table';
import { Banner, Missing } from '@/components/ui/notice';
import { Figure, Figures, Panel } from '@/components/ui/panel';
import { Bar, TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue, Value } from '@/components/ui/value';
import type { GroupDetail, GroupPartition } from '@/lib/contracts/consumer-group';
import type { LinkRow } from '@/lib/contracts/link';
import { groupDigits, plural } from '@/lib/format';
import { GroupStatusBadge } from './group-status';
import { groupLook, stateWord, typeWord, whyNoGroupLag } from './group-words';
import { useGroup } from './queries';

export function GroupView({ link, group }: { link: LinkRow; group: string }) {
  const query = useGroup(link.destination.name, link.name, group);
  const back = (
    <Link href="?view=groups" scroll={false} className="underline underline-offset-4">
      All consumer groups
    </Link>
  );
  return (
    <>
      <header className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <h2 className="min-w-0 break-all font-mono text-base font-semibold">{group}</h2>
        {back}
      </header>
      <QueryView
        query={query}
        what={`consumer group ${group}`}
        snapshotOf={() => ({ asOf: query.dataUpdatedAt })}
        skeleton={<GroupSkeleton />}
        missing={
          <Missing title={`The last sync has seen no group ${group}`} actions={back}>
            It is not on the source, the filters don’t let it through, or no sync has run since the engine
            started.
          </Missing>
        }
      >
        {(detail) => <Shown link={link} detail={detail} />}
      </QueryView>
    </>
  );
}

function Shown({ link, detail }: { link: LinkRow; detail: GroupDetail }) {
  const { group, partitions } = detail;
  const rowAt = useCallback((index: number) => partitions[index], [partitions]);
  const lagWhy = whyNoGroupLag(group);
  return (
    <>
      <Why group={group} />
      {group.type === 'share' ? (
        <p className="max-w-[80ch] text-soft">
          A share group has only a start offset, and that is synced: records behind it that were acknowledged
          on {link.source.name} are delivered again on {link.destination.name}.
        </p>
      ) : null}
      <Figures label="Where the group stands">
        <Figure
          label="Offsets on the destination"
          note={
            <>
              as of the last sync, <Age at={detail.asOf} />
            </>
          }
        >
          <span className="text-base">
            <GroupStatusBadge status={group.status} />
          </span>
        </Figure>
        <Figure label="Type" note={group.mirrorGroup === group.group ? null : `there: ${group.mirrorGroup}`}>
          {typeWord(group.type)}
        </Figure>
        <Figure
          label={`On ${link.source.name}`}
          note={
            <>
              lag <Value value={group.sourceLag} format={groupDigits} why={lagWhy} />
            </>
          }
        >
          {stateWord(group.sourceState)}
        </Figure>
        <Figure
          label={`On ${link.destination.name}`}
          note={
            <>
              lag <Value value={group.mirrorLag} format={groupDigits} why={lagWhy} />
            </>
          }
        >
          {stateWord(group.mirrorState)}
        </Figure>
        <Figure label="Last in step" className="max-md:col-span-2">
          {group.lastSyncAt === null ? (
            <Value value={null} format={String} why="Not since the engine knows it." />
          ) : (
            <Age at={group.lastSyncAt} />
          )}
        </Figure>
      </Figures>
      <Panel
        title={group.type === 'share' ? 'Start offsets' : 'Positions'}
        id="positions"
        aside={<span className="text-soft">{plural(partitions.length, 'partition')}</span>}
      >
        <DataTable
          label={`Positions of ${group.group}`}
          columns={positionColumns}
          count={partitions.length}
          rowAt={rowAt}
          className="max-h-[640px]"
          empty="Nothing is committed on a topic that the link mirrors."
        />
      </Panel>
      <Members detail={detail} link={link} />
    </>
  );
}

/** What needs somebody is a warning; the rest is only said. */
function Why({ group: { status, why } }: { group: GroupDetail['group'] }) {
  if (why === null) return null;
  const { shape, word } = groupLook(status);
  const calm = shape === 'hollow' || shape === 'ring' || shape === 'stopped';
  if (calm) return <p className="max-w-[80ch] break-words text-soft">{why}</p>;
  return (
    <Banner tone={shape === 'square' ? 'bad' : 'warn'} title={word}>
      {why}
    </Banner>
  );
}

const place: Parameters<typeof columnsOf<GroupPartition>>[0][number] = [
  'place',
  'Partition',
  (row) => (
    <span
      className="flex min-w-0 font-mono text-[13px]"
      title={`${row.topic}-${row.partition}${row.why ? `: ${row.why}` : ''}`}
    >
      <span className="truncate">{row.topic}</span>
      <span className="shrink-0">-{row.partition}</span>
    </span>
  ),
  { rowHeader: true, width: 'max-md:w-[34%]' },
];
// Offsets of 16 digits don't fit a narrow column: the whole one is its title.
const offsetOf = (value: string | null, why: string) => (
  <span title={value === null ? undefined : groupDigits(value)}>
    <CellValue value={value} format={groupDigits} why={why} />
  </span>
);

const positionColumns = columnsOf<GroupPartition>([
  place,
  [
    'source',
    'Source',
    (row) => offsetOf(row.sourceOffset, 'Nothing is committed there.'),
    { width: 'md:w-[190px]', numeric: true },
  ],
  [
    'mirror',
    'Mirror',
    (row) => offsetOf(row.mirrorOffset, 'Nothing is committed there.'),
    { width: 'md:w-[190px]', numeric: true },
  ],
  [
    'sourceLag',
    'Lag at source',
    (row) => offsetOf(row.sourceLag, 'Not known.'),
    { width: 'w-28', numeric: true, wideOnly: true },
  ],
  [
    'mirrorLag',
    'At mirror',
    (row) => offsetOf(row.mirrorLag, 'Not known.'),
    { width: 'w-28', numeric: true, wideOnly: true },
  ],
  [
    'why',
    'Why not the same',
    (row) => <span className="text-soft">{row.why ?? ''}</span>,
    { width: 'w-[34%]', wideOnly: true },
  ],
]);

function Members({ detail, link }: { detail: GroupDetail; link: LinkRow }) {
  const { members, membersTrouble } = detail;
  const sides = [
    { side: 'SOURCE', name: link.source.name },
    { side: 'DESTINATION', name: link.destination.name },
  ] as const;
  return (
    <Panel title="Members" id="members" aside={<span className="text-soft">as they are now</span>}>
      {membersTrouble ? <p className="border-b px-4 py-2 text-bad">{membersTrouble}</p> : null}
      <div className="grid grid-cols-1 md:grid-cols-2 md:divide-x">
        {sides.map(({ side, name }) => {
          const here = members?.filter((member) => member.side === side) ?? [];
          return (
            <div key={side} className="min-w-0 px-4 py-3">
              <h3 className="pb-1 font-medium">{name}</h3>
              {here.length === 0 ? (
                <p className="text-soft">{members === null ? 'Not known.' : 'None.'}</p>
              ) : (
                <ul className="flex flex-col gap-1">
                  {here.map(({ memberId, clientId, host }) => (
                    <li key={memberId} className="break-all">
                      {clientId} <span className="text-soft">from {host}</span>
                    </li>
                  ))}
                </ul>
              )}
            </div>
          );
        })}
      </div>
    </Panel>
  );
}

function GroupSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid h-[92px] grid-cols-2 gap-4 rounded-lg border bg-panel p-4 md:grid-cols-5">
        {['w-24', 'w-20', 'w-28', 'w-16', 'w-32'].map((width) => (
          <Bar key={width} className={`${width} h-6`} />
        ))}
      </div>
      <div className="rounded-lg border bg-panel">
        <TableSkeleton rows={6} widths={['flex-1', 'w-28', 'w-28', 'w-28']} />
      </div>
    </div>
  );
}
