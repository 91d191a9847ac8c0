// Name, state, age and actions of a link; the actions are the same objects as in the palette.
'use client';
import {
  ArrowLeftRight,
  ArrowUpFromLine,
  ListChecks,
  Pause,
  Play,
  Plus,
  ScanSearch,
  Trash2,
  Unplug,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { onLink, useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { useActions } from '@/components/actions/actions-provider';
import { useStartPage } from '@/components/operations/use-mirror-choice';
import type { LinkRow } from '@/lib/contracts/link';
import { groupDigits } from '@/lib/format';
import { DeleteLink } from './delete-link';
import { linkApi, linkHref } from './paths';
import { PauseMany } from './pause-many';
import { usePauseLink } from './queries';
import { StateHeader } from './state-header';
import { SweepDialog } from './sweep-dialog';

export function LinkHeader({ link, asOf }: { link: LinkRow; asOf: number | null }) {
  const router = useRouter();
  const destination = link.destination.name;
  const pause = usePauseLink(destination, link.name);
  const [deleting, setDeleting] = useState(false);
  const [sweeping, setSweeping] = useState(false);
  const [pausing, setPausing] = useState(false);
  const { mutate, isPending } = pause;
  const start = useStartPage(destination, link.name);
  const paused = link.state === 'PAUSED';
  const whyNot = useWhyNot();
  const mayNotRun = whyNot('operator', onLink(link));
  const mayNotDelete = whyNot('approver', onLink(link));
  const actions = useMemo(
    (): Action[] => [
      {
        id: 'link.pause',
        label: paused ? 'Resume' : 'Pause',
        group: 'This page',
        icon: paused ? Play : Pause,
        keywords: 'stop start link',
        disabledWhy: mayNotRun ?? (isPending ? 'The last change is being saved.' : null),
        perform: () => mutate(!paused),
      },
      {
        id: 'link.add',
        label: 'Add topics',
        group: 'This page',
        icon: Plus,
        keywords: 'mirrors more',
        disabledWhy: mayNotRun,
        perform: () => router.push(`${linkHref(destination, link.name)}/add`),
      },
      {
        id: 'link.pauseMany',
        label: 'Pause by pattern…',
        group: 'This page',
        icon: ListChecks,
        keywords: 'resume stop start many mirrors regular expression',
        disabledWhy: mayNotRun,
        perform: () => setPausing(true),
      },
      {
        id: 'link.sweep',
        label: 'Sweep…',
        group: 'This page',
        icon: ScanSearch,
        keywords: 'verify compare check records',
        disabledWhy: mayNotRun,
        perform: () => setSweeping(true),
      },
      {
        id: 'link.promote',
        label: 'Promote…',
        group: 'This page',
        icon: ArrowUpFromLine,
        keywords: 'mirrors stop ordinary topics migrate cut over',
        keys: 'p m',
        disabledWhy: mayNotDelete,
        perform: () => start('PROMOTE'),
      },
      {
        id: 'link.failover',
        label: 'Fail over…',
        group: 'This page',
        icon: Unplug,
        keywords: 'failover disaster mirrors stop without source',
        keys: 'f o',
        danger: true,
        disabledWhy: mayNotDelete,
        perform: () => start('FAILOVER'),
      },
      {
        id: 'link.reverse',
        label: 'Reverse…',
        group: 'This page',
        icon: ArrowLeftRight,
        keywords: 'mirrors turn round direction swap back',
        keys: 'r v',
        disabledWhy: mayNotDelete,
        perform: () => start('REVERSE'),
      },
      {
        id: 'link.delete',
        label: 'Delete…',
        group: 'This page',
        icon: Trash2,
        danger: true,
        disabledWhy: mayNotDelete,
        perform: () => setDeleting(true),
      },
    ],
    [paused, isPending, mayNotRun, mayNotDelete, mutate, router, start, destination, link.name],
  );
  useActions(actions);
  return (
    <>
      <StateHeader
        title={link.name}
        crumbs={[{ href: '/links', label: 'Links' }]}
        state={link.state}
        since={link.since}
        attention={link.attention > 0}
        detail={attentionText(link)}
        asOf={asOf}
        actions={actions}
        main={mainActions(link.state)}
        error={pause.error}
      />
      <DeleteLink link={link} open={deleting} onOpenChange={setDeleting} />
      {pausing ? (
        <PauseMany
          destination={destination}
          name={link.name}
          topics={null}
          first
          onClose={() => setPausing(false)}
          onDone={() => setPausing(false)}
        />
      ) : null}
      <SweepDialog
        api={linkApi(destination, link.name)}
        what={`all mirrors of ${link.name}`}
        open={sweeping}
        onOpenChange={setSweeping}
      />
    </>
  );
}

/** What an operator wants most: where a source is gone that is the failover, otherwise the move. */
const mainActions = (state: LinkRow['state']): string[] => [
  'link.pause',
  'link.add',
  state === 'UNAVAILABLE' ? 'link.failover' : 'link.promote',
];

function attentionText(link: LinkRow): string | null {
  if (link.attention === 0) return null;
  return `${groupDigits(link.attention)} ${link.attention === 1 ? 'mirror needs' : 'mirrors need'} attention`;
}
