// A state of something in a cluster: shape, word and colour, never colour alone.
import { StateShape } from '@/components/links/state-badge';
import type { StateLook } from '@/components/links/states';
import { cn } from '@/components/ui/cn';

export type Look = StateLook & {
  /** Follows the word after a dot. */
  detail?: string | null;
  /** What it means, on hover. */
  why?: string | null;
};

export function LookBadge({
  look,
  wrap = false,
  className,
}: {
  look: Look;
  /** Long words go on in the next line instead of being cut. */
  wrap?: boolean;
  className?: string;
}) {
  return (
    <span
      className={cn('inline-flex max-w-full min-w-0 items-center gap-2 align-middle', className)}
      title={look.why ?? undefined}
    >
      <StateShape shape={look.shape} />
      <span className={wrap ? undefined : 'truncate'}>
        {look.word}
        {look.detail ? ` · ${look.detail}` : ''}
      </span>
    </span>
  );
}
