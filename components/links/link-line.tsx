// Source → destination as a line: its thickness is throughput, the length of its dashes is lag. The numbers stand beside it as text.
import { cn } from '@/components/ui/cn';
import { formatByteRate, formatDuration } from '@/lib/format';
import { dashedShare, lineThicknessPx } from './line-geometry';
import { type AnyState, type Shape, stateLook, toneOf } from './states';

const HEIGHT_PX = 24;

export function LinkLine({
  state,
  attention = false,
  bytesPerSecond,
  lagSeconds,
  className,
}: {
  state: AnyState;
  attention?: boolean;
  bytesPerSecond: number | null;
  lagSeconds: number | null;
  className?: string;
}) {
  const { shape, word } = stateLook(state, attention);
  const flows = state === 'ACTIVE';
  const thickness = flows ? lineThicknessPx(bytesPerSecond) : 2;
  const dashed = flows ? dashedShare(lagSeconds) : 0;
  const label = flows
    ? `Active: ${formatByteRate(bytesPerSecond)}, worst lag ${lagSeconds === null ? 'unknown' : formatDuration(lagSeconds)}`
    : `${word}: nothing flows`;
  const turn = `${(100 - dashed * 100).toFixed(1)}%`;
  const head = flows ? (dashed > 0 ? 'text-warn' : 'text-accent') : toneOf[shape];
  return (
    <span role="img" data-line aria-label={label} className={cn('flex min-w-0 items-center', className)}>
      <svg aria-hidden="true" width="100%" height={HEIGHT_PX} className="min-w-0 flex-1">
        {flows ? <Flow turn={turn} dashed={dashed > 0} thickness={thickness} /> : <Still shape={shape} />}
      </svg>
      <svg
        aria-hidden="true"
        viewBox="0 0 14 24"
        width="14"
        height={HEIGHT_PX}
        className={cn('-ml-1.5 shrink-0', head)}
      >
        <path d="M2 3l9 9-9 9" fill="none" stroke="currentColor" strokeWidth="2.5" />
      </svg>
    </span>
  );
}

function Flow({ turn, dashed, thickness }: { turn: string; dashed: boolean; thickness: number }) {
  return (
    <>
      <line x1="0" x2={turn} y1="12" y2="12" strokeWidth={thickness} className="stroke-accent" />
      {dashed ? (
        <line
          x1={turn}
          x2="100%"
          y1="12"
          y2="12"
          strokeWidth={Math.max(thickness, 4)}
          strokeDasharray="5 5"
          strokeDashoffset="-3"
          className="stroke-warn"
        />
      ) : null}
    </>
  );
}

/** Nothing flows: a thin line, with the state's own sign in the middle of it. */
function Still({ shape }: { shape: Shape }) {
  const broken = shape === 'square' || shape === 'triangle';
  return (
    <g className={toneOf[shape]} stroke="currentColor" strokeWidth="2">
      <line
        x1="0"
        x2={broken ? '44%' : '100%'}
        y1="12"
        y2="12"
        strokeDasharray={broken ? undefined : '2 4'}
      />
      {broken ? <line x1="56%" x2="100%" y1="12" y2="12" strokeDasharray="2 4" /> : null}
    </g>
  );
}
