// Where a mirror's configs differ from its source's: both values, the rule, and whose value stands.
'use client';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { Age } from '@/components/shell/age';
import { failureFrom, request } from '@/components/shell/api-client';
import { SNAPSHOT_POLL_MS } from '@/components/shell/intervals';
import { DataTable } from '@/components/ui/data-table';
import { Banner } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import {
  type ConfigRule,
  type MirrorConfigRow,
  type MirrorConfigsView,
  mirrorConfigsView,
} from '@/lib/contracts/topic-config-sync';
import { plural } from '@/lib/format';
import { mirrorApi } from './paths';

type Names = { destination: string; link: string; topic: string };

const useMirrorConfigs = ({ destination, link, topic }: Names) =>
  useQuery({
    queryKey: ['links', destination, link, 'mirror', topic, 'configs'],
    queryFn: ({ signal }) =>
      request(`${mirrorApi(destination, link, topic)}/configs`, mirrorConfigsView, { signal }),
    refetchInterval: SNAPSHOT_POLL_MS,
  });

export function MirrorConfigs({ names }: { names: Names }) {
  const query = useMirrorConfigs(names);
  const failure = failureFrom(query.error);
  return (
    <Panel title="Configs" id="configs" aside={query.data ? <Summary view={query.data} /> : null}>
      {failure || query.data?.trouble ? (
        <div className="flex flex-col gap-2 border-b p-4">
          {failure ? (
            <Banner tone="bad" title={`The configs could not be loaded: ${failure.message}`} />
          ) : null}
          {query.data?.trouble ? <Banner tone="warn" title={query.data.trouble} /> : null}
        </div>
      ) : null}
      {query.data ? (
        <Rows view={query.data} topic={names.topic} />
      ) : failure ? null : (
        <TableSkeleton rows={3} widths={['w-48', 'w-28', 'w-28', 'flex-1']} />
      )}
    </Panel>
  );
}

function Summary({ view: { readAt, rows } }: { view: MirrorConfigsView }) {
  if (readAt === null) return null;
  const differ = rows.filter(({ same }) => !same).length;
  return (
    <span className="text-soft">
      {differ === 0 ? 'None differs' : `${plural(differ, 'differs', 'differ')} from the source`}, read{' '}
      <Age at={readAt} />
    </span>
  );
}

function Rows({ view, topic }: { view: MirrorConfigsView; topic: string }) {
  const { rows, readAt } = view;
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  if (readAt === null)
    return <p className="px-4 py-3 text-soft">Neither side has been read since the engine started.</p>;
  if (rows.length === 0)
    return <p className="px-4 py-3 text-soft">All configs are the same on both sides.</p>;
  return (
    <>
      <DataTable
        label={`Configs of ${topic}`}
        columns={columns}
        count={rows.length}
        rowAt={rowAt}
        className="max-h-[480px]"
      />
      <Differing rows={rows.filter(({ same }) => !same)} />
    </>
  );
}

/** Narrow tables have no room for the rule. */
function Differing({ rows }: { rows: MirrorConfigRow[] }) {
  if (rows.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 border-t px-4 py-2 text-[13px] md:hidden">
      {rows.map(({ name, rule, holds }) => (
        <li key={name} className="break-words">
          <span className="font-mono">{name}</span>{' '}
          <span className="text-soft">
            {ruleWords[rule]}, {holderWords[holds]} stands
          </span>
        </li>
      ))}
    </ul>
  );
}

const ruleWords: Record<ConfigRule, string> = {
  ALWAYS: 'always travels',
  CHOSEN: 'chosen',
  OWN: 'this mirror’s own',
  HELD: 'held while mirroring',
  NOT_CHOSEN: 'not chosen',
  NEVER: 'never travels',
};
const holderWords: Record<MirrorConfigRow['holds'], string> = {
  BOTH: 'the same',
  SOURCE: 'the source’s',
  MIRROR: 'the mirror’s',
  LINK: 'the link’s',
  OPERATOR: 'the mirror’s',
};

const valueCell = (value: string | null) => (
  <span className="block truncate font-mono text-[13px]" title={value ?? undefined}>
    <CellValue value={value} format={(text) => text || 'none'} why="This side does not know it." />
  </span>
);

const columns = columnsOf<MirrorConfigRow>([
  [
    'name',
    'Config',
    (row) => (
      <span className="block truncate font-mono text-[13px]" title={`${row.name}. ${row.why}`}>
        {row.name}
      </span>
    ),
    { rowHeader: true, width: 'max-md:w-[40%]' },
  ],
  ['source', 'Source', (row) => valueCell(row.source), { width: 'md:w-[170px]' }],
  ['mirror', 'Mirror', (row) => valueCell(row.mirror), { width: 'md:w-[170px]' }],
  [
    'rule',
    'Rule',
    (row) => <span title={row.why}>{ruleWords[row.rule]}</span>,
    { width: 'w-44', wideOnly: true },
  ],
  [
    'holds',
    'Which stands',
    (row) => <span className={row.same ? 'text-soft' : undefined}>{holderWords[row.holds]}</span>,
    { width: 'w-32', wideOnly: true },
  ],
]);
