// The source topic of a mirror is gone: asks what becomes of the mirror. Nothing happens to it by itself.
'use client';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { useLinkTarget } from '@/components/access/use-link-target';
import { useWhyNot } from '@/components/access/use-me';
import { useStartPage } from '@/components/operations/use-mirror-choice';
import { Panel } from '@/components/ui/panel';
import type { MirrorRow } from '@/lib/contracts/link';
import { RemoveMirror } from './remove-mirror';

export function SourceGone({
  destination,
  link,
  mirror,
}: {
  destination: string;
  link: string;
  mirror: MirrorRow;
}) {
  const start = useStartPage(destination, link);
  const whyNot = useWhyNot()('approver', useLinkTarget(destination, link));
  const [deleting, setDeleting] = useState(false);
  if (mirror.error !== 'SOURCE_TOPIC_MAY_BE_DELETED') return null;
  return (
    <Panel title="The source topic is gone: what becomes of the mirror?" id="source-gone">
      <div className="flex flex-col gap-3 px-4 py-3">
        <p className="max-w-[76ch] text-soft">
          The mirror holds what was mirrored and stays as it is until somebody decides. Should{' '}
          <span className="font-mono text-[13px]">{mirror.sourceTopic}</span> come back, it is another topic
          and is not taken for the old one.
        </p>
        <div className="flex flex-wrap gap-2">
          <GuardedButton kind="primary" whyNot={whyNot} onClick={() => start('FAILOVER', [mirror.topic])}>
            Keep as an ordinary topic…
          </GuardedButton>
          <GuardedButton kind="danger" whyNot={whyNot} onClick={() => setDeleting(true)}>
            Delete it…
          </GuardedButton>
        </div>
      </div>
      <RemoveMirror
        destination={destination}
        link={link}
        mirror={mirror}
        first="delete"
        open={deleting}
        onOpenChange={setDeleting}
      />
    </Panel>
  );
}
