// Failing a stopped mirror back: where both sides part, saving what only the old one has, and the operation that deletes, creates and mirrors back.
'use client';
import { linkHref, mirrorHref } from '@/components/links/paths';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ButtonLink } from '@/components/ui/button';
import { Banner, Missing } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { FailbackPlan } from '@/lib/contracts/failback';
import { groupDigits } from '@/lib/format';
import { FailbackForm } from './failback-form';
import { PartingTable } from './parting-table';
import { type Names, useFailbackPlan } from './queries';

export function FailbackPage(names: Names) {
  const { destination, link, topic } = names;
  const query = useFailbackPlan(names);
  const crumbs = [
    { href: '/links', label: 'Links' },
    { href: linkHref(destination, link), label: link },
    { href: mirrorHref(destination, link, topic), label: topic },
  ];
  return (
    <Page>
      <PageHeader
        title={`Fail ${topic} back`}
        crumbs={crumbs}
        actions={<ButtonLink href={mirrorHref(destination, link, topic)}>Mirror page</ButtonLink>}
      />
      <QueryView
        query={query}
        what={`where both sides of ${topic} part`}
        snapshotOf={() => ({ asOf: null })}
        skeleton={<Skeleton />}
        missing={
          <Missing
            title={`Link ${link} has no mirror ${topic}`}
            actions={<ButtonLink href={linkHref(destination, link)}>All mirrors of {link}</ButtonLink>}
          >
            It may have been removed from the link, or the link itself was deleted.
          </Missing>
        }
      >
        {(plan) => (
          <>
            <Comparison
              names={names}
              plan={plan}
              onAgain={() => void query.refetch()}
              busy={query.isFetching}
            />
            <FailbackForm names={names} plan={plan} />
          </>
        )}
      </QueryView>
    </Page>
  );
}

function Comparison({
  names,
  plan,
  onAgain,
  busy,
}: {
  names: Names;
  plan: FailbackPlan;
  onAgain: () => void;
  busy: boolean;
}) {
  const { parting, back, sourceTopic } = plan;
  return (
    <Panel
      title="Where both sides part"
      id="parting"
      aside={
        <button
          type="button"
          className="text-soft underline underline-offset-4 disabled:no-underline"
          disabled={busy}
          onClick={onAgain}
        >
          {busy ? 'Reading…' : 'Read again'}
        </button>
      }
    >
      <div className="flex flex-col gap-2 border-b px-4 py-3">
        <p className="text-base font-semibold">{headline(plan)}</p>
        <p className="text-soft">
          Old side: {sourceTopic} on {back.destination}. New side: {plan.topic} on {names.destination}, which
          took its place.
        </p>
        {plan.warnings.length > 0 ? (
          <Banner tone="warn" title="Before you go on">
            <ul className="flex list-disc flex-col gap-1 pt-1 pl-5">
              {plan.warnings.map((warning) => (
                <li key={warning} className="break-words">
                  {warning}
                </li>
              ))}
            </ul>
          </Banner>
        ) : null}
      </div>
      <PartingTable rows={parting.partitions} label={`Where both sides of ${plan.topic} part`} />
    </Panel>
  );
}

function headline({ parting, back, sourceTopic }: FailbackPlan): string {
  if (!parting.old) return `${back.destination} has no topic ${sourceTopic}: it is created there.`;
  if (!parting.diverged) return `Nothing was found that only ${back.destination} has: its topic can stay.`;
  if (parting.records === null)
    return `${back.destination} has records that the other side lacks; more than could be counted.`;
  return `${groupDigits(parting.records)} records stand on ${back.destination} only.`;
}

function Skeleton() {
  return (
    <div className="rounded-lg border bg-panel">
      <p className="border-b px-4 py-3 text-soft">Both sides are being read…</p>
      <TableSkeleton rows={4} widths={['w-16', 'w-24', 'w-24', 'w-24', 'flex-1']} />
    </div>
  );
}
