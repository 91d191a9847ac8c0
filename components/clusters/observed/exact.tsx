// An exact count as a figure: never rounded, never cut off, so smaller where it is long.
import { Value } from '@/components/ui/value';
import { groupDigits } from '@/lib/format';

/** Characters that fit a figure at its full size. */
const FULL_SIZE = 12;

export function Exact({ value, why }: { value: string | null; why: string }) {
  const long = value !== null && groupDigits(value).length > FULL_SIZE;
  return (
    <span className={long ? 'text-sm' : undefined}>
      <Value value={value} format={groupDigits} why={why} />
    </span>
  );
}
