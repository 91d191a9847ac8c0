// Name, state, age and actions of a mirror.
'use client';
import { Pause, Play, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { Lasting } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { AsOf } from '@/components/shell/freshness';
import { type Crumb, PageHeader } from '@/components/shell/page-header';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import { Banner } from '@/components/ui/notice';
import type { MirrorRow } from '@/lib/contracts/link';
import { linkHref } from './paths';
import { usePauseMirror, useRemoveMirror, useRemoveMirrorPreview } from './queries';
import { StateBadge } from './state-badge';
import { errorWord } from './states';

type Names = { destination: string; link: string };

export function MirrorHeader({
  destination,
  link,
  mirror,
  asOf,
  crumbs,
}: Names & { mirror: MirrorRow; asOf: number | null; crumbs: Crumb[] }) {
  const pause = usePauseMirror(destination, link, mirror.topic);
  const [removing, setRemoving] = useState(false);
  const { mutate, isPending } = pause;
  const { state } = mirror;
  const actions = useMemo((): Action[] => {
    const paused = state === 'PAUSED';
    return [
      {
        id: 'mirror.pause',
        label: paused ? 'Resume' : 'Pause',
        group: 'This page',
        icon: paused ? Play : Pause,
        disabledWhy: isPending
          ? 'The last change is being saved.'
          : state === 'STOPPED'
            ? 'A stopped mirror is an ordinary topic.'
            : null,
        perform: () => mutate(!paused),
      },
      {
        id: 'mirror.remove',
        label: 'Remove…',
        group: 'This page',
        icon: Trash2,
        danger: true,
        perform: () => setRemoving(true),
      },
    ];
  }, [state, isPending, mutate]);
  useActions(actions);
  const failure = failureFrom(pause.error);
  return (
    <>
      <PageHeader
        title={mirror.topic}
        mono
        crumbs={crumbs}
        status={
          <span className="flex items-center gap-2">
            <StateBadge
              state={state}
              attention={mirror.attention}
              detail={mirror.error === 'NO_ERROR' ? null : errorWord(mirror.error)}
            />
            <span className="text-soft">
              for <Lasting since={mirror.since} />
            </span>
          </span>
        }
        actions={
          <>
            <span className="pr-1">
              <AsOf asOf={asOf} />
            </span>
            <ActionBar actions={actions} />
          </>
        }
      />
      {failure ? <Banner tone="bad" title={failure.message} live /> : null}
      <RemoveMirror
        destination={destination}
        link={link}
        topic={mirror.topic}
        open={removing}
        onOpenChange={setRemoving}
      />
    </>
  );
}

function RemoveMirror({
  destination,
  link,
  topic,
  open,
  onOpenChange,
}: Names & { topic: string; open: boolean; onOpenChange: (open: boolean) => void }) {
  const router = useRouter();
  const remove = useRemoveMirror(destination, link, topic);
  const preview = useRemoveMirrorPreview(destination, link, topic, open);
  return (
    <ConfirmByName
      open={open}
      onOpenChange={onOpenChange}
      title={`Remove ${topic} from ${link}?`}
      name={topic}
      confirmLabel="Remove mirror"
      busy={remove.isPending}
      error={failureFrom(remove.error)?.message ?? null}
      onConfirm={() =>
        remove.mutate(undefined, { onSuccess: () => router.push(linkHref(destination, link)) })
      }
    >
      <p className="text-soft">
        Copying of this topic stops at once.{' '}
        {preview.data?.message ?? failureFrom(preview.error)?.message ?? 'Looking up what stays behind…'}
      </p>
    </ConfirmByName>
  );
}
