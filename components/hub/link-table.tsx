// Links of one console as it reported them; of a silent one nothing is said of now.
'use client';
import { useCallback } from 'react';
import { StateBadge } from '@/components/links/state-badge';
import { DataTable } from '@/components/ui/data-table';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { HubLink } from '@/lib/contracts/hub';
import { formatByteRate, formatDuration, groupDigits } from '@/lib/format';

/** A number that is old is dimmed. */
const number = (
  { stale }: HubLink,
  value: number | null,
  format: (value: number) => string,
  why = 'It has not reported that.',
) => (
  <span className={stale ? 'text-soft' : undefined}>
    <CellValue value={value} format={format} why={why} />
  </span>
);

const columns = columnsOf<HubLink>([
  ['name', 'Link', ({ name }) => <span className="font-mono">{name}</span>, { rowHeader: true }],
  [
    'ends',
    'From → to',
    ({ source, destination }) => (
      <span className="font-mono">
        {source} → {destination}
      </span>
    ),
    { wideOnly: true },
  ],
  [
    'state',
    'State',
    ({ stale, state, mirrorsFailed }) =>
      stale || state === null ? (
        <CellValue value={null} format={String} why="Not known now: the console is silent." />
      ) : (
        <StateBadge state={state} attention={(mirrorsFailed ?? 0) > 0} />
      ),
    { width: 'w-40 max-md:w-36' },
  ],
  [
    'mirrors',
    'Mirrors',
    (one) => number(one, one.mirrors, groupDigits),
    { width: 'w-24', numeric: true, wideOnly: true },
  ],
  [
    'bytes',
    'Throughput',
    (one) => number(one, one.bytesPerSecond, formatByteRate),
    { width: 'w-32', numeric: true, wideOnly: true },
  ],
  [
    'lag',
    'Worst lag',
    (one) => number(one, one.maxLagSeconds, formatDuration, 'Its lag is not known.'),
    { width: 'w-28 max-md:w-24', numeric: true },
  ],
]);

export function LinkTable({ links }: { links: HubLink[] }) {
  const rowAt = useCallback((index: number) => links[index], [links]);
  return (
    <DataTable label="Links" columns={columns} count={links.length} rowAt={rowAt} className="max-h-[60vh]" />
  );
}
