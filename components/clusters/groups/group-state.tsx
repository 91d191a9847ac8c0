// The state of a group, or since when nothing is known of it.
import { Age } from '@/components/shell/age';
import type { MonitoredGroupRow } from '@/lib/contracts/monitoring/groups';
import { LookBadge } from '../observed/look';
import { groupStateLook } from './group-words';

export function GroupState({ row }: { row: Pick<MonitoredGroupRow, 'state' | 'unknownSince'> }) {
  if (row.unknownSince === null) return <LookBadge look={groupStateLook(row.state)} />;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <LookBadge look={groupStateLook(row.state)} />
      <span className="shrink-0 text-[13px] text-soft" title="When it was listed last.">
        <Age at={row.unknownSince} />
      </span>
    </span>
  );
}
