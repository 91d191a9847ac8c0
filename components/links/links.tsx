// All links, worst first.
'use client';
import { Plus } from 'lucide-react';
import { GuardedLink } from '@/components/access/guarded-button';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import { useClusters } from '@/components/clusters/queries';
import { AsOf } from '@/components/shell/freshness';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { Empty } from '@/components/ui/notice';
import { LinkList } from './link-list';
import { LinkListSkeleton } from './link-list-skeleton';
import { useLinks } from './queries';

export function Links() {
  const query = useLinks();
  const { data: clusters } = useClusters();
  const whyNot = useWhyNot();
  const mayNotCreate = whyNot('operator', 'somewhere');
  const mayNotConnect = whyNot('administrator', everywhere);
  const missing = clusters ? 2 - clusters.clusters.length : 0;
  return (
    <Page>
      <PageHeader
        title="Links"
        actions={
          <>
            {query.data ? <AsOf asOf={query.data.asOf} /> : null}
            <GuardedLink kind="primary" href="/links/new" whyNot={mayNotCreate}>
              <Plus aria-hidden size={15} />
              Create a link
            </GuardedLink>
          </>
        }
      />
      <QueryView query={query} what="the links" snapshotOf={(data) => data} skeleton={<LinkListSkeleton />}>
        {({ links }) =>
          links.length > 0 ? (
            <LinkList links={links} />
          ) : (
            <Empty
              title="No links yet"
              actions={
                missing > 0 ? (
                  <GuardedLink href="/clusters/new" whyNot={mayNotConnect}>
                    Connect a cluster
                  </GuardedLink>
                ) : null
              }
            >
              A link copies topics one way, from a source to a destination, and keeps every record at its own
              offset.
              {missing > 0
                ? ` It needs two clusters; connect ${missing === 1 ? 'one more' : 'two'} first.`
                : ''}
            </Empty>
          )
        }
      </QueryView>
    </Page>
  );
}
