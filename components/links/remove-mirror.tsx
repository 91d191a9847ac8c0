// Takes one mirror off its link after its name was typed; its topic stays, or is deleted.
'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { failureFrom } from '@/components/shell/api-client';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import type { MirrorRow } from '@/lib/contracts/link';
import type { TopicsChoice } from '@/lib/contracts/removal';
import { linkHref } from './paths';
import { useRemoveMirror, useRemoveMirrorPreview } from './removal-queries';
import { TopicsChoiceFields } from './topics-choice';

export function RemoveMirror({
  destination,
  link,
  mirror: { topic, state },
  first = 'keep',
  open,
  onOpenChange,
}: {
  destination: string;
  link: string;
  mirror: MirrorRow;
  /** What is chosen when it opens. */
  first?: TopicsChoice;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const names = { destination, name: link };
  const [topics, setTopics] = useState(first);
  const remove = useRemoveMirror(names, topic);
  const preview = useRemoveMirrorPreview(names, topic, topics, open);
  const failure = failureFrom(preview.error);
  return (
    <ConfirmByName
      open={open}
      onOpenChange={(next) => {
        setTopics(first);
        onOpenChange(next);
      }}
      title={`Remove ${topic} from ${link}?`}
      name={topic}
      confirmLabel={topics === 'delete' ? 'Remove mirror and topic' : 'Remove mirror'}
      busy={remove.isPending}
      blocked={failure !== null}
      error={<Refusal failure={failureFrom(remove.error)} />}
      onConfirm={() =>
        remove.mutate(
          { topics, confirm: topic },
          { onSuccess: () => router.push(linkHref(destination, link)) },
        )
      }
    >
      {state === 'STOPPED' ? null : (
        <TopicsChoiceFields destination={destination} many={false} value={topics} onChange={setTopics} />
      )}
      <p className={failure ? 'text-bad' : 'text-soft'} aria-live="polite">
        {state === 'STOPPED' ? '' : 'Copying of this topic stops at once. '}
        {preview.data?.message ?? failure?.message ?? 'Looking up what stays behind…'}
      </p>
    </ConfirmByName>
  );
}
