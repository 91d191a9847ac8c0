// One channel: where it goes, whether it is on, and what a test of it came to, word for word.
'use client';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { useRemoveChannel, useTestChannel } from '@/components/health/changes';
import { channelWord } from '@/components/health/words';
import { StateShape } from '@/components/links/state-badge';
import { failureFrom } from '@/components/shell/api-client';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import type { ChannelView } from '@/lib/contracts/monitoring/channels';
import { plural } from '@/lib/format';
import { ChangeChannel } from './channel-form';
import { TestOutcome } from './test-outcome';

export function ChannelRow({
  channel,
  routes,
  whyNot,
}: {
  channel: ChannelView;
  /** How many routes send to it; null: not known. */
  routes: number | null;
  whyNot: string | null;
}) {
  const { id, name, kind, enabled, target, signed } = channel;
  const [open, setOpen] = useState<'change' | 'remove' | null>(null);
  const test = useTestChannel(id);
  const inUse =
    routes === null || routes === 0
      ? null
      : `${plural(routes, 'route sends', 'routes send')} alerts to it: take it out of the routes first.`;
  const close = () => setOpen(null);
  return (
    <li className="flex flex-col gap-2 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_16rem]">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className="inline-flex items-baseline gap-2 font-medium">
              <StateShape shape={enabled ? 'circle' : 'bars'} />
              {name}
            </span>
            <span className="text-soft">{enabled ? '' : 'switched off'}</span>
          </p>
          <p className="break-all text-soft">
            {channelWord[kind]} · {target}
            {kind === 'webhook' ? (signed ? ' · signed' : ' · not signed') : ''}
            {routes === 0 ? ' · no route sends to it' : ''}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <GuardedButton
            size="small"
            whyNot={whyNot}
            disabled={test.isPending}
            aria-label={`Test ${name}`}
            onClick={() => test.mutate(undefined)}
          >
            {test.isPending ? 'Testing…' : 'Test'}
          </GuardedButton>
          <GuardedButton
            size="small"
            whyNot={whyNot}
            aria-label={`Change ${name}`}
            onClick={() => setOpen('change')}
          >
            Change…
          </GuardedButton>
          <GuardedButton
            size="small"
            kind="danger"
            whyNot={whyNot ?? inUse}
            aria-label={`Remove ${name}`}
            onClick={() => setOpen('remove')}
          >
            Remove…
          </GuardedButton>
        </div>
      </div>
      <TestOutcome test={test} />
      {open === 'change' ? <ChangeChannel id={id} name={name} onClose={close} /> : null}
      {open === 'remove' ? <RemoveChannel id={id} name={name} onClose={close} /> : null}
    </li>
  );
}

function RemoveChannel({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const remove = useRemoveChannel(id);
  return (
    <ConfirmByName
      open
      onOpenChange={onClose}
      title={`Remove ${name}?`}
      name={name}
      confirmLabel="Remove channel"
      busy={remove.isPending}
      error={<Refusal failure={failureFrom(remove.error)} />}
      onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
    >
      <p className="text-soft">
        Nothing is sent there any more, and messages that wait for it are cancelled. Its secrets are deleted.
      </p>
    </ConfirmByName>
  );
}
