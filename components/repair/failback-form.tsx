// The choices of a failback, why, the same as a request, and the name of the topic that may be deleted.
'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { useLinkTarget } from '@/components/access/use-link-target';
import { useWhyNot } from '@/components/access/use-me';
import { operationHref } from '@/components/operations/paths';
import { reasonProblem } from '@/components/operations/start-draft';
import { failureFrom } from '@/components/shell/api-client';
import { useOrigin } from '@/components/shell/use-origin';
import { CodeBlock } from '@/components/ui/code-block';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import { Check, Field, TextArea } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import type { FailbackPlan } from '@/lib/contracts/failback';
import type { RemakeOptions } from '@/lib/contracts/remake';
import { type FailbackBody, failbackApi, type Names, useFailback } from './queries';

export function FailbackForm({ names, plan }: { names: Names; plan: FailbackPlan }) {
  const router = useRouter();
  const failback = useFailback(names);
  const [reason, setReason] = useState('');
  const [options, setOptions] = useState<Partial<RemakeOptions>>({});
  const [tried, setTried] = useState(false);
  const [open, setOpen] = useState(false);
  const problem = reasonProblem(reason);
  const { parting, back, sourceTopic } = plan;
  const mayNot = useWhyNot()('approver', useLinkTarget(names.destination, names.link));
  const body: FailbackBody = {
    ...{ reason: reason.trim(), confirm: sourceTopic, topicId: parting.old?.topicId ?? null },
    options,
  };
  const ask = (then: () => void) => {
    setTried(true);
    if (problem === undefined) then();
  };
  const go = () =>
    failback.mutate(body, {
      onSuccess: ({ operationId }) => {
        if (operationId !== null) router.push(operationHref(back.destination, back.name, operationId));
      },
    });
  return (
    <>
      <Panel title="How" id="how">
        <div className="flex flex-col gap-3 px-4 py-3">
          <Field
            label="Why now"
            hint="Others read it in the audit log, on the operation and in the timeline."
            error={tried ? problem : undefined}
          >
            <TextArea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
          </Field>
          {parting.diverged ? <Saving names={names} options={options} onOptions={setOptions} /> : null}
          {(parting.old?.activeGroups.length ?? 0) > 0 ? (
            <Check
              label={`Although consumers are active on ${back.destination}`}
              checked={options.activeGroups === 'ignore'}
              onChange={(event) =>
                setOptions({ ...options, activeGroups: event.target.checked ? 'ignore' : 'refuse' })
              }
            />
          ) : null}
          {parting.diverged ? (
            <Download names={names} reason={reason.trim()} whyNot={mayNot} onAsk={ask} />
          ) : null}
        </div>
      </Panel>
      <Request names={names} body={body} />
      <div className="flex flex-wrap items-center gap-2 border-t pt-4">
        <GuardedButton kind="danger" whyNot={mayNot} onClick={() => ask(() => setOpen(true))}>
          Fail back…
        </GuardedButton>
      </div>
      <ConfirmByName
        open={open}
        onOpenChange={setOpen}
        title={`Fail ${sourceTopic} back to ${back.destination}?`}
        name={sourceTopic}
        confirmLabel="Fail back"
        busy={failback.isPending}
        error={<Refusal failure={failureFrom(failback.error)} />}
        onConfirm={go}
      >
        <p className="text-soft">{plan.message}</p>
      </ConfirmByName>
    </>
  );
}

function Saving({
  names,
  options,
  onOptions,
}: {
  names: Names;
  options: Partial<RemakeOptions>;
  onOptions: (options: Partial<RemakeOptions>) => void;
}) {
  return (
    <Check
      label={`Copy what has diverged to a topic ${names.topic}.diverged-… on ${names.destination}, before anything is deleted`}
      checked={options.save ?? false}
      onChange={(event) => onOptions({ ...options, save: event.target.checked })}
    />
  );
}

/** A link of the browser: the file goes to the disk as it comes. */
function Download({
  names,
  reason,
  whyNot,
  onAsk,
}: {
  names: Names;
  reason: string;
  whyNot: string | null;
  onAsk: (then: () => void) => void;
}) {
  const href = `${failbackApi(names)}/records?reason=${encodeURIComponent(reason)}`;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <GuardedButton whyNot={whyNot} size="small" onClick={() => onAsk(() => window.location.assign(href))}>
        Download what has diverged
      </GuardedButton>
      <span className="text-[13px] text-soft">
        Lines of JSON with the contents of the records. Who took them, and why, stands in the audit log.
      </span>
    </div>
  );
}

function Request({ names, body }: { names: Names; body: FailbackBody }) {
  const origin = useOrigin();
  const text = `curl -X POST '${origin}${failbackApi(names)}' \\\n  -H 'content-type: application/json' \\\n  -d '${JSON.stringify(body)}'`;
  return (
    <details>
      <summary className="text-soft hover:text-text">The same as a REST request</summary>
      <div className="pt-2">
        <CodeBlock label="Fail back; with ?validate_only=true it is the dry run" text={text} />
      </div>
    </details>
  );
}
