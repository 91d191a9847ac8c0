// Health → Rules: everything that is judged, and how it stands now; found by area, by state or by words.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { JudgedAt } from '@/components/health/alerts/nothing-open';
import { ConsoleChoice, useChosenConsole } from '@/components/health/console-choice';
import { HealthTabs } from '@/components/health/health-tabs';
import { ruleHref } from '@/components/health/paths';
import { useJudgedStaleMs, useRules } from '@/components/health/queries';
import { SeverityShape, severityWord } from '@/components/health/severity';
import { areaWord, subjectWord } from '@/components/health/words';
import { useDebouncedText } from '@/components/links/use-debounced';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { DataTable } from '@/components/ui/data-table';
import { Input, Select } from '@/components/ui/field';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { type LibraryEntry, ruleAreas, subjectState } from '@/lib/contracts/monitoring/rules';
import { groupDigits, plural } from '@/lib/format';
import { countsOf, standing } from './counts';
import { matching, type RuleFilter, ruleFilterIn } from './search';
import { SubjectState } from './subject-state';

export function RulesPage() {
  const console = useChosenConsole();
  const query = useRules(console);
  const staleAfterMs = useJudgedStaleMs();
  const { params } = useUrlState();
  const filter = useMemo(() => ruleFilterIn(params), [params]);
  return (
    <Page>
      <PageHeader title="Rules" actions={query.data ? <JudgedAt at={query.data.at} /> : null} />
      <HealthTabs here="rules" />
      <QueryView
        query={query}
        what="the rules"
        snapshotOf={({ at }) => ({
          asOf: at,
          staleAfterMs,
          taken: 'rules were last judged',
        })}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={14} widths={['w-64', 'w-32', 'w-20', 'flex-1']} />
          </div>
        }
      >
        {({ rules, at, whole }) => <Library {...{ rules, filter, whole, console }} judged={at !== null} />}
      </QueryView>
    </Page>
  );
}

type LibraryProps = {
  rules: LibraryEntry[];
  filter: RuleFilter;
  judged: boolean;
  /** False: only what is raised or about to be is counted. */
  whole: boolean;
  console: string | undefined;
};

function Library({ rules, filter, judged, whole, console }: LibraryProps) {
  const columns = useMemo(() => columnsFor(whole, console), [whole, console]);
  const shown = useMemo(() => matching(rules, filter), [rules, filter]);
  const rowAt = useCallback((index: number) => shown[index], [shown]);
  const counts = countsOf(shown);
  return (
    <section aria-label="Rules" className="min-w-0 overflow-clip rounded-lg border bg-panel">
      <Toolbar
        filter={filter}
        count={[
          plural(shown.length, 'rule'),
          judged
            ? `${groupDigits(counts.RAISED)} raised, ${groupDigits(counts.PENDING)} pending, ${groupDigits(counts.UNKNOWN)} unknown${whole ? `, ${groupDigits(counts.OK)} fine` : ''}`
            : 'nothing has been judged yet',
        ].join(' · ')}
      />
      {whole ? null : (
        <p className="border-b px-4 py-2 text-soft">
          Of all consoles together, what is raised or about to be. Choose a console for everything that is
          judged there.
        </p>
      )}
      <DataTable
        label="Rules"
        columns={columns}
        count={shown.length}
        rowAt={rowAt}
        className="max-h-[max(432px,calc(100dvh-240px))]"
        empty="No rule matches this filter."
      />
    </section>
  );
}

const number = (value: number | undefined, loud = false) =>
  value ? (
    <span className={loud ? 'font-semibold' : undefined}>{groupDigits(value)}</span>
  ) : (
    <span className="text-soft">0</span>
  );

const columnsFor = (whole: boolean, console: string | undefined) =>
  columnsOf<LibraryEntry>([
    [
      'title',
      'Rule',
      (rule) => (
        <Link href={ruleHref(rule.id, console)} className="hover:underline" title={rule.what}>
          {rule.title}
        </Link>
      ),
      { rowHeader: true },
    ],
    ['area', 'Area', ({ area }) => areaWord[area], { width: 'w-40', wideOnly: true }],
    [
      'severity',
      'Severity',
      ({ severities }) => (
        <span
          className="inline-flex items-center gap-1.5"
          title={severities.map((one) => severityWord[one]).join(', ')}
        >
          {severities.map((one) => (
            <SeverityShape key={one} severity={one} size={11} />
          ))}
          <span className="sr-only">{severities.map((one) => severityWord[one]).join(', ')}</span>
        </span>
      ),
      { width: 'w-24', wideOnly: true },
    ],
    [
      'now',
      'Now',
      (rule) => {
        const state = standing(rule);
        if (state === null)
          return (
            <span className="text-soft" title={whole ? 'There is nothing here that it judges.' : undefined}>
              {whole ? 'Nothing to judge' : 'Nothing raised'}
            </span>
          );
        const worst = rule.subjects.find((one) => one.state === 'RAISED');
        return <SubjectState state={state} severity={worst?.severity} />;
      },
      { width: 'w-36 max-md:w-32' },
    ],
    [
      'raised',
      'Raised',
      ({ counts }) => number(counts.RAISED, true),
      { width: 'w-20', numeric: true, wideOnly: true },
    ],
    [
      'pending',
      'Pending',
      ({ counts }) => number(counts.PENDING),
      { width: 'w-20', numeric: true, wideOnly: true },
    ],
    [
      'unknown',
      'Unknown',
      ({ counts }) => number(counts.UNKNOWN),
      { width: 'w-22', numeric: true, wideOnly: true },
    ],
    ...(whole
      ? ([
          ['ok', 'Fine', ({ counts }) => number(counts.OK), { width: 'w-20', numeric: true, wideOnly: true }],
          [
            'off',
            'Off',
            ({ counts }) => number(counts.OFF),
            { width: 'w-16', numeric: true, wideOnly: true },
          ],
        ] as Parameters<typeof columnsOf<LibraryEntry>>[0])
      : []),
    [
      'set',
      'Thresholds',
      ({ overrides }) =>
        overrides.length === 0 ? (
          <span className="text-soft">default</span>
        ) : (
          plural(overrides.length, 'change')
        ),
      { width: 'w-28', wideOnly: true },
    ],
  ]);

const choice = 'w-auto sm:max-w-44 max-sm:w-[calc(50%-4px)]';

function Toolbar({ filter, count }: { filter: RuleFilter; count: string }) {
  const { patch } = useUrlState();
  const apply = useCallback((text: string) => patch({ text }), [patch]);
  const [typed, setTyped] = useDebouncedText(filter.text, apply);
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <Input
        type="search"
        aria-label="Search rules"
        placeholder="Search"
        className="w-full sm:w-48"
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ConsoleChoice />
      <Select
        aria-label="Area"
        className={choice}
        value={filter.area ?? ''}
        onChange={(event) => patch({ area: event.target.value })}
      >
        <option value="">Any area</option>
        {ruleAreas.map((area) => (
          <option key={area} value={area}>
            {areaWord[area]}
          </option>
        ))}
      </Select>
      <Select
        aria-label="State"
        className={choice}
        value={filter.state ?? ''}
        onChange={(event) => patch({ state: event.target.value })}
      >
        <option value="">Any state</option>
        {subjectState.options.map((state) => (
          <option key={state} value={state}>
            {subjectWord[state]}
          </option>
        ))}
        <option value="CHANGED">Thresholds changed</option>
      </Select>
      <p role="status" className="text-soft sm:ml-auto">
        {count}
      </p>
    </div>
  );
}
