// Name, state, age and actions of a link; the actions are the same objects as in the palette.
'use client';
import { Pause, Play, Plus, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { Lasting } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { AsOf } from '@/components/shell/freshness';
import { PageHeader } from '@/components/shell/page-header';
import { Banner } from '@/components/ui/notice';
import type { LinkRow } from '@/lib/contracts/link';
import { groupDigits } from '@/lib/format';
import { DeleteLink } from './delete-link';
import { linkHref } from './paths';
import { usePauseLink } from './queries';
import { StateBadge } from './state-badge';

export function LinkHeader({ link, asOf }: { link: LinkRow; asOf: number | null }) {
  const router = useRouter();
  const destination = link.destination.name;
  const pause = usePauseLink(destination, link.name);
  const [deleting, setDeleting] = useState(false);
  const { mutate, isPending } = pause;
  const paused = link.state === 'PAUSED';
  const actions = useMemo(
    (): Action[] => [
      {
        id: 'link.pause',
        label: paused ? 'Resume' : 'Pause',
        group: 'This page',
        icon: paused ? Play : Pause,
        keywords: 'stop start link',
        disabledWhy: isPending ? 'The last change is being saved.' : null,
        perform: () => mutate(!paused),
      },
      {
        id: 'link.add',
        label: 'Add topics',
        group: 'This page',
        icon: Plus,
        keywords: 'mirrors more',
        perform: () => router.push(`${linkHref(destination, link.name)}/add`),
      },
      {
        id: 'link.delete',
        label: 'Delete…',
        group: 'This page',
        icon: Trash2,
        danger: true,
        perform: () => setDeleting(true),
      },
    ],
    [paused, isPending, mutate, router, destination, link.name],
  );
  useActions(actions);
  const failure = failureFrom(pause.error);
  return (
    <>
      <PageHeader
        title={link.name}
        mono
        crumbs={[{ href: '/links', label: 'Links' }]}
        status={
          <span className="flex items-center gap-2">
            <StateBadge state={link.state} attention={link.attention > 0} detail={attentionText(link)} />
            <span className="text-soft">
              for <Lasting since={link.since} />
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
      <DeleteLink link={link} open={deleting} onOpenChange={setDeleting} />
    </>
  );
}

function attentionText(link: LinkRow): string | null {
  if (link.attention === 0) return null;
  return `${groupDigits(link.attention)} ${link.attention === 1 ? 'mirror needs' : 'mirrors need'} attention`;
}
