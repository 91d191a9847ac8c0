// How old the numbers of a page are, and how the sweep went.
'use client';
import { Age } from '@/components/shell/age';
import type { Seen } from '@/lib/contracts/monitoring/seen';
import { formatDuration, formatMillis } from '@/lib/format';

export function SweepAge({ seen }: { seen: Seen | undefined }) {
  if (!seen) return null;
  return (
    <span
      className="text-soft"
      title={`The sweep took ${formatMillis(seen.tookMs)}; the next follows ${formatDuration(seen.intervalMs / 1000)} after it began.`}
    >
      swept <Age at={seen.atMs} />
    </span>
  );
}
