// Removing a console from a hub, as one of the actions of its page: says what goes and what stays, and asks for its name.
'use client';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { failureFrom } from '@/components/shell/api-client';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import type { HubConsole } from '@/lib/contracts/hub';
import { severities } from '@/lib/contracts/monitoring/rules';
import { groupDigits } from '@/lib/format';
import { useRemoveConsole } from './queries';

export function RemoveConsole({ console }: { console: HubConsole }) {
  const [asking, setAsking] = useState(false);
  const mayNot = useWhyNot()('administrator', everywhere);
  const actions = useMemo(
    (): Action[] => [
      {
        id: 'console.remove',
        label: 'Remove…',
        group: 'This page',
        icon: Trash2,
        keywords: 'delete forget console',
        danger: true,
        disabledWhy: mayNot,
        perform: () => setAsking(true),
      },
    ],
    [mayNot],
  );
  useActions(actions);
  return (
    <>
      <ActionBar actions={actions} />
      {asking ? <Confirmation console={console} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function Confirmation({ console, onClose }: { console: HubConsole; onClose: () => void }) {
  const { name, state, alerts } = console;
  const router = useRouter();
  const remove = useRemoveConsole(name);
  const open = severities.reduce((sum, severity) => sum + (alerts[severity] ?? 0), 0);
  return (
    <ConfirmByName
      open
      onOpenChange={onClose}
      title={`Remove ${name}?`}
      name={name}
      confirmLabel="Remove console"
      busy={remove.isPending}
      error={<Refusal failure={failureFrom(remove.error)} />}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => router.push('/hub') })}
    >
      <div className="flex flex-col gap-2">
        <p>These are deleted here, and cannot be brought back:</p>
        <ul className="list-disc space-y-1 pl-5">
          <li>
            its keys. Reports with them are refused from now on
            {state === 'REPORTING' ? ', and it is reporting' : ''}
          </li>
          <li>its history, and what it reported last of its clusters and links</li>
          <li>
            its alerts, {open === 0 ? 'none of them open' : `${groupDigits(open)} of them open`}. Whoever was
            told of one is told that it is over
          </li>
          <li>silences and thresholds for it alone</li>
        </ul>
        <p className="text-soft">
          The console itself goes on as it is, and so do its clusters and links. Roles that people and API
          keys hold on {name} stay: take them back before you give this name again. The audit log and the list
          of deliveries keep what they have.
        </p>
      </div>
    </ConfirmByName>
  );
}
