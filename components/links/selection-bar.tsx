// What can be done with the selected mirrors. The same objects are in the palette.
'use client';
import { ArrowLeftRight, ArrowUpFromLine, Pause, Play, Trash2, Unplug, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useLinkTarget } from '@/components/access/use-link-target';
import { useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { useStartPage } from '@/components/operations/use-mirror-choice';
import { groupDigits } from '@/lib/format';
import { PauseMany } from './pause-many';
import { RemoveMany } from './remove-many';
import type { Selection } from './use-selection';

type Props = { destination: string; name: string; selection: Selection };
type Asked = 'PAUSE' | 'RESUME' | 'REMOVE' | null;

export function SelectionBar({ destination, name, selection }: Props) {
  const { topics, clear } = selection;
  const [asked, setAsked] = useState<Asked>(null);
  const [said, setSaid] = useState<string | null>(null);
  const actions = useSelectionActions({ destination, name, selection }, setAsked);
  useActions(actions);
  const close = () => setAsked(null);
  const done = (message: string | null) => {
    close();
    clear();
    setSaid(message);
  };
  if (topics.length === 0)
    return said === null ? null : (
      <div className="flex flex-wrap items-center gap-2 border-b bg-accent-soft px-4 py-2">
        <p role="status" className="min-w-0 flex-1 basis-64 break-words">
          {said}
        </p>
        <button type="button" className="underline underline-offset-4" onClick={() => setSaid(null)}>
          Dismiss
        </button>
      </div>
    );
  return (
    <section
      aria-label="Selected mirrors"
      className="flex flex-wrap items-center gap-2 border-b bg-accent-soft px-4 py-2"
    >
      <p role="status" className="font-medium sm:mr-auto max-sm:w-full">
        {groupDigits(topics.length)} selected
      </p>
      <ActionBar actions={actions} />
      {asked === 'REMOVE' ? (
        <RemoveMany destination={destination} name={name} topics={topics} onClose={close} onDone={done} />
      ) : asked !== null ? (
        <PauseMany
          destination={destination}
          name={name}
          topics={topics}
          first={asked === 'PAUSE'}
          onClose={close}
          onDone={() => done(null)}
        />
      ) : null}
    </section>
  );
}

function useSelectionActions({ destination, name, selection }: Props, ask: (what: Asked) => void): Action[] {
  const { topics, clear } = selection;
  const start = useStartPage(destination, name);
  const whyNot = useWhyNot();
  const target = useLinkTarget(destination, name);
  const [mayNotRun, mayNotEnd] = [whyNot('operator', target), whyNot('approver', target)];
  return useMemo((): Action[] => {
    if (topics.length === 0) return [];
    const shared = { group: 'This page' } as const;
    return [
      {
        ...shared,
        ...{ id: 'mirrors.pause', label: 'Pause selected…', short: 'Pause', icon: Pause },
        disabledWhy: mayNotRun,
        perform: () => ask('PAUSE'),
      },
      {
        ...shared,
        ...{ id: 'mirrors.resume', label: 'Resume selected…', short: 'Resume', icon: Play },
        disabledWhy: mayNotRun,
        perform: () => ask('RESUME'),
      },
      {
        ...shared,
        ...{ id: 'mirrors.promote', label: 'Promote selected…', short: 'Promote', icon: ArrowUpFromLine },
        keywords: 'mirrors stop ordinary topics',
        disabledWhy: mayNotEnd,
        perform: () => start('PROMOTE', topics),
      },
      {
        ...shared,
        ...{
          id: 'mirrors.failover',
          label: 'Fail over selected…',
          short: 'Fail over',
          icon: Unplug,
          danger: true,
        },
        keywords: 'failover mirrors stop without source',
        disabledWhy: mayNotEnd,
        perform: () => start('FAILOVER', topics),
      },
      {
        ...shared,
        ...{ id: 'mirrors.reverse', label: 'Reverse selected…', short: 'Reverse', icon: ArrowLeftRight },
        keywords: 'mirrors turn round direction swap',
        disabledWhy: mayNotEnd,
        perform: () => start('REVERSE', topics),
      },
      {
        ...shared,
        ...{ id: 'mirrors.remove', label: 'Remove selected…', short: 'Remove', icon: Trash2, danger: true },
        keywords: 'delete mirrors topics',
        disabledWhy: mayNotEnd,
        perform: () => ask('REMOVE'),
      },
      {
        ...shared,
        ...{ id: 'mirrors.unselect', label: 'Clear selection', short: 'Clear', icon: X },
        perform: clear,
      },
    ];
  }, [topics, mayNotRun, mayNotEnd, start, clear, ask]);
}
