// How many replicas are not in sync: with a shape where any is.
import { StateShape } from '@/components/links/state-badge';
import { groupDigits } from '@/lib/format';

export function OutOfSync({ count }: { count: number }) {
  return count === 0 ? (
    '0'
  ) : (
    <span className="inline-flex items-center gap-2">
      <StateShape shape="triangle" />
      {groupDigits(count)}
    </span>
  );
}
