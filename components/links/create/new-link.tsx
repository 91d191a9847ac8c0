// Creates a link in four steps. The step is in the URL, the entries in the tab's session: back, forward and reload lose nothing.
'use client';
import { useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { Page, PageHeader } from '@/components/shell/page-header';
import { serverNow } from '@/components/shell/server-clock';
import { useUrlState } from '@/components/shell/use-url-state';
import { Loading, TableSkeleton } from '@/components/ui/skeleton';
import { ChecksStep } from './checks-step';
import { ClustersStep } from './clusters-step';
import { allowedStep, emptyDraft, furthestStep, type LinkDraft, linkDraft, type Step } from './draft';
import { ReviewStep } from './review-step';
import type { StepProps } from './step-props';
import { Stepper } from './stepper';
import { TopicsStep } from './topics-step';
import { useSessionDraft } from './use-session-draft';

const STORAGE_KEY = 'landbridge.new-link';

export function NewLink() {
  const { draft, change, forget } = useSessionDraft(STORAGE_KEY, linkDraft, emptyDraft);
  const { params, patch } = useUrlState();
  usePresetSource(draft, change);
  const heading = useRef<HTMLDivElement>(null);
  const go = (step: Step) => {
    patch({ step: step === 'clusters' ? null : step, source: null }, 'push');
    heading.current?.focus();
  };
  const now = serverNow();
  const asked = params.get('step');
  const step = draft ? allowedStep(asked, draft, now) : 'clusters';
  const ready = draft !== null;
  useEffect(() => {
    // A deep link beyond what was entered opens earlier; it must not jump ahead as soon as the entries allow it.
    if (ready && asked !== null && asked !== step) patch({ step: step === 'clusters' ? null : step });
  }, [ready, asked, step, patch]);
  return (
    <Page>
      <div ref={heading} tabIndex={-1} className="outline-none">
        <PageHeader title="Create a link" crumbs={[{ href: '/links', label: 'Links' }]} />
      </div>
      {draft ? (
        <>
          <Stepper here={step} furthest={furthestStep(draft, now)} onGo={go} />
          <CurrentStep step={step} draft={draft} change={change} go={go} forget={forget} />
        </>
      ) : (
        <Loading label="Loading the draft">
          <div className="rounded-lg border bg-panel">
            <TableSkeleton rows={4} widths={['w-32', 'flex-1']} />
          </div>
        </Loading>
      )}
    </Page>
  );
}

function CurrentStep({ step, forget, ...props }: StepProps & { step: Step; forget: () => void }) {
  switch (step) {
    case 'clusters':
      return <ClustersStep {...props} />;
    case 'checks':
      return <ChecksStep {...props} />;
    case 'topics':
      return <TopicsStep {...props} />;
    case 'review':
      return <ReviewStep {...props} onCreated={forget} />;
  }
}

/** "Create a link from here" on a cluster's page. */
function usePresetSource(draft: LinkDraft | null, change: (changes: Partial<LinkDraft>) => void): void {
  const source = useSearchParams().get('source');
  const ready = draft !== null;
  useEffect(() => {
    if (source && ready) change({ source });
  }, [source, ready, change]);
}
