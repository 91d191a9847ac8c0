// Mirrors that were asked for together: how many are through, and the others worst first.
'use client';
import Link from 'next/link';
import { linkHref } from '@/components/links/paths';
import { useLinks } from '@/components/links/queries';
import { StateShape } from '@/components/links/state-badge';
import type { Shape } from '@/components/links/states';
import { Lasting } from '@/components/shell/age';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ButtonLink } from '@/components/ui/button';
import { Empty } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Bar, TableSkeleton } from '@/components/ui/skeleton';
import type { OperationCounts, OperationRow } from '@/lib/contracts/operation';
import { formatDateTime, groupDigits, plural } from '@/lib/format';
import { CancelGroup } from './cancel-group';
import { OperationTable } from './operation-table';
import { auditHref, operationsHref } from './paths';
import { useOperations } from './queries';
import { kindNoun } from './words';

/** Of a large group only the worst are listed: the others are through, or follow. */
const LISTED = 200;

type Names = { destination: string; link: string; group: string };

export function GroupPage({ destination, link, group }: Names) {
  const query = useOperations(destination, link, { group, limit: LISTED });
  const engine = useLinks().data;
  const rows = query.data?.operations ?? [];
  const kind = rows[0]?.kind;
  const total = query.data ? sum(query.data.counts) : 0;
  return (
    <Page>
      <PageHeader
        title={kind ? `${kindNoun[kind]} of ${plural(total, 'mirror')}` : 'Operations'}
        crumbs={[
          { href: '/links', label: 'Links' },
          { href: linkHref(destination, link), label: link },
          { href: operationsHref(destination, link), label: 'Operations' },
        ]}
        actions={<CancelGroup destination={destination} link={link} operations={rows} />}
      />
      <QueryView
        query={query}
        what="these operations"
        snapshotOf={({ counts }) =>
          counts.open > 0 && engine ? { asOf: engine.asOf, engine: engine.engine } : { asOf: null }
        }
        skeleton={<GroupSkeleton />}
      >
        {({ operations, counts }) =>
          operations[0] === undefined ? (
            <Empty
              title="Nothing was started under this address"
              actions={
                <ButtonLink href={operationsHref(destination, link)}>All operations of {link}</ButtonLink>
              }
            />
          ) : (
            <>
              <Progress counts={counts} first={operations[0]} />
              <Panel
                title="Mirrors"
                id="mirrors"
                aside={
                  <span className="text-soft">
                    {total > operations.length
                      ? `${groupDigits(operations.length)} of ${groupDigits(total)}, worst first`
                      : 'worst first'}
                  </span>
                }
              >
                <OperationTable
                  destination={destination}
                  link={link}
                  operations={operations}
                  label="Mirrors asked for together"
                  grouped
                  empty="Nothing."
                />
              </Panel>
            </>
          )
        }
      </QueryView>
    </Page>
  );
}

const sum = ({ open, done, failed, cancelled }: OperationCounts): number => open + done + failed + cancelled;

function Progress({ counts, first }: { counts: OperationCounts; first: OperationRow }) {
  const total = sum(counts);
  const parts: { count: number; word: string; shape: Shape }[] = [
    { count: counts.failed, word: 'failed', shape: 'square' },
    { count: counts.open, word: 'under way', shape: 'ring' },
    { count: counts.cancelled, word: 'cancelled', shape: 'stopped' },
    { count: counts.done, word: 'stopped', shape: 'circle' },
  ];
  return (
    <section aria-label="Progress" className="flex flex-col gap-3 rounded-lg border bg-panel px-4 py-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p className="text-xl/7 font-semibold">
          {groupDigits(counts.done)} of {groupDigits(total)} stopped
        </p>
        <ul className="flex flex-wrap gap-x-4">
          {parts
            .filter(({ count }) => count > 0)
            .map(({ count, word, shape }) => (
              <li key={word} className="inline-flex items-center gap-2">
                <StateShape shape={shape} /> {groupDigits(count)} {word}
              </li>
            ))}
        </ul>
      </div>
      <progress
        aria-label="Mirrors stopped"
        value={counts.done}
        max={total}
        className="h-1.5 w-full appearance-none overflow-hidden rounded-full [&::-moz-progress-bar]:bg-ok [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-ok"
      />
      <p className="text-soft">
        Asked by{' '}
        <Link
          href={auditHref(first.auditOperationId)}
          className="underline decoration-edge underline-offset-2 hover:text-text"
          title="Show the audit entry"
        >
          {first.actor}
        </Link>{' '}
        on {formatDateTime(first.startedAt)}
        {counts.open > 0 ? (
          <>
            , under way for <Lasting since={first.startedAt} />
          </>
        ) : null}
        {first.reason ? `: ${first.reason}` : '.'}
      </p>
    </section>
  );
}

function GroupSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <div className="flex h-[108px] flex-col justify-between rounded-lg border bg-panel p-4">
        <Bar className="h-6 w-48" />
        <Bar className="h-1.5 w-full" />
        <Bar className="w-64" />
      </div>
      <div className="rounded-lg border bg-panel">
        <TableSkeleton rows={10} widths={['w-40', 'w-32', 'flex-1', 'w-16', 'w-16']} />
      </div>
    </div>
  );
}
