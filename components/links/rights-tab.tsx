// The rights of a link that exists, looked at when asked for: what both principals may do with its topics now.
'use client';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { onLink, useWhyNot } from '@/components/access/use-me';
import { failureFrom } from '@/components/shell/api-client';
import { Check } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { LinkRow } from '@/lib/contracts/link';
import { useCheckLink } from './queries';
import { RightsList } from './rights-list';

export function RightsTab({ link }: { link: LinkRow }) {
  const check = useCheckLink();
  const [scratch, setScratch] = useState(false);
  const whyNot = useWhyNot()('operator', onLink(link));
  const failure = failureFrom(check.error);
  const failed = check.data
    ? [...check.data.source, ...check.data.destination].find(
        (stage) => stage.status === 'FAILED' && stage.stage !== 'RIGHTS',
      )
    : undefined;
  const ends = { name: link.name, source: link.source.name, destination: link.destination.name };
  return (
    <div className="flex flex-col gap-4">
      <Panel title="Rights" id="rights">
        <div className="flex flex-col items-start gap-3 px-4 py-3">
          <p className="max-w-[68ch] text-soft">
            Asks both clusters what the link may do with its topics. A running mirror says by itself when it
            loses a right that it needs.
          </p>
          <Check
            checked={scratch}
            onChange={(event) => setScratch(event.target.checked)}
            label={`Also run the real sequence on a scratch topic of ${link.destination.name}, and measure how fast gaps are filled.`}
          />
          <GuardedButton
            kind="primary"
            whyNot={whyNot}
            disabled={check.isPending}
            onClick={() => check.mutate({ ...ends, scratch })}
          >
            {check.isPending ? 'Checking…' : check.data ? 'Check again' : 'Check rights'}
          </GuardedButton>
        </div>
      </Panel>
      {failure ? <Banner tone="bad" title={`The check did not run: ${failure.message}`} live /> : null}
      {failed ? <Banner tone="bad" title={failed.message} live /> : null}
      {check.data?.rights && !check.isPending ? (
        <div role="status">
          <RightsList rights={check.data.rights} fills={check.data.fills} />
        </div>
      ) : null}
    </div>
  );
}
