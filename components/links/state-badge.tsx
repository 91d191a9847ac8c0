// A state as shape + word + colour, never colour alone.
import { cn } from '@/components/ui/cn';
import { type AnyState, type Shape, stateLook, toneOf } from './states';

export function StateShape({ shape, size = 10 }: { shape: Shape; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 10 10"
      width={size}
      height={size}
      data-shape={shape}
      className={cn('inline-block shrink-0', toneOf[shape])}
    >
      {shapes[shape]}
    </svg>
  );
}

const shapes: Record<Shape, React.ReactNode> = {
  circle: <circle cx="5" cy="5" r="4.5" fill="currentColor" />,
  triangle: <path d="M5 .5 10 9.500H0Z" fill="currentColor" />,
  square: <rect x=".5" y=".5" width="9" height="9" fill="currentColor" />,
  bars: <path d="M1 0h3v10H1zM6 0h3v10H6z" fill="currentColor" />,
  ring: (
    <circle
      cx="5"
      cy="5"
      r="4"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeDasharray="2.500 1.700"
    />
  ),
  hollow: <circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" strokeWidth="1.500" />,
  stopped: <rect x="1" y="1" width="8" height="8" fill="none" stroke="currentColor" strokeWidth="1.500" />,
};

export function StateBadge({
  state,
  attention = false,
  detail,
  title,
  className,
}: {
  state: AnyState;
  attention?: boolean;
  /** Follows the word after a dot: "unexpected write". */
  detail?: string | null;
  title?: string;
  className?: string;
}) {
  const look = stateLook(state, attention);
  return (
    <span className={cn('inline-flex min-w-0 items-center gap-2', className)} title={title}>
      <StateShape shape={look.shape} />
      <span className="truncate">
        {look.word}
        {detail ? ` · ${detail}` : ''}
      </span>
    </span>
  );
}
