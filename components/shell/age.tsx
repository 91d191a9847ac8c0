// How old something is, kept up to date.
'use client';
import { formatAge, formatDateTime } from '@/lib/format';
import { useNow } from './use-now';

export function Age({ at }: { at: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatDateTime(at)} className="whitespace-nowrap">
      {now === null ? '' : formatAge(now - at)}
    </time>
  );
}
