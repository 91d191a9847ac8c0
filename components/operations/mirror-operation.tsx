// On a mirror's page: the promote or failover under way, or how, when and by whom it was stopped.
'use client';
import Link from 'next/link';
import { mirrorHref } from '@/components/links/paths';
import { StateShape } from '@/components/links/state-badge';
import { Age, Lasting } from '@/components/shell/age';
import type { MirrorRow } from '@/lib/contracts/link';
import { formatDateTime, groupDigits } from '@/lib/format';
import { failbackHref, operationHref } from './paths';
import { useOperation } from './queries';
import { kindNoun, stepWord } from './words';

type Names = { destination: string; link: string };

export function MirrorOperation({ mirror, ...names }: Names & { mirror: MirrorRow }) {
  if (mirror.operation) return <UnderWay {...names} operation={mirror.operation} />;
  if (mirror.stopped) return <Stopped {...names} topic={mirror.topic} stopped={mirror.stopped} />;
  return null;
}

function UnderWay({
  destination,
  link,
  operation: { id, kind, step, since, startedAt, detail },
}: Names & { operation: NonNullable<MirrorRow['operation']> }) {
  return (
    <section
      aria-label={`${kindNoun[kind]} under way`}
      className="flex flex-wrap items-baseline gap-x-3 gap-y-1 rounded-lg border border-accent bg-accent-soft px-4 py-2.5"
    >
      <StateShape shape="ring" />
      <p className="min-w-0 flex-1 basis-64 break-words">
        <span className="font-semibold">
          {kindNoun[kind]} under way{step ? `, at ${stepWord[step].toLowerCase()}` : ''} for{' '}
          <Lasting since={since ?? startedAt} />.
        </span>{' '}
        {detail}
      </p>
      <Link href={operationHref(destination, link, id)} className="underline underline-offset-4">
        Steps and statement
      </Link>
    </section>
  );
}

function Stopped({
  destination,
  link,
  topic,
  stopped: { how, at, operationId, missing },
}: Names & { topic: string; stopped: NonNullable<MirrorRow['stopped']> }) {
  const { data } = useOperation(destination, link, operationId);
  return (
    <section
      aria-label="Stopped"
      className="flex flex-wrap items-baseline gap-x-3 gap-y-1 rounded-lg border bg-panel px-4 py-2.5"
    >
      <StateShape shape="stopped" />
      <p className="min-w-0 flex-1 basis-64 break-words">
        <span className="font-semibold">
          An ordinary topic since {formatDateTime(at)} (<Age at={at} />
          ).
        </span>{' '}
        {kindNoun[how]}
        {data ? ` asked by ${data.actor}` : ''}; {missingText(missing)}.
        {data?.statement?.back ? (
          <>
            {' '}
            Its mirror is{' '}
            <Link
              href={mirrorHref(
                data.statement.back.destination,
                data.statement.back.name,
                data.statement.back.topic,
              )}
              className="underline underline-offset-4"
            >
              {data.statement.back.topic} on {data.statement.back.destination}
            </Link>
            .
          </>
        ) : null}
        {data?.reason ? <span className="text-soft"> {data.reason}</span> : null}
      </p>
      <Link href={operationHref(destination, link, operationId)} className="underline underline-offset-4">
        Steps and statement
      </Link>
      {how === 'FAILOVER' ? (
        <Link href={failbackHref(destination, link, topic)} className="underline underline-offset-4">
          Fail back…
        </Link>
      ) : null}
    </section>
  );
}

function missingText(missing: string | null): string {
  if (missing === null) return 'what is missing is unknown';
  if (missing === '0') return 'nothing is missing';
  return `${groupDigits(missing)} ${missing === '1' ? 'offset' : 'offsets'} missing`;
}
