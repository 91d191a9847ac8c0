// What happened to an alert, latest first.
'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { alertHref } from '@/components/health/paths';
import { SeverityBadge } from '@/components/health/severity';
import { clearedWhy } from '@/components/health/words';
import { Age } from '@/components/shell/age';
import { Panel } from '@/components/ui/panel';
import { type AlertChange, type AlertRow, clearReason } from '@/lib/contracts/monitoring/alerts';
import { formatDateTime } from '@/lib/format';
import { amount } from '@/lib/monitoring/amount';

export function AlertTimeline({
  alert,
  changes,
  isYesNo,
}: {
  alert: AlertRow;
  changes: readonly AlertChange[];
  /** Its rule asks whether something is so: there is no number to tell. */
  isYesNo: boolean;
}) {
  const latest = changes.map((change, number) => ({ change, number })).reverse();
  return (
    <Panel title="Timeline" id="timeline">
      {latest.length === 0 ? (
        <p className="px-4 py-3 text-soft">Nothing is recorded of it.</p>
      ) : (
        <ol className="max-h-[60vh] divide-y overflow-auto">
          {latest.map(({ change, number }) => (
            <li
              key={number}
              className="grid grid-cols-1 gap-x-4 px-4 py-2 md:grid-cols-[160px_minmax(0,1fr)_auto]"
            >
              <span className="text-soft">{formatDateTime(change.at)}</span>
              <div className="min-w-0 break-words">{wordsOf(change, alert, isYesNo)}</div>
              <span className="text-soft md:text-right">
                <Age at={change.at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function wordsOf(
  { kind, severity, value, detail }: AlertChange,
  { unit, counted }: AlertRow,
  isYesNo: boolean,
): ReactNode {
  const at = value === null || isYesNo ? '' : ` at ${amount(value, unit, counted)}`;
  switch (kind) {
    case 'RAISED':
      return (
        <span className="inline-flex flex-wrap gap-x-2">
          Raised{at}, as <SeverityBadge severity={severity} />
        </span>
      );
    case 'SEVERITY':
      return (
        <span className="inline-flex flex-wrap gap-x-2">
          Now <SeverityBadge severity={severity} />
          {at}
        </span>
      );
    case 'ACKNOWLEDGED':
      return `Acknowledged by ${detail}`;
    case 'ATTACHED':
      return (
        <>
          Listed under <OtherAlert id={detail} />, which stands for it
        </>
      );
    case 'DETACHED':
      return (
        <>
          Stands for itself again: <OtherAlert id={detail} /> is over
        </>
      );
    case 'CLEARED': {
      const reason = clearReason.safeParse(detail);
      return <>Cleared. {reason.success ? clearedWhy[reason.data] : detail}</>;
    }
  }
}

function OtherAlert({ id }: { id: string }) {
  return (
    <Link href={alertHref(id)} className="underline decoration-edge underline-offset-2">
      another alert
    </Link>
  );
}
