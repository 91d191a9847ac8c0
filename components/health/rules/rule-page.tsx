// One rule: what it means, why it matters, what to do first, its thresholds, and what it finds now.
'use client';
import Link from 'next/link';
import { JudgedAt } from '@/components/health/alerts/nothing-open';
import { ConsoleChoice, useChosenConsole } from '@/components/health/console-choice';
import { healthHref, ruleHref, rulesHref } from '@/components/health/paths';
import { useJudgedStaleMs, useRules } from '@/components/health/queries';
import { SeverityBadge } from '@/components/health/severity';
import { areaWord } from '@/components/health/words';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ButtonLink } from '@/components/ui/button';
import { Missing } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { LibraryEntry } from '@/lib/contracts/monitoring/rules';
import { standing } from './counts';
import { SubjectState } from './subject-state';
import { SubjectsTable } from './subjects-table';
import { ThresholdsPanel } from './thresholds-panel';

const crumbs = [
  { href: healthHref, label: 'Health' },
  { href: rulesHref, label: 'Rules' },
];

export function RulePage({ id }: { id: string }) {
  const console = useChosenConsole();
  const query = useRules(console);
  const staleAfterMs = useJudgedStaleMs();
  const rule = query.data?.rules.find((one) => one.id === id);
  const state = rule ? standing(rule) : null;
  const worst = rule?.subjects.find((one) => one.state === 'RAISED');
  return (
    <Page>
      <PageHeader
        title={rule?.title ?? id}
        crumbs={crumbs}
        status={state ? <SubjectState state={state} severity={worst?.severity} /> : null}
        actions={
          <>
            <ConsoleChoice />
            {query.data ? <JudgedAt at={query.data.at} /> : null}
          </>
        }
      />
      <QueryView
        query={query}
        what="the rule"
        snapshotOf={({ at }) => ({
          asOf: at,
          staleAfterMs,
          taken: 'rules were last judged',
        })}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={8} widths={['w-40', 'flex-1', 'w-24']} />
          </div>
        }
      >
        {({ rules, at, whole }) =>
          rule ? (
            <Body rule={rule} rules={rules} judged={at !== null} whole={whole} />
          ) : (
            <Missing
              title={`No rule is called ${id}`}
              actions={<ButtonLink href={rulesHref}>All rules</ButtonLink>}
            >
              Another version of Landbridge may have it.
            </Missing>
          )
        }
      </QueryView>
    </Page>
  );
}

function Body({
  rule,
  rules,
  judged,
  whole,
}: {
  rule: LibraryEntry;
  rules: LibraryEntry[];
  judged: boolean;
  whole: boolean;
}) {
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Panel title="What it means" id="what">
          <div className="flex flex-col gap-3 px-4 py-3">
            <p>{rule.what}</p>
            <p className="text-soft">
              <span className="font-medium text-text">Why it matters.</span> {rule.why}
            </p>
            <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 border-t pt-3 [&_dt]:text-soft">
              <dt>Severity</dt>
              <dd className="flex flex-wrap gap-x-4">
                {rule.severities.map((one) => (
                  <SeverityBadge key={one} severity={one} />
                ))}
              </dd>
              <dt>Cleared when</dt>
              <dd>{rule.clear}</dd>
              <dt>Area</dt>
              <dd>{areaWord[rule.area]}</dd>
              <dt>One alert for each</dt>
              <dd>{rule.labels.length === 0 ? 'Landbridge' : rule.labels.join(', ')}</dd>
              <dt>Metrics</dt>
              <dd className="font-mono text-[13px] break-all">{rule.metrics.join(', ')}</dd>
              {rule.causes.length > 0 ? (
                <>
                  <dt>Listed under</dt>
                  <dd>
                    <Causes causes={rule.causes} rules={rules} />
                  </dd>
                </>
              ) : null}
              <dt>Id</dt>
              <dd className="font-mono text-[13px]">{rule.id}</dd>
            </dl>
          </div>
        </Panel>
        <Panel title="First steps" id="steps">
          <ol className="list-decimal space-y-1.5 py-3 pr-4 pl-9 marker:text-soft">
            {rule.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </Panel>
      </div>
      <ThresholdsPanel rule={rule} />
      <SubjectsTable rule={rule} judged={judged} whole={whole} />
    </>
  );
}

/** Rules whose alert stands for this one while both are raised. */
function Causes({ causes, rules }: { causes: readonly string[]; rules: readonly LibraryEntry[] }) {
  return (
    <ul>
      {causes.map((cause) => (
        <li key={cause}>
          <Link href={ruleHref(cause)} className="underline decoration-edge underline-offset-2">
            {rules.find(({ id }) => id === cause)?.title ?? cause}
          </Link>
        </li>
      ))}
    </ul>
  );
}
