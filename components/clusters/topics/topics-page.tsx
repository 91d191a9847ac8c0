// The topics of a cluster: filtered, sorted and cut on the server, any number of them.
'use client';
import { useCallback, useMemo } from 'react';
import { Age } from '@/components/shell/age';
import { ColumnMenu, useColumnChoice } from '@/components/shell/column-choice';
import { OBSERVED_POLL_MS } from '@/components/shell/intervals';
import { useRowWindows } from '@/components/shell/row-windows';
import { DataTable } from '@/components/ui/data-table';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { SweepGap } from '@/lib/contracts/monitoring/seen';
import {
  type TopicRow,
  type TopicsPage,
  type TopicsQuery,
  topicsPage,
  topicsQuery,
} from '@/lib/contracts/monitoring/topics';
import { ClusterFrame } from '../cluster-frame';
import { ObservedView } from '../observed/observed-view';
import { observedApi } from '../observed/paths';
import { searchOf, useTableState } from '../observed/table-state';
import { TableToolbar, ToggleButton } from '../observed/table-toolbar';
import { topicColumns } from './topic-columns';

const standard = { sort: 'name', direction: 'asc' } as const;
const noGaps: SweepGap[] = [];

export function ClusterTopics({ cluster }: { cluster: string }) {
  const { query, sorting } = useTableState<TopicsQuery>(topicsQuery, standard);
  const pathOf = useCallback(
    (offset: number, limit: number) => `${observedApi(cluster, 'topics')}?${searchOf(query, offset, limit)}`,
    [cluster, query],
  );
  const windows = useRowWindows<TopicRow, TopicsPage>({
    queryKey: ['clusters', cluster, 'observed', 'topics', query],
    pathOf,
    schema: topicsPage,
    pollMs: OBSERVED_POLL_MS,
  });
  const gaps = windows.data?.gaps ?? noGaps;
  const choice = useColumnChoice(useMemo(() => topicColumns(cluster, gaps), [cluster, gaps]));
  const filtered = query.filter !== '' || query.trouble === '1';
  return (
    <ClusterFrame name={cluster} seen={windows.data}>
      <ObservedView
        query={windows}
        cluster={cluster}
        what={`the topics of ${cluster}`}
        parts={['METADATA', 'OFFSETS', 'LOG_DIRS', 'TOPIC_CONFIGS', 'GROUP_OFFSETS']}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={14} widths={['flex-1', 'w-32', 'w-16', 'w-28', 'w-20', 'w-20']} />
          </div>
        }
      >
        {({ total, matched, configsAt }) => (
          <section aria-label="Topics" className="min-w-0 overflow-clip rounded-lg border bg-panel">
            <TableToolbar
              one="topic"
              filter={query.filter}
              total={total}
              matched={matched}
              aside={
                <>
                  {configsAt === null ? null : (
                    <span
                      className="text-soft max-md:hidden"
                      title="Retention and policy are read every few minutes, not with each sweep: some were read as long ago as this."
                    >
                      configs read <Age at={configsAt} /> or later
                    </span>
                  )}
                  <ColumnMenu choice={choice} />
                </>
              }
            >
              <ToggleButton name="trouble" on={query.trouble === '1'}>
                Not in sync
              </ToggleButton>
              <ToggleButton name="internal" on={query.internal === '1'}>
                With internal
              </ToggleButton>
            </TableToolbar>
            <DataTable<TopicRow>
              label={`Topics of ${cluster}`}
              columns={choice.columns}
              count={matched}
              rowAt={windows.rowAt}
              sorting={sorting}
              onRange={windows.onRange}
              busy={windows.busy}
              className="max-h-[max(432px,calc(100dvh-240px))]"
              empty={
                filtered
                  ? 'No topic matches.'
                  : 'No topics yet, or the cluster’s principal may not describe any: brokers leave out what it may not see.'
              }
            />
          </section>
        )}
      </ObservedView>
    </ClusterFrame>
  );
}
