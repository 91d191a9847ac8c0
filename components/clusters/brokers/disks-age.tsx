// When the disks of a broker were read, if it has not told them since: with every number that is of then.
import { Age } from '@/components/shell/age';

export function DisksAge({ at }: { at: number | null }) {
  if (at === null) return null;
  return (
    <span className="text-[13px] text-soft" title="The broker did not tell its disks in the last sweep.">
      as of <Age at={at} />
    </span>
  );
}
