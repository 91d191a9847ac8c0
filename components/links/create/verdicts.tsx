// The dry run of mirrors: per topic what will be created, or why not. Nothing has been changed when this is shown.
'use client';
import { useCallback, useMemo } from 'react';
import { StateShape } from '@/components/links/state-badge';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Banner } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { MirrorVerdict } from '@/lib/contracts/engine';
import { groupDigits, plural } from '@/lib/format';

const REASONS_SHOWN = 5;
const notRead = 'The source was not read for this topic.';

const columns = columnsOf<MirrorVerdict>([
  [
    'topic',
    'Topic',
    (row) => (
      <span className="font-mono text-[13px]" title={namesOf(row)}>
        {namesOf(row)}
      </span>
    ),
    { rowHeader: true, width: 'md:w-[24%]' },
  ],
  [
    'verdict',
    'Verdict',
    (row) => (
      <span className="inline-flex items-center gap-2">
        <StateShape shape={row.ok ? 'circle' : 'square'} />
        {row.ok ? 'Can be mirrored' : 'Refused'}
      </span>
    ),
    { width: 'w-40' },
  ],
  [
    'partitions',
    'Partitions',
    (row) => <CellValue value={row.partitions} format={groupDigits} why={notRead} />,
    { width: 'w-24', numeric: true, wideOnly: true },
  ],
  [
    'headFill',
    'Head fill, offsets',
    (row) => <CellValue value={row.headFill} format={groupDigits} why={notRead} />,
    { width: 'w-36', numeric: true, wideOnly: true },
  ],
  [
    'backlog',
    'Backlog, offsets',
    (row) => <CellValue value={row.backlog} format={groupDigits} why={notRead} />,
    { width: 'w-36', numeric: true, wideOnly: true },
  ],
  [
    'message',
    'What will happen',
    (row) => (
      <span className="text-soft" title={row.message}>
        {row.message}
      </span>
    ),
    { wideOnly: true },
  ],
]);

export function Verdicts({
  verdicts,
  onLeaveOut,
}: {
  verdicts: MirrorVerdict[];
  /** Takes the refused topics out of the choice, by their names at the source. */
  onLeaveOut: (topics: string[]) => void;
}) {
  const sorted = useMemo(() => [...verdicts].sort((a, b) => Number(a.ok) - Number(b.ok)), [verdicts]);
  const refused = sorted.filter((verdict) => !verdict.ok);
  const rowAt = useCallback((index: number) => sorted[index], [sorted]);
  return (
    <>
      {refused.length > 0 ? <Refused refused={refused} onLeaveOut={onLeaveOut} /> : null}
      <Panel title="Topics" id="verdicts" aside={<span className="text-soft">{totals(verdicts)}</span>}>
        <DataTable
          label="What will happen to each topic"
          columns={columns}
          count={sorted.length}
          rowAt={rowAt}
          className="max-h-[46vh]"
        />
      </Panel>
    </>
  );
}

function Refused({
  refused,
  onLeaveOut,
}: {
  refused: MirrorVerdict[];
  onLeaveOut: (topics: string[]) => void;
}) {
  return (
    <Banner tone="bad" title={`${plural(refused.length, 'topic')} cannot be mirrored`} live>
      <ul className="flex flex-col gap-1 py-1">
        {refused.slice(0, REASONS_SHOWN).map((verdict) => (
          <li key={verdict.topic}>
            <span className="font-mono text-[13px]">{namesOf(verdict)}</span>: {verdict.message}
          </li>
        ))}
        {refused.length > REASONS_SHOWN ? (
          <li>and {groupDigits(refused.length - REASONS_SHOWN)} more below</li>
        ) : null}
      </ul>
      <Button size="small" onClick={() => onLeaveOut(refused.map(({ sourceTopic }) => sourceTopic))}>
        Leave {refused.length === 1 ? 'it' : 'them'} out
      </Button>
    </Banner>
  );
}

function namesOf({ sourceTopic, topic }: MirrorVerdict): string {
  return sourceTopic === topic ? topic : `${sourceTopic} → ${topic}`;
}

function totals(verdicts: MirrorVerdict[]): string {
  const sum = (key: 'headFill' | 'backlog') => verdicts.reduce((total, v) => total + BigInt(v[key] ?? 0), 0n);
  const partitions = verdicts.reduce((total, v) => total + (v.partitions ?? 0), 0);
  return [
    plural(verdicts.length, 'topic'),
    plural(partitions, 'partition'),
    `${groupDigits(sum('headFill'))} offsets to fill`,
    `${groupDigits(sum('backlog'))} to copy now`,
  ].join(' · ');
}
