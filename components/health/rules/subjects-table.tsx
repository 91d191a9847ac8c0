// What a rule finds at each thing that it judges, worst first: number, step, and why nothing can be told.
'use client';
import { useCallback, useMemo } from 'react';
import { About } from '@/components/health/about';
import { serverNow } from '@/components/shell/server-clock';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { LibraryEntry, RuleSubject } from '@/lib/contracts/monitoring/rules';
import { formatClock, formatDateTime, formatDuration, groupDigits, plural } from '@/lib/format';
import { amount } from '@/lib/monitoring/amount';
import { SubjectState } from './subject-state';

export function SubjectsTable({
  rule,
  judged,
  whole,
}: {
  rule: LibraryEntry;
  judged: boolean;
  /** False: only what is raised or about to be is listed. */
  whole: boolean;
}) {
  const { subjects, more, unit, counted, raisedWhen } = rule;
  const isYesNo = rule.thresholds.length === 0;
  const rowAt = useCallback((index: number) => subjects[index], [subjects]);
  const columns = useMemo(
    () =>
      columnsOf<RuleSubject>([
        ['about', 'What', ({ labels }) => <About labels={labels} />, { rowHeader: true }],
        [
          'state',
          'State',
          ({ state, severity }) => <SubjectState state={state} severity={severity} />,
          { width: 'w-28' },
        ],
        ...(isYesNo ? [] : numberColumns({ unit, counted, raisedWhen })),
        [
          'held',
          'Held',
          (subject) => <Held subject={subject} />,
          { width: 'w-40', numeric: true, wideOnly: true },
        ],
        [
          'why',
          'Why',
          ({ why, lastNumberAt }) => {
            if (why === null) return '';
            const text = withSince(why, lastNumberAt);
            return (
              <span title={text} className="text-soft">
                {text}
              </span>
            );
          },
          { width: 'w-64', wideOnly: true },
        ],
      ]),
    [isYesNo, unit, counted, raisedWhen],
  );
  const total = subjects.length + more;
  return (
    <Panel
      title={whole ? 'Judged now' : 'Raised, or about to be, at any console'}
      id="subjects"
      aside={
        more > 0 ? (
          <span className="text-soft">
            {groupDigits(subjects.length)} of {groupDigits(total)}, worst first
          </span>
        ) : (
          <span className="text-soft">{plural(total, 'thing')}</span>
        )
      }
    >
      <DataTable
        label="Judged now"
        columns={columns}
        count={subjects.length}
        rowAt={rowAt}
        still={subjects.every(({ labels }) => Object.keys(labels).length === 0)}
        className="max-h-[60vh]"
        empty={
          !whole
            ? 'Nothing. Choose a console for everything that this rule judges there.'
            : judged
              ? 'There is nothing here that this rule judges, of what you may see.'
              : 'Nothing has been judged yet: the first look is under way.'
        }
      />
    </Panel>
  );
}

/** What is so or not has no number worth a column. */
const numberColumns = ({
  unit,
  counted,
  raisedWhen,
}: Pick<LibraryEntry, 'unit' | 'counted' | 'raisedWhen'>): Parameters<typeof columnsOf<RuleSubject>>[0] => [
  [
    'value',
    'Value',
    ({ value, why, lastNumberAt }) => (
      <CellValue
        value={value}
        format={(one) => amount(one, unit, counted)}
        why={why === null ? 'There is no number.' : withSince(why, lastNumberAt)}
      />
    ),
    { width: 'w-24', numeric: true },
  ],
  [
    'threshold',
    raisedWhen === 'above' ? 'Raised at or above' : 'Raised at or below',
    ({ threshold }) => amount(threshold, unit, counted),
    { width: 'w-36', numeric: true, wideOnly: true },
  ],
];

const DAY_MS = 86_400_000;

/** What says no more than that there is no number is said by its time. */
function withSince(why: string, lastNumberAt: number | null): string {
  if (lastNumberAt === null) return why;
  const isToday = serverNow() - lastNumberAt < DAY_MS;
  const since = `no number since ${isToday ? formatClock(lastNumberAt) : formatDateTime(lastNumberAt)}`;
  return why.startsWith('no number') ? since : `${since}: ${why}`;
}

/** How long it has been so, of how long it must be. */
function Held({ subject: { heldSeconds, forSeconds, state } }: { subject: RuleSubject }) {
  if (heldSeconds === null || (state !== 'PENDING' && state !== 'RAISED'))
    return <span className="text-soft">{state === 'OK' ? '' : '–'}</span>;
  return (
    <>
      {formatDuration(heldSeconds)}
      {state === 'PENDING' ? <span className="text-soft"> of {formatDuration(forSeconds)}</span> : null}
    </>
  );
}
