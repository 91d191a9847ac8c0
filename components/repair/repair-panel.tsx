// On the page of a mirror that has failed: what can be done about it, which of it fits, and why the rest does not.
'use client';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { useLinkTarget } from '@/components/access/use-link-target';
import { useWhyNot } from '@/components/access/use-me';
import { reasonProblem } from '@/components/operations/start-draft';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, TextArea } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { LostRange, RepairView, RepairWay } from '@/lib/contracts/repair';
import { groupDigits } from '@/lib/format';
import { type Names, type RepairBody, useRepair, useRepairs } from './queries';
import { ReseedDialog } from './reseed-dialog';

const wayWord: Record<RepairWay, string> = {
  CHECK_AGAIN: 'Check again',
  DECLARE_LOST: 'Declare a range lost',
  RESEED: 'Re-seed',
};

export function RepairPanel(names: Names) {
  const query = useRepairs(names);
  const [open, setOpen] = useState<RepairWay | null>(null);
  const failure = failureFrom(query.error);
  const [lost] = query.data?.lost ?? [];
  const close = () => setOpen(null);
  return (
    <Panel title="Repair" id="repair">
      {failure ? <Banner tone="bad" title={failure.message} live /> : null}
      <ul className="divide-y">
        {(query.data?.ways ?? placeholder).map((way) => (
          <Way key={way.way} {...way} names={names} onOpen={() => setOpen(way.way)} />
        ))}
      </ul>
      {open === 'CHECK_AGAIN' ? (
        <ReasonDialog names={names} onClose={close} title={`Check ${names.topic} again?`} label="Check again">
          {(reason) => ({ way: 'CHECK_AGAIN', reason })}
        </ReasonDialog>
      ) : null}
      {open === 'DECLARE_LOST' && lost ? (
        <ReasonDialog
          names={names}
          onClose={close}
          title={`Give up ${rangeText(lost)}?`}
          label="Declare lost"
        >
          {(reason) => ({ way: 'DECLARE_LOST', reason, lost })}
        </ReasonDialog>
      ) : null}
      <ReseedDialog names={names} open={open === 'RESEED'} onOpenChange={(next) => !next && close()} />
    </Panel>
  );
}

const rangeText = ({ partition, from, to }: LostRange) =>
  `offsets ${groupDigits(from)} to ${groupDigits(String(BigInt(to) - 1n))} of partition ${partition}`;

type WayRow = RepairView['ways'][number];
const placeholder: WayRow[] = (['CHECK_AGAIN', 'DECLARE_LOST', 'RESEED'] as const).map((way) => ({
  ...{ way, fits: false, message: 'Looking whether it fits…' },
}));

function Way({ way, fits, message, names, onOpen }: WayRow & { names: Names; onOpen: () => void }) {
  const role = way === 'CHECK_AGAIN' ? 'operator' : 'approver';
  const mayNot = useWhyNot()(role, useLinkTarget(names.destination, names.link));
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="font-medium">
          {wayWord[way]}
          {fits ? null : <span className="font-normal text-soft"> does not fit</span>}
        </p>
        <p className="break-words text-soft">{message}</p>
      </div>
      <GuardedButton
        size="small"
        kind={way === 'RESEED' ? 'danger' : 'plain'}
        whyNot={mayNot ?? (fits ? null : message)}
        onClick={onOpen}
      >
        {wayWord[way]}…
      </GuardedButton>
    </li>
  );
}

function ReasonDialog({
  names,
  title,
  label,
  onClose,
  children,
}: {
  names: Names;
  title: string;
  label: string;
  onClose: () => void;
  children: (reason: string) => RepairBody;
}) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const repair = useRepair(names);
  const problem = reasonProblem(reason);
  const go = () => {
    setTried(true);
    if (problem === undefined) repair.mutate(children(reason.trim()), { onSuccess: onClose });
  };
  return (
    <Dialog open onOpenChange={(next) => !next && onClose()} title={title}>
      <div className="flex flex-col gap-4">
        <Field
          label="Why"
          hint="Others read it in the audit log and in the timeline."
          error={tried ? problem : undefined}
        >
          <TextArea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Refusal failure={failureFrom(repair.error)} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={repair.isPending} onClick={go}>
            {label}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
