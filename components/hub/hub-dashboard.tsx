// One dashboard of all consoles and all their clusters, worst first and silent ones on top.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { Age } from '@/components/shell/age';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { DataTable } from '@/components/ui/data-table';
import { Empty } from '@/components/ui/notice';
import { Figure, Figures, Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { HubConsole } from '@/lib/contracts/hub';
import { formatDuration, groupDigits } from '@/lib/format';
import { ClusterTable } from './cluster-table';
import { ConsoleStateBadge, OpenAlerts } from './console-state';
import { consoleHref } from './paths';
import { useHubClusters, useHubConsoles } from './queries';

const notReported = 'It has not reported that.';

export function HubDashboard() {
  const consoles = useHubConsoles();
  const clusters = useHubClusters();
  return (
    <Page>
      <PageHeader title="Consoles" />
      <QueryView query={consoles} what="the consoles" skeleton={<Skeleton />}>
        {({ consoles: rows }) =>
          rows.length === 0 ? (
            <Empty title="No console reports here yet">
              Make a key for each console under Settings → Console keys, and set it there as
              LANDBRIDGE_HEALTH_TOKEN. You see those on which you hold a role.
            </Empty>
          ) : (
            <>
              <Summary consoles={rows} />
              <ConsoleTable consoles={rows} />
            </>
          )
        }
      </QueryView>
      <QueryView query={clusters} what="the clusters" skeleton={<Skeleton />}>
        {({ clusters: rows }) =>
          rows.length === 0 ? null : (
            <Panel
              title="Clusters of all consoles, worst first"
              id="clusters"
              aside={<span className="text-soft">{groupDigits(rows.length)}</span>}
            >
              <ClusterTable clusters={rows} withConsole />
            </Panel>
          )
        }
      </QueryView>
    </Page>
  );
}

const Skeleton = () => (
  <div className="overflow-clip rounded-lg border bg-panel">
    <TableSkeleton rows={4} widths={['w-40', 'w-24', 'w-24', 'w-32']} />
  </div>
);

function Summary({ consoles }: { consoles: HubConsole[] }) {
  const silent = consoles.filter(({ state }) => state === 'SILENT').length;
  const sum = (of: (one: HubConsole) => number | null | undefined) =>
    consoles.reduce((total, one) => total + (of(one) ?? 0), 0);
  const grave = sum(({ alerts }) => (alerts.CRITICAL ?? 0) + (alerts.ERROR ?? 0));
  const down = sum(({ clustersUnreachable }) => clustersUnreachable);
  const notActive = sum(({ linksNotActive }) => linksNotActive);
  const bad = (count: number) => (count > 0 ? 'text-bad' : '');
  return (
    <Figures label="All consoles">
      <Figure
        label="Consoles"
        note={
          <span className={bad(silent)}>
            {silent === 0 ? 'none silent' : `${groupDigits(silent)} silent`}
          </span>
        }
      >
        {groupDigits(consoles.length)}
      </Figure>
      <Figure label="Clusters" note={<span className={bad(down)}>{groupDigits(down)} unreachable</span>}>
        {groupDigits(sum(({ clusters }) => clusters))}
      </Figure>
      <Figure label="Links" note={`${groupDigits(notActive)} not active`}>
        {groupDigits(sum(({ links }) => links))}
      </Figure>
      <Figure label="Critical and error alerts">
        <span className={bad(grave)}>{groupDigits(grave)}</span>
      </Figure>
    </Figures>
  );
}

function ConsoleTable({ consoles }: { consoles: HubConsole[] }) {
  const rowAt = useCallback((index: number) => consoles[index], [consoles]);
  const columns = useMemo(
    () =>
      columnsOf<HubConsole>([
        [
          'name',
          'Console',
          (one) => (
            <Link
              href={consoleHref(one.name)}
              className="font-mono hover:underline"
              title={one.reportedName ?? undefined}
            >
              {one.name}
            </Link>
          ),
          { rowHeader: true },
        ],
        ['state', 'State', (one) => <ConsoleStateBadge state={one.state} />, { width: 'w-40 max-md:w-36' }],
        [
          'heard',
          'Last report',
          (one) =>
            one.heardAt === null ? (
              <CellValue value={null} format={String} why="Never." />
            ) : (
              <Age at={one.heardAt} />
            ),
          { width: 'w-32', wideOnly: true },
        ],
        ['alerts', 'Open alerts', (one) => <OpenAlerts alerts={one.alerts} />, { width: 'w-56 max-md:w-28' }],
        [
          'clusters',
          'Clusters',
          (one) => <CellValue value={one.clusters} format={groupDigits} why={notReported} />,
          { width: 'w-24', numeric: true, wideOnly: true },
        ],
        [
          'links',
          'Links',
          (one) => <CellValue value={one.links} format={groupDigits} why={notReported} />,
          { width: 'w-20', numeric: true, wideOnly: true },
        ],
        [
          'lag',
          'Worst lag',
          (one) => <CellValue value={one.worstLagSeconds} format={formatDuration} why={notReported} />,
          { width: 'w-28', numeric: true, wideOnly: true },
        ],
      ]),
    [],
  );
  return (
    <Panel title="Consoles, worst first" id="consoles">
      <DataTable
        label="Consoles"
        columns={columns}
        count={consoles.length}
        rowAt={rowAt}
        className="max-h-[60vh]"
      />
    </Panel>
  );
}
