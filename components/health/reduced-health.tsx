// Health in reduced infrastructure mode: rules and alerts are at the health endpoint. What is known here is how links are, and
// whether the endpoint is reachable; nothing else is made up.
'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { EndpointHead } from '@/components/hub/endpoint-state';
import { useReportPreview } from '@/components/hub/queries';
import { LinkList } from '@/components/links/link-list';
import { LinkListSkeleton } from '@/components/links/link-list-skeleton';
import { useLinks } from '@/components/links/queries';
import { Age } from '@/components/shell/age';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { type lessOf, ReducedNote } from '@/components/shell/reduced-note';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { EndpointStatus } from '@/lib/contracts/monitoring/health-report';
import { formatBytes, plural } from '@/lib/format';

export function ReducedHealth() {
  const less = /^\/health\/(rules|silences|channels|deliveries)/.exec(usePathname())?.[1];
  const links = useLinks();
  const report = useReportPreview();
  return (
    <Page>
      <PageHeader title="Health" />
      <ReducedNote of={(less as keyof typeof lessOf | undefined) ?? 'alerts'} />
      <p className="text-soft">Two states are known here: of the endpoint, and of each link.</p>
      <Panel
        title="Health endpoint"
        id="endpoint"
        aside={
          <Link href="/settings/health-endpoint" className="underline decoration-edge underline-offset-2">
            What leaves this console
          </Link>
        }
      >
        <QueryView
          query={report}
          what="the state of the health endpoint"
          skeleton={<TableSkeleton rows={1} widths={['w-2.5', 'w-48', 'flex-1']} />}
        >
          {({ endpoints, reporting }) =>
            !reporting || endpoints.length === 0 ? (
              <Line>No endpoint is set: nobody is told how this console is.</Line>
            ) : (
              <ul className="divide-y">
                {endpoints.map((endpoint) => (
                  <Endpoint key={endpoint.address} endpoint={endpoint} />
                ))}
              </ul>
            )
          }
        </QueryView>
      </Panel>
      <section aria-labelledby="links" className="flex flex-col gap-2">
        <h2 id="links" className="pt-2 font-semibold">
          Links
        </h2>
        <QueryView query={links} what="the links" snapshotOf={(data) => data} skeleton={<LinkListSkeleton />}>
          {(data) =>
            data.links.length === 0 ? (
              <p className="text-soft">There are no links yet.</p>
            ) : (
              <LinkList links={data.links} />
            )
          }
        </QueryView>
      </section>
    </Page>
  );
}

function Endpoint({ endpoint }: { endpoint: EndpointStatus }) {
  const { state, why, lastAcceptedAt, nextTryAt, waiting, waitingBytes, dropped, refused } = endpoint;
  const facts = [
    waiting > 0 ? `${plural(waiting, 'report waits', 'reports wait')} (${formatBytes(waitingBytes)})` : null,
    dropped > 0 ? `${plural(dropped, 'report')} dropped, oldest first, as the buffer was full` : null,
    refused > 0 ? `${plural(refused, 'report')} refused` : null,
  ].filter((fact) => fact !== null);
  return (
    <li className="flex flex-col gap-1 px-4 py-2.5">
      <EndpointHead endpoint={endpoint} />
      {why === null ? null : <p className="break-words">{why}</p>}
      <p className="text-soft">
        {lastAcceptedAt === null ? (
          'It has not taken any report yet.'
        ) : (
          <>
            Last report taken <Age at={lastAcceptedAt} />.
          </>
        )}{' '}
        {facts.length > 0 ? `${facts.join(', ')}. ` : ''}
        {state !== 'REACHABLE' && nextTryAt !== null ? 'It is tried again by itself.' : ''}
      </p>
    </li>
  );
}

function Line({ children }: { children: ReactNode }) {
  return <p className="px-4 py-3 text-soft">{children}</p>;
}
