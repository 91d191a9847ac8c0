// How grave an alert is, as shape + word + colour. The same on every page, in the navigation and on the overview.
import { cn } from '@/components/ui/cn';
import type { Severity } from '@/lib/contracts/monitoring/rules';
import { plural } from '@/lib/format';

export const severityWord: Record<Severity, string> = {
  INFO: 'Info',
  WARN: 'Warning',
  ERROR: 'Error',
  CRITICAL: 'Critical',
};

/** `2 warnings`, `1 critical`. */
export const severityCount = (severity: Severity, count: number): string => {
  const word = severityWord[severity].toLowerCase();
  return plural(count, word, severity === 'WARN' || severity === 'ERROR' ? `${word}s` : word);
};

const tones: Record<Severity, string> = {
  INFO: 'text-soft',
  WARN: 'text-warn',
  ERROR: 'text-bad',
  CRITICAL: 'text-bad',
};

const shapes: Record<Severity, React.ReactNode> = {
  INFO: <circle cx="6" cy="6" r="4.800" fill="none" stroke="currentColor" strokeWidth="1.600" />,
  WARN: <path d="M6 .8 11.800 11.200H.2Z" fill="currentColor" />,
  ERROR: <rect x="1" y="1" width="10" height="10" fill="currentColor" />,
  // An octagon with a bar cut out of it: told from the square of an error without colour.
  CRITICAL: (
    <path
      fillRule="evenodd"
      d="M3.500 0h5L12 3.500v5L8.500 12h-5L0 8.500v-5ZM2.500 5v2h7V5Z"
      fill="currentColor"
    />
  ),
};

export function SeverityShape({ severity, size = 12 }: { severity: Severity; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 12 12"
      width={size}
      height={size}
      data-severity={severity}
      className={cn('inline-block shrink-0', tones[severity])}
    >
      {shapes[severity]}
    </svg>
  );
}

export function SeverityBadge({
  severity,
  over = false,
  className,
}: {
  severity: Severity;
  /** It is cleared: the colour says nothing of now. */
  over?: boolean;
  className?: string;
}) {
  return (
    <span className={cn('inline-flex items-center gap-2 whitespace-nowrap', over && 'grayscale', className)}>
      <SeverityShape severity={severity} />
      <span className={severity === 'CRITICAL' && !over ? 'font-semibold' : undefined}>
        {severityWord[severity]}
      </span>
    </span>
  );
}
