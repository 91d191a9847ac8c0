// Messages one under the other: what was told to whom, how far it has come, and exactly what the receiver said.
'use client';
import Link from 'next/link';
import { alertHref } from '@/components/health/paths';
import { SeverityShape, severityWord } from '@/components/health/severity';
import { deliveryKindWord } from '@/components/health/words';
import { Age } from '@/components/shell/age';
import { useNow } from '@/components/shell/use-now';
import type { Delivery } from '@/lib/contracts/monitoring/deliveries';
import { formatDateTime, formatDuration, plural } from '@/lib/format';
import { DeliveryState } from './delivery-state';
import { SendAgain } from './send-again';

export function DeliveryItems({
  deliveries,
  withAlert,
}: {
  deliveries: readonly Delivery[];
  /** Of one alert its name is not repeated. */
  withAlert: boolean;
}) {
  return (
    <ol aria-label="Messages" className="divide-y">
      {deliveries.map((delivery) => (
        <Item key={delivery.id} delivery={delivery} withAlert={withAlert} />
      ))}
    </ol>
  );
}

function Item({ delivery, withAlert }: { delivery: Delivery; withAlert: boolean }) {
  const { alert, title, severity, kind, channelName, state, createdAt, attempts, said, nextAt } = delivery;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 gap-y-0.5 px-4 py-2 sm:grid-cols-[104px_minmax(0,1fr)_auto]">
      <DeliveryState state={state} />
      <span className="min-w-0 break-words max-sm:order-1 max-sm:col-span-2">
        {withAlert ? (
          <>
            <SeverityShape severity={severity} size={11} />{' '}
            <span className="sr-only">{severityWord[severity]}: </span>
            <Link href={alertHref(alert)} className="font-medium hover:underline">
              {title}
            </Link>{' '}
            <span className="text-soft">{deliveryKindWord[kind]}, to </span>
            {channelName}
          </>
        ) : (
          <>
            {channelName} <span className="text-soft">· {deliveryKindWord[kind]}</span>
          </>
        )}
      </span>
      <span className="justify-self-end text-soft" title={formatDateTime(createdAt)}>
        <Age at={createdAt} />
      </span>
      <p className="min-w-0 text-[13px] break-words text-soft max-sm:order-1 max-sm:col-span-2 sm:col-start-2">
        {said ?? (attempts === 0 ? 'Not tried yet.' : '')}
        {attempts > 1 ? ` · ${plural(attempts, 'attempt')}` : ''}
        {state === 'WAITING' && nextAt !== null && attempts > 0 ? <NextTry at={nextAt} /> : null}
      </p>
      <span className="max-sm:order-1">
        <SendAgain delivery={delivery} />
      </span>
    </li>
  );
}

function NextTry({ at }: { at: number }) {
  const now = useNow();
  if (now === null) return null;
  return <> · tried again {at <= now ? 'now' : `in ${formatDuration(Math.ceil((at - now) / 1000))}`}</>;
}
