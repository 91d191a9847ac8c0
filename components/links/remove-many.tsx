// Takes the selected mirrors off their link after its name was typed; says first which cannot be, and what becomes of the topics.
'use client';
import { useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { failureFrom } from '@/components/shell/api-client';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import type { TopicsChoice } from '@/lib/contracts/removal';
import { plural } from '@/lib/format';
import { LeftAlone } from './left-alone';
import { useRemoveMany, useRemoveManyPreview } from './removal-queries';
import { TopicsChoiceFields } from './topics-choice';

export function RemoveMany({
  destination,
  name,
  topics,
  onClose,
  onDone,
}: {
  destination: string;
  name: string;
  topics: readonly string[];
  onClose: () => void;
  /** What the server says of it. */
  onDone: (message: string) => void;
}) {
  const [choice, setChoice] = useState<TopicsChoice>('keep');
  const preview = useRemoveManyPreview({ destination, name }, topics, choice);
  const remove = useRemoveMany({ destination, name }, topics);
  const failure = failureFrom(preview.error);
  const rows = preview.data?.mirrors ?? [];
  const possible = rows.filter(({ ok }) => ok).length;
  const what = plural(preview.data ? possible : topics.length, 'mirror');
  return (
    <ConfirmByName
      open
      onOpenChange={onClose}
      title={`Remove ${what} from ${name}?`}
      name={name}
      confirmLabel={choice === 'delete' ? `Remove ${what} and topics` : `Remove ${what}`}
      busy={remove.isPending}
      blocked={possible === 0}
      error={<Refusal failure={failureFrom(remove.error)} />}
      onConfirm={() =>
        remove.mutate({ topics: choice, confirm: name }, { onSuccess: ({ message }) => onDone(message) })
      }
    >
      <TopicsChoiceFields destination={destination} many value={choice} onChange={setChoice} />
      <p className={failure ? 'text-bad' : 'text-soft'} aria-live="polite">
        {failure?.message ?? preview.data?.message ?? 'Looking up what becomes of each…'}
      </p>
      <LeftAlone rows={rows} what={{ one: 'stays on the link', many: 'stay on the link' }} />
    </ConfirmByName>
  );
}
