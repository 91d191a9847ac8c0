// The columns of the groups table.
import Link from 'next/link';
import { Age } from '@/components/shell/age';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { GroupRow } from '@/lib/contracts/consumer-group';
import { groupDigits } from '@/lib/format';
import { GroupStatusBadge } from './group-status';
import { stateWord, typeWord, whyNoGroupLag } from './group-words';

export const groupHref = (group: string): string => `?view=groups&group=${encodeURIComponent(group)}`;

export const groupColumns = columnsOf<GroupRow>([
  [
    'group',
    'Consumer group',
    (row) => (
      <Link
        href={groupHref(row.group)}
        scroll={false}
        className="font-mono text-[13px] hover:underline"
        title={
          row.mirrorGroup === row.group ? row.group : `${row.group}, on the destination ${row.mirrorGroup}`
        }
      >
        {row.group}
      </Link>
    ),
    { rowHeader: true, width: 'max-md:w-[58%]' },
  ],
  [
    'status',
    'Offsets',
    (row) => <GroupStatusBadge status={row.status} title={row.why ?? undefined} />,
    { width: 'md:w-[18%]' },
  ],
  ['type', 'Type', (row) => typeWord(row.type), { width: 'w-24', wideOnly: true }],
  [
    'states',
    'Source · destination',
    (row) => (
      <span className="text-soft">
        {stateWord(row.sourceState)} · {stateWord(row.mirrorState)}
      </span>
    ),
    { width: 'w-[152px]', wideOnly: true },
  ],
  [
    'sourceLag',
    'Lag at source',
    (row) => <CellValue value={row.sourceLag} format={groupDigits} why={whyNoGroupLag(row)} />,
    { width: 'w-[112px]', numeric: true, wideOnly: true },
  ],
  [
    'mirrorLag',
    'At mirror',
    (row) => <CellValue value={row.mirrorLag} format={groupDigits} why={whyNoGroupLag(row)} />,
    { width: 'w-24', numeric: true, wideOnly: true },
  ],
  [
    'lastSync',
    'Last in step',
    (row) =>
      row.lastSyncAt === null ? (
        <CellValue value={null} format={String} why="Not since the engine knows it." />
      ) : (
        <Age at={row.lastSyncAt} />
      ),
    { width: 'w-[104px]', numeric: true, wideOnly: true },
  ],
]);
