// One dashboard of all consoles and all their clusters, worst first and silent ones on top.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { Age } from '@/components/shell/age';
import { AsOf } from '@/components/shell/freshness';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ButtonLink } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Empty } from '@/components/ui/notice';
import { Figure, Figures, Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue, Value } from '@/components/ui/value';
import type { HubConsole } from '@/lib/contracts/hub';
import { formatDuration, groupDigits } from '@/lib/format';
import { ClusterTable } from './cluster-table';
import { ConsoleStateBadge, OpenAlerts } from './console-state';
import { consoleHref } from './paths';
import { hubSnapshot, useHubClusters, useHubConsoles } from './queries';

const notReported = 'It has not reported that.';
const noneReported = 'No console has reported that.';

export function HubDashboard() {
  const consoles = useHubConsoles();
  return (
    <Page>
      <PageHeader title="Consoles" actions={consoles.data ? <AsOf asOf={consoles.data.now} /> : null} />
      <QueryView query={consoles} what="the consoles" skeleton={<Skeleton />} snapshotOf={hubSnapshot}>
        {({ consoles: rows }) =>
          rows.length === 0 ? (
            <NoConsoles />
          ) : (
            <>
              <Summary consoles={rows} />
              <ConsoleTable consoles={rows} />
              <AllClusters />
            </>
          )
        }
      </QueryView>
    </Page>
  );
}

const NoConsoles = () => (
  <Empty
    title="No console reports here yet"
    actions={
      <ButtonLink href="/settings/consoles" kind="primary">
        Console keys
      </ButtonLink>
    }
  >
    Create a key for each console. It is shown with the two settings that the console needs to report here.
    You see the consoles on which you hold a role.
  </Empty>
);

function AllClusters() {
  const clusters = useHubClusters();
  return (
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
  );
}

const Skeleton = () => (
  <div className="overflow-clip rounded-lg border bg-panel">
    <TableSkeleton rows={4} widths={['w-40', 'w-24', 'w-24', 'w-32']} />
  </div>
);

function Summary({ consoles }: { consoles: HubConsole[] }) {
  const silent = consoles.filter(({ state }) => state === 'SILENT').length;
  const grave = sumOf(consoles, ({ alerts }) => (alerts.CRITICAL ?? 0) + (alerts.ERROR ?? 0)) ?? 0;
  const down = sumOf(consoles, ({ clustersUnreachable }) => clustersUnreachable);
  const notActive = sumOf(consoles, ({ linksNotActive }) => linksNotActive);
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
      <Figure
        label="Clusters"
        note={down === null ? null : <span className={bad(down)}>{groupDigits(down)} not reachable</span>}
      >
        <Value value={sumOf(consoles, ({ clusters }) => clusters)} format={groupDigits} why={noneReported} />
      </Figure>
      <Figure label="Links" note={notActive === null ? null : `${groupDigits(notActive)} not active`}>
        <Value value={sumOf(consoles, ({ links }) => links)} format={groupDigits} why={noneReported} />
      </Figure>
      <Figure label="Critical and error alerts">
        <span className={bad(grave)}>{groupDigits(grave)}</span>
      </Figure>
    </Figures>
  );
}

/** Of those that have reported it; null where none has. */
function sumOf(consoles: HubConsole[], of: (one: HubConsole) => number | null): number | null {
  const known = consoles.map(of).filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((total, count) => total + count, 0);
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
              title={one.reportedName === null ? one.name : `${one.name}, calls itself ${one.reportedName}`}
            >
              {one.name}
            </Link>
          ),
          { rowHeader: true },
        ],
        ['state', 'State', (one) => <StateAndLag console={one} />, { width: 'w-40 max-md:w-34' }],
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
        [
          'alerts',
          'Open alerts',
          (one) => <OpenAlerts alerts={one.alerts} />,
          { width: 'w-56 max-md:w-[98px]' },
        ],
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

/** On a phone the lag, which has no column there, is the second line. */
function StateAndLag({ console: one }: { console: HubConsole }) {
  const { worstLagSeconds } = one;
  return (
    <>
      <ConsoleStateBadge console={one} />
      {worstLagSeconds === null ? null : (
        <span className="block text-soft md:hidden">lag {formatDuration(worstLagSeconds)}</span>
      )}
    </>
  );
}
