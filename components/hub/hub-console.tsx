// One console as it reported last: what it says of itself, its alerts, clusters and links, and how they went.
'use client';
import Link from 'next/link';
import { useMemo } from 'react';
import { byteRateFormat, secondsFormat } from '@/components/charts/formats';
import type { HistoryChartProps } from '@/components/charts/history-chart';
import { HistoryPanel } from '@/components/charts/history-panel';
import { AlertList } from '@/components/health/alerts/alert-list';
import { healthHref } from '@/components/health/paths';
import { Age } from '@/components/shell/age';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ButtonLink } from '@/components/ui/button';
import { Banner, Empty, Missing } from '@/components/ui/notice';
import { Figure, Figures, Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Value } from '@/components/ui/value';
import type { ConsoleState, HubConsoleDetail } from '@/lib/contracts/hub';
import { formatDateTime, formatDuration, groupDigits, plural } from '@/lib/format';
import type { MetricName } from '@/lib/monitoring/metrics';
import { ClusterTable } from './cluster-table';
import { ConsoleStateBadge } from './console-state';
import { LinkTable } from './link-table';
import { hubSnapshot, useHubAlerts, useHubConsole } from './queries';
import { RemoveConsole } from './remove-console';

const crumbs = [{ href: '/hub', label: 'Consoles' }];
const notReported = 'It has not reported yet.';

export function HubConsolePage({ name }: { name: string }) {
  const query = useHubConsole(name);
  return (
    <Page>
      <PageHeader
        crumbs={crumbs}
        title={name}
        mono
        status={query.data ? <ConsoleStateBadge console={query.data.console} /> : null}
        actions={query.data ? <RemoveConsole console={query.data.console} /> : null}
      />
      <QueryView
        query={query}
        what="the console"
        snapshotOf={hubSnapshot}
        missing={<Missing title={`There is no console "${name}" here, or you may not see it`} />}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={5} widths={['w-40', 'w-24', 'w-24', 'w-32']} />
          </div>
        }
      >
        {(detail) => (detail.console.heardAt === null ? <NotHeard /> : <Detail detail={detail} />)}
      </QueryView>
    </Page>
  );
}

const NotHeard = () => (
  <Empty
    title="It has not reported yet"
    actions={<ButtonLink href="/settings/consoles">Console keys</ButtonLink>}
  >
    Set LANDBRIDGE_HEALTH_ENDPOINT and LANDBRIDGE_HEALTH_TOKEN where it runs, and start it again. The token
    was shown when its key was created; for one that is lost, create another key.
  </Empty>
);

/** Why what is shown of it is not how it is now. */
const isOver: Partial<Record<ConsoleState, string>> = {
  SILENT: 'This console is silent',
  REVOKED: 'No key of this console holds any more',
};

function Detail({ detail: { console, clusters, links } }: { detail: HubConsoleDetail }) {
  const { heardAt, clockSkewSeconds, dropped, refused, overBudgetAt } = console;
  const over = isOver[console.state];
  return (
    <>
      {over && heardAt !== null ? (
        <Banner tone="bad" title={over} live>
          Its last report came at {formatDateTime(heardAt)}. What is below is how it was then.
        </Banner>
      ) : null}
      {clockSkewSeconds !== null ? (
        <Banner
          tone="warn"
          title={`Its clock is ${formatDuration(Math.abs(clockSkewSeconds))} ${clockSkewSeconds > 0 ? 'ahead' : 'behind'}`}
        >
          Its reports are moved by that here. Set the time of that machine.
        </Banner>
      ) : null}
      {overBudgetAt !== null ? (
        <Banner tone="warn" title="It sends more than this hub takes of one console" live>
          Reports were put off, last at {formatDateTime(overBudgetAt)}; the console keeps them and sends them
          again. After an outage that is as it should be. If it stays, let it report less often
          (LANDBRIDGE_HEALTH_INTERVAL_MS) or fewer metrics (LANDBRIDGE_HEALTH_METRICS), or look at what sends
          with its key.
        </Banner>
      ) : null}
      {dropped || refused ? (
        <Banner tone="warn" title="There are holes in what it reported">
          {plural(dropped ?? 0, 'report')} dropped there as its buffer was full, {groupDigits(refused ?? 0)}{' '}
          refused.
        </Banner>
      ) : null}
      <Figures label="The console">
        <Figure label="Last report">
          {heardAt === null ? <Value value={null} format={String} why={notReported} /> : <Age at={heardAt} />}
        </Figure>
        <Figure
          label="Calls itself"
          note={console.version ? `Landbridge ${console.version}, ${console.mode} mode` : null}
        >
          <Value value={console.reportedName} format={String} why={notReported} />
        </Figure>
        <Figure
          label="Series"
          note={console.unknownSeries ? `${groupDigits(console.unknownSeries)} not known here` : null}
        >
          <Value value={console.series} format={groupDigits} why={notReported} />
        </Figure>
        <Figure label="Worst lag of a link">
          <Value value={console.worstLagSeconds} format={formatDuration} why="No link has a known lag." />
        </Figure>
      </Figures>
      <Alerts name={console.name} />
      {clusters.length > 0 ? (
        <Panel title="Clusters" id="clusters">
          <ClusterTable clusters={clusters} />
        </Panel>
      ) : null}
      {links.length > 0 ? (
        <Panel title="Links" id="links">
          <LinkTable links={links} />
        </Panel>
      ) : null}
      <Charts name={console.name} />
    </>
  );
}

function Alerts({ name }: { name: string }) {
  const query = useHubAlerts(name);
  return (
    <Panel
      title="Open alerts"
      id="alerts"
      aside={
        <Link
          href={`${healthHref}?console=${encodeURIComponent(name)}`}
          className="text-accent underline underline-offset-2"
        >
          In Health
        </Link>
      }
    >
      <QueryView
        query={query}
        what="its alerts"
        skeleton={<TableSkeleton rows={2} widths={['w-24', 'w-64']} />}
      >
        {({ alerts }) =>
          alerts.length === 0 ? (
            <p className="px-4 py-3 text-soft">None.</p>
          ) : (
            <AlertList alerts={alerts} label="Open alerts, gravest first" />
          )
        }
      </QueryView>
    </Panel>
  );
}

function Charts({ name }: { name: string }) {
  const charts = useMemo((): HistoryChartProps[] => {
    const of = (metric: MetricName, aggregate: 'max' | 'sum', title: string, shown: string) => ({
      ...{ console: name, metric, labels: {}, aggregate, title, nameOf: () => shown },
      format: metric.endsWith('_seconds') ? secondsFormat : byteRateFormat,
    });
    return [
      of('landbridge_link_max_lag_seconds', 'max', 'Worst lag of a link', 'worst of all links'),
      of('landbridge_link_bytes_per_second', 'sum', 'Throughput of links', 'all links'),
    ];
  }, [name]);
  return <HistoryPanel charts={charts} />;
}
