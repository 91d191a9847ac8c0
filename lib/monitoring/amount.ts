// A number of a rule or an alert in words, the same on pages and in messages: `10 min`, `82 %`, `2 GiB`, `5.29 intervals`. Pure.
import type { RuleUnit } from '@/lib/contracts/monitoring/rules';
import { formatBytes, formatDuration, groupDigits } from '@/lib/format';

/** @param counted of unit `count`: what is counted, in the singular, or "× …" of a multiple; null where only yes or no is asked */
export function amount(value: number, unit: RuleUnit, counted: string | null): string {
  switch (unit) {
    case 'seconds':
      return value < 0 ? `−${formatDuration(-value)}` : formatDuration(value);
    case 'bytes':
      return formatBytes(value);
    case 'ratio':
      return `${(value * 100).toFixed(value < 0.1 ? 1 : 0).replace(/\.0$/, '')} %`;
    case 'count':
      return withCounted(
        Number.isInteger(value) ? groupDigits(value) : String(Number(value.toFixed(2))),
        value,
        counted,
      );
  }
}

/** `1 partition`, `3 partitions`, `2.4 × the mean`. */
export function withCounted(text: string, value: number, counted: string | null): string {
  if (counted === null) return text;
  return `${text} ${counted}${value === 1 || counted.startsWith('×') ? '' : 's'}`;
}
