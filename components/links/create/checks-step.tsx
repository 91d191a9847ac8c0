// Step 2: both ends are tried in stages, with times. The scratch topic is the only thing that is ever written, and only when asked for.
'use client';
import { useState } from 'react';
import { StageList, StagesRunning } from '@/components/clusters/stage-list';
import { useCheckLink } from '@/components/links/queries';
import { RightsList } from '@/components/links/rights-list';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Check } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { CheckResult, CheckStage } from '@/lib/contracts/cluster';
import { checksPassed, endsKey } from './draft';
import type { StepProps } from './step-props';

const before: CheckStage[] = ['RESOLVE', 'TCP', 'API_VERSIONS', 'CLUSTER_ID', 'METADATA'];

export function ChecksStep({ draft, change, go }: StepProps) {
  const check = useCheckLink();
  const [scratch, setScratch] = useState(true);
  const { name, source, destination } = draft;
  const run = () => {
    check.mutate(
      { name, source, destination, scratch },
      { onSuccess: (result) => change({ check: { of: endsKey(draft), result } }) },
    );
  };
  const result = draft.check?.of === endsKey(draft) ? draft.check.result : null;
  const failure = failureFrom(check.error);
  const passed = checksPassed(draft);
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Side
          title={`Source: ${source}`}
          id="source-checks"
          pending={check.isPending}
          checks={result?.source ?? null}
          stages={[...before, 'RIGHTS']}
        />
        <Side
          title={`Destination: ${destination}`}
          id="destination-checks"
          pending={check.isPending}
          checks={result?.destination ?? null}
          stages={scratch ? [...before, 'SCRATCH_TOPIC', 'RIGHTS'] : [...before, 'RIGHTS']}
        />
      </div>
      <Check
        checked={scratch}
        onChange={(event) => setScratch(event.target.checked)}
        label={`Also run the real sequence on a scratch topic of ${destination}: append, fill, delete. The topic is removed again.`}
      />
      {failure ? <Banner tone="bad" title={`The checks did not run: ${failure.message}`} live /> : null}
      {result && !check.isPending ? (
        <p role="status" className="font-medium">
          {result.ok
            ? 'Both ends are ready for this link.'
            : 'Not ready. Mend the first failed stage, then run the checks again.'}
        </p>
      ) : null}
      {result?.rights && !check.isPending ? <RightsList rights={result.rights} fills={result.fills} /> : null}
      <div className="flex flex-wrap gap-2 border-t pt-4">
        <Button kind={passed ? 'plain' : 'primary'} onClick={run} disabled={check.isPending}>
          {check.isPending ? 'Checking…' : result ? 'Run checks again' : 'Run checks'}
        </Button>
        <Button
          kind={passed ? 'primary' : 'plain'}
          onClick={() => go('topics')}
          disabled={!passed || check.isPending}
        >
          Next: choose topics
        </Button>
        <Button kind="bare" onClick={() => go('clusters')}>
          Back
        </Button>
      </div>
    </div>
  );
}

function Side({
  title,
  id,
  pending,
  checks,
  stages,
}: {
  title: string;
  id: string;
  pending: boolean;
  checks: CheckResult[] | null;
  stages: CheckStage[];
}) {
  return (
    <Panel title={title} id={id}>
      {pending ? (
        <StagesRunning label={`Stages, ${title}`} stages={stages} />
      ) : checks ? (
        <StageList label={`Stages, ${title}`} checks={checks} />
      ) : (
        <p className="px-4 py-3 text-soft">Not run yet.</p>
      )}
    </Panel>
  );
}
