// Deletes a link after its name was typed; says first what stays behind, and what is deleted with it.
'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { failureFrom } from '@/components/shell/api-client';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import type { LinkRow } from '@/lib/contracts/link';
import type { TopicsChoice } from '@/lib/contracts/removal';
import { useDeleteLink, useDeleteLinkPreview } from './removal-queries';
import { TopicsChoiceFields } from './topics-choice';

export function DeleteLink({
  link,
  open,
  onOpenChange,
}: {
  link: LinkRow;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const names = { destination: link.destination.name, name: link.name };
  const [topics, setTopics] = useState<TopicsChoice>('keep');
  const remove = useDeleteLink(names);
  const preview = useDeleteLinkPreview(names, topics, open);
  const failure = failureFrom(preview.error);
  return (
    <ConfirmByName
      open={open}
      onOpenChange={(next) => {
        setTopics('keep');
        onOpenChange(next);
      }}
      title={`Delete link ${link.name}?`}
      name={link.name}
      confirmLabel={topics === 'delete' ? 'Delete link and topics' : 'Delete link'}
      busy={remove.isPending}
      blocked={failure !== null}
      error={<Refusal failure={failureFrom(remove.error)} />}
      onConfirm={() =>
        remove.mutate({ topics, confirm: link.name }, { onSuccess: () => router.push('/links') })
      }
    >
      {link.mirrors > 0 ? (
        <TopicsChoiceFields
          destination={names.destination}
          many={link.mirrors > 1}
          value={topics}
          onChange={setTopics}
        />
      ) : null}
      <ul className="flex list-disc flex-col gap-1 pl-5 text-soft" aria-live="polite">
        <li>Copying from {link.source.name} stops at once; nothing changes there.</li>
        <li className={failure ? 'text-bad' : undefined}>
          {preview.data?.message ?? failure?.message ?? 'Looking up what stays behind…'}
        </li>
        <li>The history and timeline of this link are gone.</li>
      </ul>
    </ConfirmByName>
  );
}
