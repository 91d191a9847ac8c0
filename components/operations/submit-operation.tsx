// The last part before mirrors are ended: why, the same as a request, and the name to be typed.
'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { onLink, useWhyNot } from '@/components/access/use-me';
import { linkHref } from '@/components/links/paths';
import { operationCall } from '@/components/links/rest-calls';
import { failureFrom } from '@/components/shell/api-client';
import { useOrigin } from '@/components/shell/use-origin';
import { ButtonLink } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import { Field, TextArea } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import type { LinkRow } from '@/lib/contracts/link';
import type { OperationKind, OperationPlan, StartOperationRequest } from '@/lib/contracts/operation';
import { groupDigits, plural } from '@/lib/format';
import { sumOfLosses } from './loss';
import { groupHref, operationHref, operationsApi } from './paths';
import { useStartOperation } from './queries';
import { bodyOf, reasonProblem } from './start-draft';
import { kindVerb } from './words';

type Props = {
  kind: OperationKind;
  link: LinkRow;
  request: StartOperationRequest;
  plans: OperationPlan[];
  /** The plans are not of this request. */
  stale: boolean;
  reason: string;
  onReason: (reason: string) => void;
  onStarted: () => void;
};

export function SubmitOperation({ kind, link, request, plans, stale, reason, onReason, onStarted }: Props) {
  const router = useRouter();
  const destination = link.destination.name;
  const start = useStartOperation(destination, link.name);
  const [open, setOpen] = useState(false);
  const [tried, setTried] = useState(false);
  const origin = useOrigin();
  const problem = reasonProblem(reason);
  const whyNot = useWhyNot()('approver', onLink(link)) ?? planProblem(plans, stale);
  const what = plans.length === 1 ? (plans[0]?.topic ?? '') : plural(plans.length, 'mirror');
  const toConfirm = plans.length === 1 ? what : link.name;
  const ask = () => {
    setTried(true);
    if (problem === undefined) setOpen(true);
  };
  const go = () =>
    start.mutate(request, {
      onSuccess: ({ auditOperationId, plans: begun }) => {
        onStarted();
        const [only, ...others] = begun.flatMap(({ operationId }) => operationId ?? []);
        router.push(
          only !== undefined && others.length === 0
            ? operationHref(destination, link.name, only)
            : auditOperationId === null
              ? linkHref(destination, link.name)
              : groupHref(destination, link.name, auditOperationId),
        );
      },
    });
  return (
    <>
      <Panel title="Reason" id="reason">
        <div className="px-4 py-3">
          <Field
            label="Why now"
            hint="Others read it in the audit log, on the operation and in the timeline."
            error={tried ? problem : undefined}
          >
            <TextArea rows={2} value={reason} onChange={(event) => onReason(event.target.value)} />
          </Field>
        </div>
      </Panel>
      <details>
        <summary className="text-soft hover:text-text">The same as a REST request</summary>
        <div className="pt-2">
          <CodeBlock
            label={`${kindVerb[kind]}; with ?validate_only=true it is the dry run`}
            text={operationCall(origin, operationsApi(destination, link.name), bodyOf(request))}
          />
        </div>
      </details>
      <div className="flex flex-wrap items-center gap-2 border-t pt-4">
        <GuardedButton kind={kind === 'FAILOVER' ? 'danger' : 'primary'} whyNot={whyNot} onClick={ask}>
          {kindVerb[kind]} {what}…
        </GuardedButton>
        <ButtonLink kind="bare" href={linkHref(destination, link.name)}>
          Back to the link
        </ButtonLink>
      </div>
      <ConfirmByName
        open={open}
        onOpenChange={setOpen}
        title={`${kindVerb[kind]} ${what}?`}
        name={toConfirm}
        confirmLabel={`${kindVerb[kind]} ${plans.length === 1 ? 'this mirror' : what}`}
        busy={start.isPending}
        error={<Refusal failure={failureFrom(start.error)} />}
        onConfirm={go}
      >
        <ul className="flex list-disc flex-col gap-1 pl-5 text-soft">
          <li>
            {plans.length === 1 ? 'The mirror becomes an ordinary topic' : `${what} become ordinary topics`}{' '}
            of {destination}; {plans.length === 1 ? 'it does' : 'they do'} not follow {link.source.name} any
            more.
          </li>
          {kind === 'REVERSE' ? (
            <li>
              {plans.length === 1 ? 'Its source' : 'Their sources'} on {link.source.name}{' '}
              {plans.length === 1 ? 'becomes its mirror' : 'become their mirrors'}: nobody but the link can
              write there.
            </li>
          ) : null}
          <li>
            {kind !== 'FAILOVER'
              ? 'It can be cancelled until the fence is set. After that there is no way back.'
              : `There is no way back. ${lossText(plans)}`}
          </li>
        </ul>
      </ConfirmByName>
    </>
  );
}

function planProblem(plans: OperationPlan[], stale: boolean): string | null {
  if (stale) return 'The dry run of this choice is not there yet.';
  if (plans.length === 0) return 'No mirror is chosen.';
  const refused = plans.filter(({ ok }) => !ok).length;
  return refused > 0 ? `${plural(refused, 'mirror')} refused: leave them out first.` : null;
}

function lossText(plans: OperationPlan[]): string {
  const { known, unknown } = sumOfLosses(plans);
  if (unknown === plans.length) return 'What is lost is unknown.';
  const atLeast = unknown > 0 ? ` at least, unknown for ${plural(unknown, 'mirror')}` : '';
  return `Estimated loss: ${groupDigits(known)} ${known === 1n ? 'offset' : 'offsets'}${atLeast}.`;
}
