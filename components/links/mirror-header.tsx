// Name, state, age and actions of a mirror.
'use client';
import { ArrowLeftRight, ArrowUpFromLine, Pause, Play, Trash2, Unplug } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useLinkTarget } from '@/components/access/use-link-target';
import { useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { useActions } from '@/components/actions/actions-provider';
import { useStartPage } from '@/components/operations/use-mirror-choice';
import type { Crumb } from '@/components/shell/page-header';
import type { MirrorRow } from '@/lib/contracts/link';
import { usePauseMirror } from './queries';
import { RemoveMirror } from './remove-mirror';
import { StateHeader } from './state-header';
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
  const { state, topic } = mirror;
  const start = useStartPage(destination, link);
  const whyNot = useWhyNot();
  const target = useLinkTarget(destination, link);
  const mayNotRun = whyNot('operator', target);
  const mayNotDelete = whyNot('approver', target);
  const actions = useMemo((): Action[] => {
    const paused = state === 'PAUSED';
    const noEnd = mayNotDelete ?? ended(state);
    return [
      {
        id: 'mirror.promote',
        label: 'Promote…',
        group: 'This page',
        icon: ArrowUpFromLine,
        keywords: 'stop ordinary topic migrate cut over',
        keys: 'p m',
        disabledWhy: noEnd,
        perform: () => start('PROMOTE', [topic]),
      },
      {
        id: 'mirror.failover',
        label: 'Fail over…',
        group: 'This page',
        icon: Unplug,
        keywords: 'failover disaster stop without source',
        keys: 'f o',
        danger: true,
        disabledWhy: noEnd,
        perform: () => start('FAILOVER', [topic]),
      },
      {
        id: 'mirror.reverse',
        label: 'Reverse…',
        group: 'This page',
        icon: ArrowLeftRight,
        keywords: 'turn round direction swap back',
        keys: 'r v',
        disabledWhy: noEnd,
        perform: () => start('REVERSE', [topic]),
      },
      {
        id: 'mirror.pause',
        label: paused ? 'Resume' : 'Pause',
        group: 'This page',
        icon: paused ? Play : Pause,
        disabledWhy: mayNotRun ?? (isPending ? 'The last change is being saved.' : ended(state)),
        perform: () => mutate(!paused),
      },
      {
        id: 'mirror.remove',
        label: 'Remove…',
        group: 'This page',
        icon: Trash2,
        danger: true,
        disabledWhy: mayNotDelete,
        perform: () => setRemoving(true),
      },
    ];
  }, [state, topic, isPending, mayNotRun, mayNotDelete, mutate, start]);
  useActions(actions);
  return (
    <>
      <StateHeader
        title={mirror.topic}
        crumbs={crumbs}
        state={state}
        since={mirror.since}
        attention={mirror.attention}
        detail={mirror.error === 'NO_ERROR' ? null : errorWord(mirror.error)}
        asOf={asOf}
        actions={actions}
        error={pause.error}
      />
      <RemoveMirror
        destination={destination}
        link={link}
        mirror={mirror}
        open={removing}
        onOpenChange={setRemoving}
      />
    </>
  );
}

/** Why nothing of this can be done with a mirror that ends or has ended. */
function ended(state: MirrorRow['state']): string | null {
  if (state === 'STOPPED') return 'A stopped mirror is an ordinary topic.';
  if (state === 'PENDING_SYNCHRONIZE') return 'It is being reversed: see the operation below.';
  return state === 'PENDING_STOPPED' ? 'It is being stopped: see the operation below.' : null;
}
