// The numbers of an alert: value, limit, since when, who knows, and whether anybody is told.
'use client';
import Link from 'next/link';
import { alertHref, silencesHref } from '@/components/health/paths';
import { clearedWhy, clearedWord } from '@/components/health/words';
import { Age, Lasting } from '@/components/shell/age';
import { Figure, Figures } from '@/components/ui/panel';
import { Value } from '@/components/ui/value';
import type { AlertRow } from '@/lib/contracts/monitoring/alerts';
import { formatDateTime, formatDuration, plural } from '@/lib/format';
import { amount } from '@/lib/monitoring/amount';

export function AlertFigures({
  alert,
  isYesNo,
}: {
  alert: AlertRow;
  /** Of what only is so or not, a number says nothing. */
  isYesNo: boolean;
}) {
  const { value, threshold, unit, counted, createdAt, clearedAt, cleared, acknowledged, silencedBy, parent } =
    alert;
  return (
    <Figures label="The alert in numbers">
      {isYesNo ? null : (
        <Figure
          label={clearedAt === null ? 'Value' : 'Value at the end'}
          note={threshold === null ? null : `limit ${amount(threshold, unit, counted)}`}
        >
          <Value
            value={value}
            format={(one) => amount(one, unit, counted)}
            why="No number was ever seen for it."
          />
        </Figure>
      )}
      {clearedAt === null ? (
        <Figure label="Raised for" note={`since ${formatDateTime(createdAt)}`}>
          <Lasting since={createdAt} />
        </Figure>
      ) : (
        <Figure label="Lasted" note={`${formatDateTime(createdAt)} to ${sameDay(createdAt, clearedAt)}`}>
          {formatDuration(Math.round((clearedAt - createdAt) / 1000))}
        </Figure>
      )}
      {cleared !== null && clearedAt !== null ? (
        <Figure
          label="Ended"
          note={
            <>
              {clearedWhy[cleared]} <Age at={clearedAt} />
            </>
          }
        >
          {clearedWord[cleared]}
        </Figure>
      ) : null}
      <Figure
        label="Acknowledged"
        note={
          acknowledged === null ? null : (
            <span className="break-words">
              {acknowledged.why} · <Age at={acknowledged.at} />
            </span>
          )
        }
      >
        {acknowledged === null ? 'By nobody' : acknowledged.by}
      </Figure>
      {clearedAt === null && (parent !== null || silencedBy.length > 0) ? (
        <Figure label="Sent" note={whyQuiet(parent, silencedBy.length)}>
          Not now
        </Figure>
      ) : null}
    </Figures>
  );
}

function whyQuiet(parent: string | null, silences: number) {
  if (parent !== null)
    return (
      <Link href={alertHref(parent)} className="underline decoration-edge underline-offset-2">
        another alert stands for it
      </Link>
    );
  if (silences === 0) return null;
  return (
    <Link href={silencesHref} className="underline decoration-edge underline-offset-2">
      {plural(silences, 'silence holds', 'silences hold')}
    </Link>
  );
}

/** The day is only repeated where it is another. */
function sameDay(from: number, to: number): string {
  const [a, b] = [formatDateTime(from), formatDateTime(to)];
  return a.slice(0, 10) === b.slice(0, 10) ? b.slice(11) : b;
}
