// When a task runs next, counted down.
'use client';
import { useNow } from '@/components/shell/use-now';
import type { LinkTask } from '@/lib/contracts/link-task';
import { formatDuration } from '@/lib/format';

export function TaskNextRun({ task }: { task: LinkTask }) {
  const now = useNow();
  if (task.running) return <span className="block">Running</span>;
  if (task.nextRunAt === null || now === null) return null;
  const seconds = Math.ceil((task.nextRunAt - now) / 1000);
  return <span className="block">{seconds <= 0 ? 'Next: now' : `Next in ${formatDuration(seconds)}`}</span>;
}
