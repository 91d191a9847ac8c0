// One promote, failover or reverse of one mirror: where it is and what it waits for, what became of it, and its statement.
'use client';
import { X } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { Refusal } from '@/components/access/refusal';
import { useLinkTarget } from '@/components/access/use-link-target';
import { useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { linkHref, mirrorHref } from '@/components/links/paths';
import { useLinks } from '@/components/links/queries';
import { Lasting } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ButtonLink } from '@/components/ui/button';
import { Banner, Missing } from '@/components/ui/notice';
import { Bar, TableSkeleton } from '@/components/ui/skeleton';
import type { OperationDetail } from '@/lib/contracts/operation';
import { isRemake } from '@/lib/contracts/remake';
import { OperationBadge, stepAt } from './operation-badge';
import { OperationFigures } from './operation-figures';
import { operationsHref } from './paths';
import { useCancelOperation, useOperation } from './queries';
import { RemakePanel } from './remake-panel';
import { StatementPanel } from './statement-panel';
import { StepList } from './step-list';
import { kindNoun, stepWord } from './words';

type Names = { destination: string; link: string; id: string };

export function OperationPage({ destination, link, id }: Names) {
  const query = useOperation(destination, link, id);
  // Steps are told by the engine: while it is silent, they are the last ones known.
  const engine = useLinks().data;
  const crumbs = [
    { href: '/links', label: 'Links' },
    { href: linkHref(destination, link), label: link },
    { href: operationsHref(destination, link), label: 'Operations' },
  ];
  return (
    <Page>
      {query.data ? (
        <Header destination={destination} link={link} operation={query.data} crumbs={crumbs} />
      ) : (
        <PageHeader title="Operation" crumbs={crumbs} />
      )}
      <QueryView
        query={query}
        what="this operation"
        snapshotOf={({ outcome }) =>
          outcome === null && engine ? { asOf: engine.asOf, engine: engine.engine } : { asOf: null }
        }
        skeleton={<OperationSkeleton />}
        missing={
          <Missing
            title={`Link ${link} has no such operation`}
            actions={
              <ButtonLink href={operationsHref(destination, link)}>All operations of {link}</ButtonLink>
            }
          >
            The link may have been deleted, and its operations with it. The audit log still has them.
          </Missing>
        }
      >
        {(operation) => (
          <>
            <Waiting operation={operation} />
            <WayBack operation={operation} />
            <OperationFigures destination={destination} link={link} operation={operation} />
            <StepList steps={operation.steps} ended={operation.outcome !== null} />
            <RemakePanel operation={operation} />
            {operation.statement ? (
              <StatementPanel
                destination={destination}
                link={link}
                id={operation.id}
                statement={operation.statement}
                final={operation.outcome !== null}
              />
            ) : null}
          </>
        )}
      </QueryView>
    </Page>
  );
}

function Header({
  destination,
  link,
  operation,
  crumbs,
}: Omit<Names, 'id'> & { operation: OperationDetail; crumbs: { href: string; label: string }[] }) {
  const cancel = useCancelOperation(destination, link, operation.id);
  const { mutate, isPending } = cancel;
  const { outcome, cancelAsked, cancellable, startedAt, endedAt, topic, kind } = operation;
  const mayNot = useWhyNot()('approver', useLinkTarget(destination, link));
  const actions = useMemo((): Action[] => {
    if (outcome !== null) return [];
    return [
      {
        id: 'operation.cancel',
        label: `Cancel ${kindNoun[kind].toLowerCase()}`,
        group: 'This page',
        icon: X,
        keywords: 'abort stop back',
        danger: true,
        disabledWhy:
          mayNot ??
          (cancelAsked || isPending
            ? 'It is being cancelled: the mirror goes on as before.'
            : cancellable
              ? null
              : isRemake(kind)
                ? 'The topic may be deleted already: it can only go on.'
                : 'The fence may be set already: from there on there is no way back.'),
        perform: () => mutate(),
      },
    ];
  }, [outcome, kind, mayNot, cancelAsked, isPending, cancellable, mutate]);
  useActions(actions);
  return (
    <>
      <PageHeader
        title={`${kindNoun[kind]} of ${topic}`}
        crumbs={crumbs}
        status={
          <span className="flex items-center gap-2">
            <OperationBadge operation={operation} />
            {endedAt === null ? (
              <span className="text-soft">
                for <Lasting since={startedAt} />
              </span>
            ) : null}
          </span>
        }
        actions={
          <>
            <ButtonLink href={mirrorHref(destination, link, topic)}>Mirror page</ButtonLink>
            <ActionBar actions={actions} />
          </>
        }
      />
      <Refusal failure={failureFrom(cancel.error)} />
    </>
  );
}

/** What it waits for while it goes on, or why it did not come to its end. */
function Waiting({ operation }: { operation: OperationDetail }) {
  const { outcome, message, steps, kind } = operation;
  const step = stepAt(operation);
  if (outcome === 'FAILED' || outcome === 'CANCELLED') {
    const before = isRemake(kind) ? 'nothing more is done' : 'the mirror goes on as before';
    const title = `${outcome === 'FAILED' ? `The ${kindNoun[kind].toLowerCase()} failed` : 'Cancelled'}: ${before}`;
    return (
      <Banner tone={outcome === 'FAILED' ? 'bad' : 'warn'} title={title}>
        {message ?? step?.detail}
      </Banner>
    );
  }
  if (outcome === 'DONE') return message ? <p className="text-soft">{message}</p> : null;
  if (step?.state === 'RUNNING' && step.detail !== null && step.since !== null) {
    return (
      <p className="rounded-lg border border-accent bg-accent-soft px-4 py-2.5">
        <span className="font-semibold">
          {stepWord[step.name]} waits for <Lasting since={step.since} />.
        </span>{' '}
        {step.detail}
      </p>
    );
  }
  return steps.length === 0 ? <p className="text-soft">The engine takes it up with its next look.</p> : null;
}

/** The link that leads back, and the mirror on it. */
function WayBack({ operation: { statement, outcome } }: { operation: OperationDetail }) {
  const back = statement?.back;
  if (back)
    return (
      <p className="rounded-lg border bg-panel px-4 py-2.5">
        <Link
          href={mirrorHref(back.destination, back.name, back.topic)}
          className="underline underline-offset-4"
        >
          {back.topic} on {back.destination}
        </Link>{' '}
        is the mirror now, on link{' '}
        <Link href={linkHref(back.destination, back.name)} className="underline underline-offset-4">
          {back.name}
        </Link>{' '}
        to {back.destination}.
      </p>
    );
  if (back === null && outcome === 'DONE')
    return (
      <Banner tone="warn" title="It was promoted, and there is no mirror on the way back">
        The statement below says why, and what to do.
      </Banner>
    );
  return null;
}

function OperationSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid h-[92px] grid-cols-2 gap-4 rounded-lg border bg-panel p-4 md:grid-cols-5">
        {['w-24', 'w-20', 'w-28', 'w-16', 'w-32'].map((width) => (
          <Bar key={width} className={`${width} h-6`} />
        ))}
      </div>
      <div className="rounded-lg border bg-panel">
        <TableSkeleton rows={10} widths={['w-32', 'w-20', 'flex-1', 'w-32']} />
      </div>
    </div>
  );
}
