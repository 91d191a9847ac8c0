// Whether others are kept from writing to a mirror topic: a shape and a word, and for a single mirror the sentence that says more.
import { cn } from '@/components/ui/cn';
import type { LinkRow, MirrorLock } from '@/lib/contracts/link';
import { groupDigits } from '@/lib/format';
import { StateShape } from './state-badge';
import type { Shape } from './states';

const looks: Record<MirrorLock['state'], { shape: Shape; word: string }> = {
  LOCKED: { shape: 'circle', word: 'Locked' },
  WATCHED: { shape: 'hollow', word: 'Watched only' },
};

export function LockText({ lock }: { lock: MirrorLock | null }) {
  if (lock === null) return <span className="text-soft">Lock not looked at yet</span>;
  const { shape, word } = looks[lock.state];
  return (
    <p className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-2">
      <StateShape shape={shape} />
      <span className="break-words">
        <span className="font-medium">{word}.</span> <span className="text-soft">{lock.message}</span>
      </span>
    </p>
  );
}

/** Of all mirrors of a link; nothing before the first look. */
export function LockCounts({ locks, className }: { locks: LinkRow['locks']; className?: string }) {
  if (locks.locked + locks.watched === 0) return null;
  const counts = [
    ['LOCKED', locks.locked],
    ['WATCHED', locks.watched],
  ] as const;
  return (
    <ul className={cn('flex flex-wrap gap-x-3 text-text', className)}>
      {counts
        .filter(([, count]) => count > 0)
        .map(([state, count]) => (
          <li key={state} className="inline-flex items-center gap-1.5">
            <StateShape shape={looks[state].shape} /> {groupDigits(count)} {looks[state].word.toLowerCase()}
          </li>
        ))}
    </ul>
  );
}
