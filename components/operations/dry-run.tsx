// The dry run with its age: while it is made, when it fails, and what it says.
'use client';
import { Age } from '@/components/shell/age';
import { QueryView } from '@/components/shell/query-view';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { OperationKind } from '@/lib/contracts/operation';
import { PlanFigures, Refused, WhatCanGoWrong } from './plan-summary';
import { PlanTable } from './plan-table';
import type { useStartPlan } from './queries';

export function DryRun({
  kind,
  plan,
  onLeaveOut,
}: {
  kind: OperationKind;
  plan: ReturnType<typeof useStartPlan>;
  onLeaveOut: (topics: string[]) => void;
}) {
  const { isPlaceholderData: busy, isFetching, refetch, dataUpdatedAt } = plan;
  return (
    <QueryView
      query={plan}
      what="the dry run"
      skeleton={
        <div className="rounded-lg border bg-panel">
          <TableSkeleton rows={6} widths={['w-40', 'w-32', 'w-20', 'w-24', 'flex-1']} />
        </div>
      }
    >
      {({ plans }) => (
        <>
          <PlanFigures kind={kind} plans={plans} />
          <Refused plans={plans} onLeaveOut={onLeaveOut} />
          <WhatCanGoWrong plans={plans} />
          <Panel
            title="Dry run"
            id="dry-run"
            aside={
              <span className="flex items-center gap-3 text-soft">
                {isFetching ? (
                  'checking…'
                ) : (
                  <span>checked {<Age at={dataUpdatedAt} />}, nothing changed</span>
                )}
                <Button size="small" disabled={isFetching} onClick={() => void refetch()}>
                  Check again
                </Button>
              </span>
            }
          >
            <PlanTable kind={kind} plans={plans} busy={busy} />
          </Panel>
        </>
      )}
    </QueryView>
  );
}
