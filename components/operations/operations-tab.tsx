// The tab "Operations" of a link: promotes, failovers and reverses, newest first, and the ways to start one.
'use client';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { LinkRow } from '@/lib/contracts/link';
import { groupDigits } from '@/lib/format';
import { OperationTable } from './operation-table';
import { useOperations } from './queries';

const LISTED = 200;

export function OperationsTab({ link }: { link: LinkRow }) {
  const { params, patch } = useUrlState();
  const onlyOpen = params.get('open') === '1';
  const destination = link.destination.name;
  const query = useOperations(destination, link.name, {
    ...(onlyOpen ? { open: '1' as const } : {}),
    limit: LISTED,
  });
  return (
    <QueryView
      query={query}
      what="the operations"
      skeleton={
        <div className="rounded-lg border bg-panel">
          <TableSkeleton rows={6} widths={['w-40', 'w-20', 'w-32', 'flex-1', 'w-20']} />
        </div>
      }
    >
      {({ operations, counts }) => {
        const total = onlyOpen ? counts.open : counts.open + counts.done + counts.failed + counts.cancelled;
        if (total === 0 && !onlyOpen) {
          return (
            <Empty title="No mirror was promoted, failed over or reversed yet">
              Promote lets a mirror take all that its source holds and makes it an ordinary topic; failover
              does it at once, without the source; reverse also makes the source its mirror. They are started
              above, on the page of a mirror, or for many in the table of mirrors.
            </Empty>
          );
        }
        return (
          <Panel
            title="Operations"
            id="operations"
            aside={
              <span className="flex flex-wrap items-center gap-3 text-soft">
                {total > operations.length
                  ? `latest ${groupDigits(operations.length)} of ${groupDigits(total)}`
                  : null}
                <Button
                  size="small"
                  aria-pressed={onlyOpen}
                  onClick={() => patch({ open: onlyOpen ? null : '1' })}
                  className="aria-pressed:border-accent aria-pressed:bg-accent-soft"
                >
                  Under way <strong>{groupDigits(counts.open)}</strong>
                </Button>
              </span>
            }
          >
            <OperationTable
              destination={destination}
              link={link.name}
              operations={operations}
              label={`Operations of ${link.name}`}
              empty="Nothing is under way."
            />
          </Panel>
        );
      }}
    </QueryView>
  );
}
