// The first page: is anything wrong, then the links, then the clusters. On an empty store it opens on "connect your cluster".
'use client';
import Link from 'next/link';
import { GuardedLink } from '@/components/access/guarded-button';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import { ClusterCards } from '@/components/clusters/cluster-cards';
import { useClusters } from '@/components/clusters/queries';
import { useOpenAlerts } from '@/components/health/queries';
import { LinkList } from '@/components/links/link-list';
import { LinkListSkeleton } from '@/components/links/link-list-skeleton';
import { useLinks } from '@/components/links/queries';
import { Empty, Forbidden } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { ClusterView } from '@/lib/contracts/cluster';
import type { LinkRow } from '@/lib/contracts/link';
import { failureFrom } from './api-client';
import { FirstRun } from './first-run';
import { AsOf } from './freshness';
import { useMonitoring } from './mode';
import { Page, PageHeader } from './page-header';
import { type AlertsKnown, ProblemList } from './problem-list';
import { problemsOf } from './problems';
import { QueryView } from './query-view';
import { ReducedNote } from './reduced-note';

export function Overview() {
  const clusters = useClusters();
  const links = useLinks();
  const firstRun = clusters.data?.clusters.length === 0 && (links.data?.links.length ?? 0) === 0;
  const mayConnect = useWhyNot()('administrator', everywhere) === null;
  if (firstRun && mayConnect) return <FirstRun />;
  if (firstRun) return <NothingToSee />;
  return (
    <Page>
      <PageHeader title="Overview" actions={links.data ? <AsOf asOf={links.data.asOf} /> : null} />
      <ReducedNote of="overview" />
      <QueryView
        query={links}
        what="the overview"
        snapshotOf={(data) => data}
        skeleton={
          <div className="flex flex-col gap-4">
            <div className="overflow-clip rounded-lg border bg-panel">
              <TableSkeleton rows={1} widths={['w-2.5', 'w-64']} />
            </div>
            <LinkListSkeleton />
          </div>
        }
      >
        {({ links: rows, asOf }) => (
          <OverviewBody links={rows} clusters={clusters.data?.clusters} asOf={asOf} />
        )}
      </QueryView>
    </Page>
  );
}

/** There may be clusters and links, but none on which this person holds a role. */
function NothingToSee() {
  return (
    <Page>
      <PageHeader title="Overview" />
      <Forbidden title="There is nothing here that you may see">
        Either nothing is connected yet, or your roles do not reach it. An administrator can change both.
      </Forbidden>
    </Page>
  );
}

function OverviewBody({
  links,
  clusters,
  asOf,
}: {
  links: LinkRow[];
  clusters: ClusterView[] | undefined;
  asOf: number | null;
}) {
  const mayNotCreate = useWhyNot()('operator', 'somewhere');
  const alerts = useOpenAlerts();
  const known = useAlertsKnown(alerts);
  const problems = problemsOf(links, clusters ?? [], asOf, alerts.data?.alerts);
  return (
    <>
      {links.length > 0 || problems.length > 0 ? (
        <ProblemList problems={problems} links={links} alerts={known} />
      ) : null}
      <section aria-labelledby="links" className="flex flex-col gap-2">
        <SectionTitle id="links" title="Links" href="/links" />
        {links.length > 0 ? (
          <LinkList links={links} />
        ) : (
          <Empty
            title="No links yet"
            actions={
              <GuardedLink kind="primary" href="/links/new" whyNot={mayNotCreate}>
                Create a link
              </GuardedLink>
            }
          >
            A link copies topics from one cluster to another so that every record keeps its offset.
          </Empty>
        )}
      </section>
      {clusters ? (
        <section aria-labelledby="clusters" className="flex flex-col gap-2">
          <SectionTitle id="clusters" title="Clusters" href="/clusters" />
          <ClusterCards clusters={clusters} />
        </section>
      ) : null}
    </>
  );
}

/** Nothing is called well that was not looked at. */
function useAlertsKnown(alerts: ReturnType<typeof useOpenAlerts>): AlertsKnown {
  const { mode } = useMonitoring();
  if (mode === 'reduced') return 'ELSEWHERE';
  const failure = failureFrom(alerts.error);
  if (failure) return { unknown: `Alerts cannot be read: ${failure.message}` };
  return alerts.data ? 'KNOWN' : { unknown: 'Looking for alerts…' };
}

function SectionTitle({ id, title, href }: { id: string; title: string; href: string }) {
  return (
    <h2 id={id} className="pt-2 font-semibold">
      <Link href={href} className="hover:underline">
        {title}
      </Link>
    </h2>
  );
}
