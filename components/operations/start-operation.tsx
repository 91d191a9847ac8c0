// Promote, failover and reverse, before anything is changed: which mirrors, how, the dry run, the reason, the same as a request; then the typed name.
'use client';
import { useCallback, useMemo } from 'react';
import { useSessionDraft } from '@/components/links/create/use-session-draft';
import { linkHref } from '@/components/links/paths';
import { useLink } from '@/components/links/queries';
import { failureFrom } from '@/components/shell/api-client';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { ButtonLink } from '@/components/ui/button';
import { Banner, Missing } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { LinkRow } from '@/lib/contracts/link';
import type { OperationKind } from '@/lib/contracts/operation';
import { DryRun } from './dry-run';
import { OptionFields } from './option-fields';
import { startHref } from './paths';
import { useStartPlan } from './queries';
import { emptyStartDraft, optionsOf, requestOf, type StartDraft, startDraft } from './start-draft';
import { SubmitOperation } from './submit-operation';
import { useMirrorChoice } from './use-mirror-choice';
import { WhichMirrors } from './which-mirrors';
import { kindVerb } from './words';

type Names = { destination: string; name: string; kind: OperationKind };

const titles: Record<OperationKind, string> = {
  PROMOTE: 'Promote mirrors',
  FAILOVER: 'Fail mirrors over',
  REVERSE: 'Reverse mirrors',
};

export function StartOperation({ destination, name, kind }: Names) {
  const link = useLink(destination, name);
  const href = linkHref(destination, name);
  return (
    <Page>
      <PageHeader
        title={titles[kind]}
        crumbs={[
          { href: '/links', label: 'Links' },
          { href, label: name },
        ]}
      />
      <QueryView
        query={link}
        what={`link ${name}`}
        snapshotOf={(data) => data}
        skeleton={
          <div className="rounded-lg border bg-panel">
            <TableSkeleton rows={8} widths={['w-40', 'w-32', 'w-20', 'flex-1']} />
          </div>
        }
        missing={
          <Missing
            title={`There is no link ${name} to ${destination}`}
            actions={<ButtonLink href="/links">All links</ButtonLink>}
          >
            It may have been deleted. Its mirror topics stay on the destination as ordinary topics.
          </Missing>
        }
      >
        {(data) => <Start key={kind} kind={kind} link={data.link} />}
      </QueryView>
    </Page>
  );
}

function Start({ kind, link }: { kind: OperationKind; link: LinkRow }) {
  const destination = link.destination.name;
  const { choice, ready, choosePattern, chooseTopics } = useMirrorChoice(destination, link.name);
  const { draft, change, forget } = useSessionDraft<StartDraft>(
    `landbridge.end-mirrors.${kind}.${destination}/${link.name}`,
    startDraft,
    emptyStartDraft,
  );
  const made = useMemo(() => optionsOf(kind, draft ?? emptyStartDraft), [kind, draft]);
  const options = 'options' in made ? made.options : null;
  const problems = 'problems' in made ? made.problems : {};
  const request = useMemo(
    () => (choice && options && draft ? requestOf(kind, choice, options, '') : null),
    [kind, choice, options, draft],
  );
  const plan = useStartPlan(destination, link.name, request);
  const failure = failureFrom(plan.error);
  // What the server says of a pattern that it cannot read stands at its field.
  const patternError = choice && 'pattern' in choice && failure?.status === 400 ? failure.message : undefined;
  const plans = plan.data?.plans;
  const leaveOut = useCallback(
    (topics: string[]) => {
      const gone = new Set(topics);
      chooseTopics((plans ?? []).map(({ topic }) => topic).filter((topic) => !gone.has(topic)));
    },
    [plans, chooseTopics],
  );
  if (!draft || !ready) return null;
  return (
    <>
      <Meaning kind={kind} link={link} />
      <Panel title="Mirrors and options" id="options">
        <div className="flex flex-col gap-4 px-4 py-3">
          <WhichMirrors
            destination={destination}
            link={link.name}
            choice={choice}
            matched={choice && 'pattern' in choice && !plan.isPlaceholderData ? plans?.length : undefined}
            error={patternError}
            onPattern={choosePattern}
          />
          <div className="border-t pt-4">
            <OptionFields kind={kind} draft={draft} problems={problems} onChange={change} />
          </div>
        </div>
      </Panel>
      {request && !patternError ? (
        <DryRun kind={kind} plan={plan} onLeaveOut={leaveOut} />
      ) : choice === null ? (
        <p className="rounded-lg border border-dashed border-edge px-4 py-3 text-soft">
          Choose mirrors: then it is shown what would happen to each. Nothing is changed before you have typed
          a name at the end.
        </p>
      ) : null}
      {choice && options && plans ? (
        <SubmitOperation
          kind={kind}
          link={link}
          request={requestOf(kind, choice, options, draft.reason)}
          plans={plans}
          stale={plan.isPlaceholderData || plan.error !== null}
          reason={draft.reason}
          onReason={(reason) => change({ reason })}
          onStarted={forget}
        />
      ) : null}
    </>
  );
}

/** What it does, on which cluster, and when the other one is the right one. */
function Meaning({ kind, link }: { kind: OperationKind; link: LinkRow }) {
  const destination = link.destination.name;
  const search = useUrlState().params.toString();
  const other = (kind: OperationKind) =>
    `${startHref(destination, link.name, kind)}${search ? `?${search}` : ''}`;
  if (kind === 'REVERSE') return <ReverseMeaning link={link} failover={other('FAILOVER')} />;
  if (kind === 'PROMOTE') {
    return (
      <>
        <p className="max-w-[100ch] text-soft">
          Each mirror takes all that <strong className="text-text">{link.source.name}</strong> holds, and
          becomes an ordinary topic of <strong className="text-text">{destination}</strong> with the same
          offsets. Nothing is lost; it waits for as long as the source moves. It can be cancelled until the
          fence is set, and never after. Nothing changes on {link.source.name}, unless transactions are
          aborted there or it is fenced.
        </p>
        {link.state === 'UNAVAILABLE' ? (
          <Banner
            tone="warn"
            title={`${link.source.name} cannot be reached: a promote waits until it is back`}
          >
            <ButtonLink size="small" className="mt-1" href={other('FAILOVER')}>
              {kindVerb.FAILOVER} instead
            </ButtonLink>
          </Banner>
        ) : null}
      </>
    );
  }
  return (
    <>
      <p className="max-w-[100ch] text-soft">
        Each mirror becomes an ordinary topic of <strong className="text-text">{destination}</strong> at once,
        with what it holds now. <strong className="text-text">{link.source.name}</strong> is not asked: what
        it has and the mirror has not is lost, and transactions may be cut between partitions. There is a
        statement of what is missing, as far as it is known. Nothing changes on {link.source.name}.
      </p>
      {link.state === 'ACTIVE' ? (
        <Banner tone="warn" title={`${link.source.name} answers: a promote would lose nothing`}>
          <ButtonLink size="small" className="mt-1" href={other('PROMOTE')}>
            {kindVerb.PROMOTE} instead
          </ButtonLink>
        </Banner>
      ) : null}
    </>
  );
}

function ReverseMeaning({ link, failover }: { link: LinkRow; failover: string }) {
  const [from, to] = [link.source.name, link.destination.name];
  return (
    <>
      <p className="max-w-[100ch] text-soft">
        The two clusters change places. Each mirror takes all that{' '}
        <strong className="text-text">{from}</strong> holds and becomes an ordinary topic of{' '}
        <strong className="text-text">{to}</strong>; then the topic on {from} becomes its mirror, on link{' '}
        <span className="font-mono text-[13px]">{link.name}</span> from {to} to {from}. Nothing is lost, and
        nothing is copied again. It can be cancelled until the fence of the mirror is set, and never after;
        later it can be reversed again.
      </p>
      {link.state === 'UNAVAILABLE' ? (
        <Banner tone="warn" title={`${from} cannot be reached, and a reverse needs it`}>
          <ButtonLink size="small" className="mt-1" href={failover}>
            {kindVerb.FAILOVER} instead
          </ButtonLink>
        </Banner>
      ) : null}
    </>
  );
}
