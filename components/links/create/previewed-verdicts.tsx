// The dry run of the chosen topics: while it is made, when it fails, and its verdicts.
'use client';
import type { useMirrorPreview } from '@/components/links/queries';
import { QueryView } from '@/components/shell/query-view';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Verdicts } from './verdicts';

export function PreviewedVerdicts({
  preview,
  topics,
  onTopics,
}: {
  preview: ReturnType<typeof useMirrorPreview>;
  topics: string[];
  /** The choice without those that were refused. */
  onTopics: (topics: string[]) => void;
}) {
  return (
    <QueryView
      query={preview}
      what="the preview"
      skeleton={
        <div className="rounded-lg border bg-panel">
          <TableSkeleton rows={6} widths={['w-40', 'w-28', 'w-20', 'w-20', 'flex-1']} />
        </div>
      }
    >
      {({ verdicts }) => (
        <Verdicts
          verdicts={verdicts}
          onLeaveOut={(refused) => onTopics(topics.filter((topic) => !refused.includes(topic)))}
        />
      )}
    </QueryView>
  );
}
