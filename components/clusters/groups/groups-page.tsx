// The consumer groups of a cluster: filtered, sorted and cut on the server, the furthest behind first.
'use client';
import { X } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { ColumnMenu, useColumnChoice } from '@/components/shell/column-choice';
import { OBSERVED_POLL_MS } from '@/components/shell/intervals';
import { useRowWindows } from '@/components/shell/row-windows';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Select } from '@/components/ui/field';
import { TableSkeleton } from '@/components/ui/skeleton';
import {
  type GroupsPage,
  type GroupsQuery,
  groupsPage,
  groupsQuery,
  type MonitoredGroupRow,
} from '@/lib/contracts/monitoring/groups';
import { groupDigits } from '@/lib/format';
import { ClusterFrame } from '../cluster-frame';
import { whyMissing } from '../observed/gaps';
import { ObservedView } from '../observed/observed-view';
import { observedApi } from '../observed/paths';
import { searchOf, useTableState } from '../observed/table-state';
import { TableToolbar, ToggleButton } from '../observed/table-toolbar';
import { groupColumns } from './group-columns';
import { stateWords } from './group-words';

const standard = { sort: 'lagMessages', direction: 'desc' } as const;

export function ClusterGroups({ cluster }: { cluster: string }) {
  const { query, sorting } = useTableState<GroupsQuery>(groupsQuery, standard);
  const pathOf = useCallback(
    (offset: number, limit: number) => `${observedApi(cluster, 'groups')}?${searchOf(query, offset, limit)}`,
    [cluster, query],
  );
  const windows = useRowWindows<MonitoredGroupRow, GroupsPage>({
    queryKey: ['clusters', cluster, 'observed', 'groups', query],
    pathOf,
    schema: groupsPage,
    pollMs: OBSERVED_POLL_MS,
  });
  const choice = useColumnChoice(useMemo(() => groupColumns(cluster), [cluster]));
  return (
    <ClusterFrame name={cluster} seen={windows.data}>
      <ObservedView
        query={windows}
        cluster={cluster}
        what={`the consumer groups of ${cluster}`}
        parts={['GROUPS', 'GROUP_MEMBERS', 'GROUP_OFFSETS', 'OFFSETS', 'RECORD_TIMES']}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={14} widths={['flex-1', 'w-40', 'w-28', 'w-16', 'w-28', 'w-20']} />
          </div>
        }
      >
        {(page) => (
          <section aria-label="Consumer groups" className="min-w-0 overflow-clip rounded-lg border bg-panel">
            <TableToolbar
              one="group"
              filter={query.filter}
              total={page.total}
              matched={page.matched}
              allListed={page.allListed}
              aside={<ColumnMenu choice={choice} />}
            >
              <ToggleButton name="trouble" on={query.trouble === '1'}>
                In trouble
              </ToggleButton>
              <StateChoice state={query.state} byState={page.byState} />
              <TopicChip topic={query.topic} />
            </TableToolbar>
            <DataTable<MonitoredGroupRow>
              label={`Consumer groups of ${cluster}`}
              columns={choice.columns}
              count={page.matched}
              rowAt={windows.rowAt}
              sorting={sorting}
              onRange={windows.onRange}
              busy={windows.busy}
              className="max-h-[max(432px,calc(100dvh-240px))]"
              empty={
                page.total > 0
                  ? 'No group matches.'
                  : whyMissing(
                      page.gaps,
                      ['GROUPS'],
                      'No consumer groups, or the cluster’s principal may not describe any: brokers leave out what it may not see.',
                    )
              }
            />
          </section>
        )}
      </ObservedView>
    </ClusterFrame>
  );
}

function StateChoice({ state, byState }: { state: string; byState: Record<string, number> }) {
  const { patch } = useUrlState();
  const states = [...new Set([...Object.keys(byState), ...(state ? [state] : [])])].sort();
  return (
    <Select
      aria-label="State"
      className="w-auto"
      value={state}
      onChange={(event) => patch({ state: event.target.value })}
    >
      <option value="">Any state</option>
      {states.map((one) => (
        <option key={one} value={one}>
          {stateWords(one)} ({groupDigits(byState[one] ?? 0)})
        </option>
      ))}
    </Select>
  );
}

/** Only groups of one topic: set by a way in from its page, taken off here. */
function TopicChip({ topic }: { topic: string }) {
  const { patch } = useUrlState();
  if (topic === '') return null;
  return (
    <Button
      className="min-w-0 max-w-full"
      onClick={() => patch({ topic: null })}
      aria-label={`Groups of all topics, not only of ${topic}`}
    >
      <span className="truncate">
        of topic <span className="font-mono text-[13px]">{topic}</span>
      </span>
      <X aria-hidden size={14} className="shrink-0" />
    </Button>
  );
}
