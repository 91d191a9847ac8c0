// What can be done with the selected mirrors. The same objects are in the palette.
'use client';
import { ArrowUpFromLine, Unplug, X } from 'lucide-react';
import { useMemo } from 'react';
import { useLinkTarget } from '@/components/access/use-link-target';
import { useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { useStartPage } from '@/components/operations/use-mirror-choice';
import { groupDigits } from '@/lib/format';
import type { Selection } from './use-selection';

export function SelectionBar({
  destination,
  name,
  selection,
}: {
  destination: string;
  name: string;
  selection: Selection;
}) {
  const { topics, clear } = selection;
  const start = useStartPage(destination, name);
  const mayNotEnd = useWhyNot()('approver', useLinkTarget(destination, name));
  const actions = useMemo((): Action[] => {
    if (topics.length === 0) return [];
    return [
      {
        id: 'mirrors.promote',
        label: 'Promote selected…',
        group: 'This page',
        icon: ArrowUpFromLine,
        keywords: 'mirrors stop ordinary topics',
        disabledWhy: mayNotEnd,
        perform: () => start('PROMOTE', topics),
      },
      {
        id: 'mirrors.failover',
        label: 'Fail over selected…',
        group: 'This page',
        icon: Unplug,
        keywords: 'failover mirrors stop without source',
        danger: true,
        disabledWhy: mayNotEnd,
        perform: () => start('FAILOVER', topics),
      },
      {
        id: 'mirrors.unselect',
        label: 'Clear selection',
        group: 'This page',
        icon: X,
        perform: clear,
      },
    ];
  }, [topics, mayNotEnd, start, clear]);
  useActions(actions);
  if (topics.length === 0) return null;
  return (
    <section
      aria-label="Selected mirrors"
      className="flex flex-wrap items-center gap-2 border-b bg-accent-soft px-4 py-2"
    >
      <p role="status" className="font-medium sm:mr-auto max-sm:w-full">
        {groupDigits(topics.length)} selected
      </p>
      <ActionBar actions={actions} />
    </section>
  );
}
