// How old something is, kept up to date.
'use client';
import { formatAge, formatDuration, formatMoment } from '@/lib/format';
import { useNow } from './use-now';

export function Age({ at }: { at: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatMoment(at)} className="whitespace-nowrap">
      {now === null ? '' : formatAge(now - at)}
    </time>
  );
}

/** How long something has lasted: `11 min`. */
export function Lasting({ since }: { since: number }) {
  const now = useNow();
  return (
    <time
      dateTime={new Date(since).toISOString()}
      title={`since ${formatMoment(since)}`}
      className="whitespace-nowrap"
    >
      {now === null ? '' : formatDuration(Math.max(0, Math.floor((now - since) / 1000)))}
    </time>
  );
}
