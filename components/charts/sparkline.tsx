// A tiny line without axes for tables: null is a gap, the scale starts at zero. The cell beside it says the number.
import { sparklinePaths } from './sparkline-path';

const WIDTH = 96;
const HEIGHT = 20;

export function Sparkline({ values, className }: { values: (number | null)[]; className?: string }) {
  const { line, dots } = sparklinePaths(values, WIDTH, HEIGHT);
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.25"
    >
      <path d={line} />
      {dots ? <path d={dots} strokeLinecap="round" strokeWidth="2" /> : null}
    </svg>
  );
}
