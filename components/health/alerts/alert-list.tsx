// Alerts one under the other, as they were sorted: what is wrong, with what, by how much, since when, and who knows.
'use client';
import { BellOff, CircleHelp, Layers, UserCheck } from 'lucide-react';
import Link from 'next/link';
import { memo, type ReactNode } from 'react';
import { About } from '@/components/health/about';
import { alertHref } from '@/components/health/paths';
import { SeverityBadge } from '@/components/health/severity';
import { affectedText, clearedWhy, clearedWord } from '@/components/health/words';
import { Age, Lasting } from '@/components/shell/age';
import type { AlertRow } from '@/lib/contracts/monitoring/alerts';
import { formatDateTime, formatDuration, plural, UNKNOWN } from '@/lib/format';
import { amount } from '@/lib/monitoring/amount';

export function AlertList({
  alerts,
  label,
  under = null,
}: {
  alerts: readonly AlertRow[];
  label: string;
  /** They are shown below the alert that stands for them: that is not said again. */
  under?: string | null;
}) {
  return (
    <ol aria-label={label} className="divide-y">
      {alerts.map((alert) => (
        <AlertItem key={alert.id} alert={alert} under={under} />
      ))}
    </ol>
  );
}

/** There may be thousands, and few change with a poll: those are drawn anew, and only what is near the screen is laid out. */
const AlertItem = memo(function AlertItem({ alert, under }: { alert: AlertRow; under: string | null }) {
  const isOver = alert.status === 'CLEARED';
  const affected = affectedText(alert.affected);
  return (
    <li className="grid [contain-intrinsic-size:auto_76px] [content-visibility:auto] grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-raised/60 md:grid-cols-[92px_minmax(0,1fr)_104px_160px]">
      <SeverityBadge severity={isOver ? alert.worst : alert.severity} over={isOver} className="h-5" />
      <div className="min-w-0 max-md:order-last max-md:col-span-2">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <Link href={alertHref(alert.id)} className="font-medium hover:underline">
            {alert.title}
          </Link>
          <About labels={alert.labels} />
        </p>
        <p className="break-words text-soft">
          {alert.message}
          {affected === null ? null : ` Affected: ${affected}.`}
        </p>
        <Marks alert={alert} under={under} />
      </div>
      <Measured alert={alert} />
      <Times alert={alert} />
    </li>
  );
});

function Measured({ alert: { value, threshold, unit, counted, known, status } }: { alert: AlertRow }) {
  // Of what is only yes or no a number says nothing.
  if (unit === 'count' && counted === null) return <span className="max-md:hidden" />;
  const isNow = known || status === 'CLEARED';
  return (
    <p className="text-right max-md:hidden">
      <span className={isNow ? 'font-medium' : 'text-soft'}>
        {value === null ? UNKNOWN : amount(value, unit, counted)}
      </span>
      {threshold === null ? null : (
        <span className="block text-[13px] text-soft">limit {amount(threshold, unit, counted)}</span>
      )}
    </p>
  );
}

function Times({ alert: { createdAt, clearedAt, cleared } }: { alert: AlertRow }) {
  if (clearedAt === null)
    return (
      <p className="text-right text-soft" title={`since ${formatDateTime(createdAt)}`}>
        for <Lasting since={createdAt} />
      </p>
    );
  return (
    <p className="text-right text-soft">
      <Age at={clearedAt} />
      <span className="block text-[13px]" title={cleared ? clearedWhy[cleared] : undefined}>
        {cleared ? clearedWord[cleared].toLowerCase() : 'cleared'} after{' '}
        {formatDuration(Math.round((clearedAt - createdAt) / 1000))}
      </span>
    </p>
  );
}

function Marks({ alert, under }: { alert: AlertRow; under: string | null }) {
  const { acknowledged, silencedBy, known, lastNumberAt, status, children, parent } = alert;
  const marks = [
    acknowledged ? (
      <Mark key="acknowledged" icon={<UserCheck aria-hidden size={14} />}>
        {acknowledged.by} knows, <Age at={acknowledged.at} />: {acknowledged.why}
      </Mark>
    ) : null,
    silencedBy.length > 0 ? (
      <Mark key="silenced" icon={<BellOff aria-hidden size={14} />}>
        Silenced
      </Mark>
    ) : null,
    status === 'RAISED' && !known ? (
      <Mark key="unknown" icon={<CircleHelp aria-hidden size={14} />}>
        {lastNumberAt === null ? (
          'No number now: it is as it was last seen'
        ) : (
          <>
            No number since {formatDateTime(lastNumberAt)} (<Age at={lastNumberAt} />)
          </>
        )}
      </Mark>
    ) : null,
    children > 0 ? (
      <Mark key="children" icon={<Layers aria-hidden size={14} />}>
        {plural(children, 'alert follows', 'alerts follow')} from it
      </Mark>
    ) : null,
    parent !== null && parent !== under ? (
      <Mark key="parent" icon={<Layers aria-hidden size={14} />}>
        Listed under{' '}
        <Link href={alertHref(parent)} className="underline decoration-edge underline-offset-2">
          another alert
        </Link>
      </Mark>
    ) : null,
  ].filter((mark) => mark !== null);
  if (marks.length === 0) return null;
  return <p className="flex flex-wrap gap-x-4 gap-y-0.5 pt-0.5 text-[13px]">{marks}</p>;
}

function Mark({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <span className="inline-flex min-w-0 items-baseline gap-1.5 text-soft">
      <span className="translate-y-0.5 shrink-0">{icon}</span>
      <span className="min-w-0 break-words">{children}</span>
    </span>
  );
}
