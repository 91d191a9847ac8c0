// Deletes a link after its name was typed; says first what stays behind.
'use client';
import { useRouter } from 'next/navigation';
import { Refusal } from '@/components/access/refusal';
import { failureFrom } from '@/components/shell/api-client';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import type { LinkRow } from '@/lib/contracts/link';
import { useDeleteLink, useDeleteLinkPreview } from './queries';

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
  const remove = useDeleteLink(link.destination.name, link.name);
  const preview = useDeleteLinkPreview(link.destination.name, link.name, open);
  return (
    <ConfirmByName
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete link ${link.name}?`}
      name={link.name}
      confirmLabel="Delete link"
      busy={remove.isPending}
      error={<Refusal failure={failureFrom(remove.error)} />}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => router.push('/links') })}
    >
      <ul className="flex list-disc flex-col gap-1 pl-5 text-soft">
        <li>Copying from {link.source.name} stops at once; nothing changes there.</li>
        <li>
          {preview.data?.message ?? failureFrom(preview.error)?.message ?? 'Looking up what stays behind…'}
        </li>
        <li>The history and timeline of this link are gone.</li>
      </ul>
    </ConfirmByName>
  );
}
