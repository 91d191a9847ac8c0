// What became of a consumer group: shape, word and colour.
import type { GroupStatus } from '@/lib/contracts/consumer-group';
import { StateShape } from '../state-badge';
import { groupLook } from './group-words';

export function GroupStatusBadge({ status, title }: { status: GroupStatus; title?: string | undefined }) {
  const { shape, word } = groupLook(status);
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-2 align-middle" title={title}>
      <StateShape shape={shape} />
      <span className="truncate">{word}</span>
    </span>
  );
}
