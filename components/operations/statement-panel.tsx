// What a stopped topic holds of its source and what it does not, partition by partition. Unknown is said, never 0.
'use client';
import { Download } from 'lucide-react';
import { type CSSProperties, useCallback, useMemo } from 'react';
import { Age } from '@/components/shell/age';
import { ButtonLink } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { OperationStatement, StatementPartition } from '@/lib/contracts/operation';
import { formatDateTime, groupDigits, plural } from '@/lib/format';
import { LeftBehind } from './left-behind';
import { statementHref } from './paths';

const notAsked = 'The destination could not be asked for this partition.';
const notSeen = 'The source was never seen to tell its end of this partition.';
const offset = (value: string | null, why: string) => (
  <span className="font-mono text-[13px]">
    <CellValue value={value} format={groupDigits} why={why} />
  </span>
);
const wide = 'w-(--offset-width)';

const columns = columnsOf<StatementPartition>([
  ['partition', 'Partition', (row) => row.partition, { width: 'w-24', rowHeader: true }],
  [
    'missing',
    'Missing, offsets',
    (row) =>
      row.missing === null ? (
        <span title={row.mirrorEnd === null ? notAsked : notSeen}>unknown</span>
      ) : (
        <span className={row.missing === '0' ? 'text-soft' : 'font-semibold text-bad'}>
          {groupDigits(row.missing)}
        </span>
      ),
    { width: 'w-36 max-md:w-32', numeric: true },
  ],
  ['mirrorEnd', 'Mirror end', (row) => offset(row.mirrorEnd, notAsked), { width: wide, numeric: true }],
  ['sourceEnd', 'Source end', (row) => offset(row.sourceEnd, notSeen), { width: wide, numeric: true }],
  [
    'sourceLastStable',
    'Source last stable',
    (row) => offset(row.sourceLastStable, notSeen),
    { width: wide, numeric: true },
  ],
  [
    'seen',
    'Source seen',
    (row) =>
      row.sourceSeenAt === null ? (
        <span title={notSeen}>never</span>
      ) : (
        <span title={formatDateTime(row.sourceSeenAt)} className="text-soft">
          <Age at={row.sourceSeenAt} />
        </span>
      ),
    { width: 'w-32', numeric: true },
  ],
  [
    'fence',
    'Fence',
    (row) => (
      <span title={row.epoch === null ? undefined : `Producer epoch ${row.epoch}`}>
        {offset(row.fence, 'No fence was set on this partition.')}
      </span>
    ),
    { width: wide, numeric: true },
  ],
  [
    'left',
    'Left behind',
    (row) =>
      row.left.length === 0 ? <span className="text-soft">nothing</span> : plural(row.left.length, 'range'),
    { width: 'w-28', numeric: true },
  ],
  [
    'note',
    'Note',
    (row) => (
      <span className="text-soft" title={row.note ?? undefined}>
        {row.note}
      </span>
    ),
  ],
]);

export function StatementPanel({
  destination,
  link,
  id,
  statement,
  final,
}: {
  destination: string;
  link: string;
  id: string;
  statement: OperationStatement;
  /** False while the operation goes on. */
  final: boolean;
}) {
  const { partitions } = statement;
  const rowAt = useCallback((index: number) => partitions[index], [partitions]);
  const digits = useMemo(() => longestOffset(partitions), [partitions]);
  const left = useMemo(
    () =>
      partitions.flatMap(({ partition, left: ranges }) => ranges.map((range) => ({ partition, ...range }))),
    [partitions],
  );
  return (
    <Panel
      title={final ? 'Statement' : 'Statement so far'}
      id="statement"
      aside={
        <span className="flex flex-wrap gap-2">
          <DownloadLink href={statementHref(destination, link, id, 'json')} label="JSON" />
          <DownloadLink href={statementHref(destination, link, id, 'csv')} label="CSV" />
        </span>
      }
    >
      <div className="flex flex-col gap-2 border-b px-4 py-3">
        <p className="text-base font-semibold">{headline(statement)}</p>
        {statement.notes.map((note) => (
          <p key={note} className="text-soft">
            {note}
          </p>
        ))}
      </div>
      {left.length > 0 ? <LeftBehind rows={left} /> : null}
      <div
        className="[--offset-width:max(124px,calc(var(--digits)*8px+24px))] [--table-width:calc(740px+4*var(--offset-width))]"
        style={{ '--digits': digits } as CSSProperties}
      >
        <DataTable
          label={`Statement of ${statement.topic}`}
          columns={columns}
          count={partitions.length}
          still
          rowAt={rowAt}
          className="max-h-[60vh] [&_table]:min-w-(--table-width) [&_th:first-child]:sticky [&_th:first-child]:left-0 [&_th:first-child]:bg-panel"
          empty="The topic had no partitions."
        />
      </div>
    </Panel>
  );
}

export function headline({ missing, partitions }: OperationStatement): string {
  if (missing === '0') return 'Nothing is missing: the topic holds all that the source was seen to have.';
  if (missing !== null) {
    return missing === '1'
      ? '1 offset of the source is missing.'
      : `${groupDigits(missing)} offsets of the source are missing.`;
  }
  const unknown = partitions.filter((row) => row.missing === null).length;
  const known = partitions.reduce((sum, row) => sum + BigInt(row.missing ?? 0), 0n);
  return `At least ${groupDigits(known)} offsets are missing; unknown in ${plural(unknown, 'partition')}.`;
}

function DownloadLink({ href, label }: { href: string; label: string }) {
  return (
    <ButtonLink
      size="small"
      href={href}
      prefetch={false}
      download
      aria-label={`Download the statement as ${label}`}
    >
      <Download aria-hidden size={14} />
      {label}
    </ButtonLink>
  );
}

/** Characters of the longest offset as it is shown, with its separators. */
function longestOffset(partitions: StatementPartition[]): number {
  const lengths = partitions.flatMap((row) =>
    [row.missing, row.mirrorEnd, row.sourceEnd, row.sourceLastStable, row.fence].map((value) =>
      value === null ? 0 : groupDigits(value).length,
    ),
  );
  return Math.max(0, ...lengths);
}
