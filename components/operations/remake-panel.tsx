// What an operation that makes a topic anew has found: the topic that is deleted, where both sides part, and what was saved.
'use client';
import { PartingTable } from '@/components/repair/parting-table';
import { Panel } from '@/components/ui/panel';
import type { OperationDetail } from '@/lib/contracts/operation';
import { groupDigits, plural } from '@/lib/format';

export function RemakePanel({ operation: { remake, topic } }: { operation: OperationDetail }) {
  if (!remake || (!remake.work.old && !remake.work.parting)) return null;
  const { old, parting, saved } = remake.work;
  return (
    <Panel title="What was found" id="found">
      <div className="flex flex-col gap-1 px-4 py-3">
        {old ? (
          <p>
            The topic that was there: {plural(old.partitions, 'partition')} with {groupDigits(old.offsets)}{' '}
            offsets, id <span className="break-all font-mono text-[13px]">{old.topicId}</span>.
          </p>
        ) : null}
        {saved ? (
          <p>
            {groupDigits(saved.records)} records were saved in{' '}
            <span className="font-mono">{saved.topic}</span>.
          </p>
        ) : null}
      </div>
      {parting ? <PartingTable rows={parting} label={`Where both sides of ${topic} part`} /> : null}
    </Panel>
  );
}
