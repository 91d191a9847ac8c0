// Tries a message anew that was given up; says why where that is not allowed, or was refused.
'use client';
import { GuardedButton } from '@/components/access/guarded-button';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import { useSendAgain } from '@/components/health/changes';
import { failureFrom } from '@/components/shell/api-client';
import type { Delivery } from '@/lib/contracts/monitoring/deliveries';

export function SendAgain({ delivery }: { delivery: Delivery }) {
  const again = useSendAgain();
  const whyNot = useWhyNot()('administrator', everywhere);
  const failure = failureFrom(again.error);
  if (delivery.state !== 'DEAD') return null;
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <GuardedButton
        size="small"
        whyNot={whyNot}
        disabled={again.isPending}
        aria-label={`Send again: ${delivery.title} to ${delivery.channelName}`}
        onClick={() => again.mutate(delivery.id)}
      >
        {again.isPending ? 'Sending…' : 'Send again'}
      </GuardedButton>
      {failure ? <span className="text-bad">{failure.message}</span> : null}
    </span>
  );
}
