// The live preview of filters for auto-created mirrors: each topic of the source, what becomes of it, and why.
'use client';
import { useCallback, useEffect, useState } from 'react';
import { StateShape } from '@/components/links/state-badge';
import type { Shape } from '@/components/links/states';
import { FILTER_PAUSE_MS } from '@/components/shell/intervals';
import { QueryView } from '@/components/shell/query-view';
import { DataTable } from '@/components/ui/data-table';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import type {
  AutoCreateJudgement,
  AutoCreatePreviewRequest,
  AutoCreateVerdict,
  AutoCreatePreview as Preview,
} from '@/lib/contracts/auto-create';
import { nameFiltersText } from '@/lib/contracts/name-filters';
import { groupDigits, plural } from '@/lib/format';
import { useAutoCreatePreview } from './queries';

const looks: Record<AutoCreateVerdict, { word: string; shape: Shape }> = {
  MATCHED: { word: 'Will be mirrored', shape: 'circle' },
  MIRRORED: { word: 'Mirrored already', shape: 'circle' },
  EXISTS: { word: 'Name is taken', shape: 'square' },
  TAKEN: { word: 'Name is taken', shape: 'square' },
  NAME_TOO_LONG: { word: 'Name too long', shape: 'square' },
  STOPPED: { word: 'Stopped, left alone', shape: 'stopped' },
  REMOVED: { word: 'Taken off by a person', shape: 'stopped' },
  LEADS_BACK: { word: 'Comes from there', shape: 'hollow' },
  RESERVED: { word: 'Kafka’s own', shape: 'hollow' },
  INTERNAL: { word: 'Internal', shape: 'hollow' },
  EXCLUDED: { word: 'Excluded', shape: 'hollow' },
  NOT_INCLUDED: { word: 'Not included', shape: 'hollow' },
};
const refusals: AutoCreateVerdict[] = ['EXISTS', 'TAKEN', 'NAME_TOO_LONG'];

/** What is typed, once it rests and is a list of filters. */
function useSettled(request: AutoCreatePreviewRequest): AutoCreatePreviewRequest {
  const [settled, setSettled] = useState(request);
  const text = JSON.stringify(request);
  useEffect(() => {
    const next: AutoCreatePreviewRequest = JSON.parse(text);
    if (!nameFiltersText('topicFilters').safeParse(next.filters).success) return;
    const timer = setTimeout(() => setSettled(next), FILTER_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function AutoCreatePreview({ request }: { request: AutoCreatePreviewRequest }) {
  const settled = useSettled(request);
  const query = useAutoCreatePreview(settled);
  return (
    <section
      aria-label="What the filters take"
      className="min-w-0 overflow-clip rounded-lg border bg-panel"
      aria-busy={query.isFetching}
    >
      <QueryView
        query={query}
        what={`the topics of ${request.source}`}
        skeleton={<TableSkeleton rows={6} widths={['flex-1', 'w-40']} />}
      >
        {(preview) => <Rows preview={preview} busy={query.isPlaceholderData} prefix={settled.prefix} />}
      </QueryView>
    </section>
  );
}

function Rows({ preview, busy, prefix }: { preview: Preview; busy: boolean; prefix: string }) {
  const { rows, total } = preview;
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  return (
    <>
      <p role="status" className="border-b px-4 py-2 font-medium">
        {summary(preview)}
      </p>
      <DataTable
        label="Topics of the source"
        columns={prefix === '' ? columns : prefixedColumns}
        count={rows.length}
        rowAt={rowAt}
        busy={busy}
        still
        className="max-h-[36vh]"
        empty="The source shows no topics. Those that are created later are judged then."
      />
      {total > rows.length ? (
        <p className="border-t px-4 py-2 text-soft">
          The first {groupDigits(rows.length)} of {plural(total, 'topic')}.
        </p>
      ) : null}
    </>
  );
}

function summary({ counts, total }: Preview): string {
  const { MATCHED = 0, MIRRORED = 0 } = counts;
  const refused = refusals.reduce((sum, verdict) => sum + (counts[verdict] ?? 0), 0);
  const rest = total - MATCHED - MIRRORED - refused;
  return [
    `${plural(MATCHED, 'topic')} will be mirrored`,
    MIRRORED > 0 ? `${groupDigits(MIRRORED)} mirrored already` : null,
    refused > 0 ? `${groupDigits(refused)} cannot be` : null,
    `${groupDigits(rest)} left out`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

const name = (text: string) => (
  <span className="font-mono text-[13px]" title={text}>
    {text}
  </span>
);
const ends = {
  topic: ['sourceTopic', 'Topic', (row: AutoCreateJudgement) => name(row.sourceTopic), { rowHeader: true }],
  mirror: ['topic', 'Mirror topic', (row: AutoCreateJudgement) => name(row.topic), { wideOnly: true }],
  verdict: [
    'verdict',
    'What becomes of it',
    (row: AutoCreateJudgement) => (
      <span className="inline-flex items-center gap-2" title={row.message}>
        <StateShape shape={looks[row.verdict].shape} />
        {looks[row.verdict].word}
      </span>
    ),
    { width: 'w-48' },
  ],
  why: [
    'message',
    'Why',
    (row: AutoCreateJudgement) => (
      <span className="text-soft" title={row.message}>
        {row.message}
      </span>
    ),
    { wideOnly: true, width: 'w-[38%]' },
  ],
} satisfies Record<string, Parameters<typeof columnsOf<AutoCreateJudgement>>[0][number]>;

const columns = columnsOf<AutoCreateJudgement>([ends.topic, ends.verdict, ends.why]);
const prefixedColumns = columnsOf<AutoCreateJudgement>([ends.topic, ends.mirror, ends.verdict, ends.why]);
