// One request for approval: exactly what will happen, and the steps that this person may take, each with its reason where not.
'use client';
import { type ReactNode, useState } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { QueryView } from '@/components/shell/query-view';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, TextArea } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { Bar } from '@/components/ui/skeleton';
import { type ApprovalDetail, rejectApprovalRequest } from '@/lib/contracts/access';
import { formatDateTime } from '@/lib/format';
import { approvalLook } from './approval-text';
import { FreshButton, GuardedButton } from './guarded-button';
import { type ApprovalStep, useApproval, useApprovalStep } from './queries';
import { StateMark } from './state-mark';

export function ApprovalDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useApproval(id);
  return (
    <Dialog open onOpenChange={onClose} title="Two persons">
      <QueryView query={query} what="this request" skeleton={<Bar className="w-2/3" />}>
        {(approval) => <Decision approval={approval} />}
      </QueryView>
    </Dialog>
  );
}

function Decision({ approval }: { approval: ApprovalDetail }) {
  const step = useApprovalStep(approval.id);
  const [withReason, setWithReason] = useState<'reject' | 'break-glass' | null>(null);
  const failure = failureFrom(step.error);
  const take = (name: ApprovalStep, reason?: string) =>
    step.mutate(
      { step: name, ...(reason === undefined ? {} : { reason }) },
      { onSuccess: () => setWithReason(null) },
    );
  const look = approvalLook[approval.state];
  return (
    <div className="flex flex-col gap-4">
      <p className="font-medium">{approval.summary}</p>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
        <Row name="State" value={<StateMark shape={look.shape}>{look.word}</StateMark>} />
        <Row name="Asked by" value={`${approval.requestedBy}, ${formatDateTime(approval.requestedAt)}`} />
        <Row name="Valid until" value={formatDateTime(approval.expiresAt)} />
        {approval.decidedBy && approval.decidedAt !== null ? (
          <Row name="Decided by" value={`${approval.decidedBy}, ${formatDateTime(approval.decidedAt)}`} />
        ) : null}
        {approval.reason ? <Row name="Reason" value={approval.reason} /> : null}
        {approval.facts.map(({ name, value }) => (
          <Row key={name} name={name} value={value} />
        ))}
      </dl>
      {failure ? <Banner tone="bad" title={failure.message} live /> : null}
      {withReason ? (
        <WithReason
          step={withReason}
          busy={step.isPending}
          onCancel={() => setWithReason(null)}
          onGo={(reason) => take(withReason, reason)}
        />
      ) : (
        <div className="flex flex-wrap justify-end gap-2">
          <GuardedButton
            whyNot={whyOf(approval.withdraw)}
            disabled={step.isPending}
            onClick={() => take('withdraw')}
          >
            Withdraw
          </GuardedButton>
          <FreshButton
            kind="danger"
            step={stepOf(approval.breakGlass)}
            onClick={() => setWithReason('break-glass')}
          >
            Break glass…
          </FreshButton>
          <GuardedButton whyNot={whyOf(approval.reject)} onClick={() => setWithReason('reject')}>
            Reject…
          </GuardedButton>
          <FreshButton
            kind={approval.confirm.allowed || approval.confirm.signInAgain ? 'primary' : 'plain'}
            step={stepOf(approval.confirm)}
            disabled={step.isPending}
            onClick={() => take('confirm')}
          >
            Confirm
          </FreshButton>
        </div>
      )}
    </div>
  );
}

type Allowed = ApprovalDetail['confirm'];
const whyOf = ({ allowed, why }: Allowed): string | null =>
  allowed ? null : (why ?? 'Not possible in this state.');
const stepOf = (step: Allowed) => ({ whyNot: whyOf(step), signInAgain: step.signInAgain });

function Row({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="break-words">{value}</dd>
    </>
  );
}

const words = {
  reject: { label: 'Why it is rejected', go: 'Reject', hint: 'The one who asked reads it.' },
  'break-glass': {
    label: 'Why nobody else can be asked',
    go: 'Break glass',
    hint: 'You go ahead alone. This is written to the audit log as CRITICAL, with your reason.',
  },
} as const;

function WithReason({
  step,
  busy,
  onCancel,
  onGo,
}: {
  step: keyof typeof words;
  busy: boolean;
  onCancel: () => void;
  onGo: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const parsed = rejectApprovalRequest.safeParse({ reason });
  const { label, go, hint } = words[step];
  return (
    <form
      noValidate
      className="flex flex-col gap-3 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (parsed.success && !busy) onGo(parsed.data.reason);
      }}
    >
      <Field
        label={label}
        hint={hint}
        error={tried && !parsed.success ? parsed.error.issues[0]?.message : undefined}
      >
        <TextArea autoFocus rows={3} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Back</Button>
        <Button kind="danger" type="submit" disabled={busy}>
          {busy ? 'Working…' : go}
        </Button>
      </div>
    </form>
  );
}
