// Before a mirror topic is deleted and mirrored anew: which topic it is, who reads it, why, and its name once more.
'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { operationHref } from '@/components/operations/paths';
import { reasonProblem } from '@/components/operations/start-draft';
import { failureFrom } from '@/components/shell/api-client';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import { Check, Field, TextArea } from '@/components/ui/field';
import type { RepairAnswer } from '@/lib/contracts/repair';
import { groupDigits, plural } from '@/lib/format';
import { type Names, useRepair, useReseedLook } from './queries';

export function ReseedDialog({
  names,
  open,
  onOpenChange,
}: {
  names: Names;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const { destination, link, topic } = names;
  const look = useReseedLook(names, open);
  const repair = useRepair(names);
  const [reason, setReason] = useState('');
  const [ignore, setIgnore] = useState(false);
  const [tried, setTried] = useState(false);
  const problem = reasonProblem(reason);
  const go = () => {
    setTried(true);
    if (problem !== undefined || !look.data) return;
    const options = ignore ? { activeGroups: 'ignore' as const } : {};
    const topicId = look.data.look?.topicId ?? null;
    repair.mutate(
      { way: 'RESEED', reason: reason.trim(), confirm: topic, topicId, options },
      {
        onSuccess: ({ operationId }) => {
          onOpenChange(false);
          if (operationId !== null) router.push(operationHref(destination, link, operationId));
        },
      },
    );
  };
  return (
    <ConfirmByName
      open={open}
      onOpenChange={onOpenChange}
      title={`Re-seed ${topic}?`}
      name={topic}
      confirmLabel="Delete and mirror anew"
      busy={repair.isPending || !look.data}
      error={<Refusal failure={failureFrom(repair.error ?? look.error)} />}
      onConfirm={go}
    >
      {look.data ? <Look answer={look.data} /> : <p className="text-soft">Looking at the topic…</p>}
      <Field
        label="Why"
        hint="Others read it in the audit log and in the timeline."
        error={tried ? problem : undefined}
      >
        <TextArea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
      {(look.data?.look?.activeGroups.length ?? 0) > 0 ? (
        <Check
          label="Although consumers are active on it"
          checked={ignore}
          onChange={(event) => setIgnore(event.target.checked)}
        />
      ) : null}
    </ConfirmByName>
  );
}

function Look({ answer: { message, warnings, look } }: { answer: RepairAnswer }) {
  return (
    <div className="flex flex-col gap-2">
      <p>{message}</p>
      {look ? (
        <p className="text-soft">
          It has {plural(look.partitions, 'partition')} with {groupDigits(look.offsets)} offsets.
        </p>
      ) : (
        <p className="text-soft">There is no such topic: nothing is deleted.</p>
      )}
      <ul className="flex list-disc flex-col gap-1 pl-5 text-soft">
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </div>
  );
}
