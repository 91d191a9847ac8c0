// Changes where a stored cluster is and how to sign in. Its name stays: links are called after it.
'use client';
import { useRouter } from 'next/navigation';
import { clusterHref } from '@/components/links/paths';
import { Page, PageHeader } from '@/components/shell/page-header';
import { Banner } from '@/components/ui/notice';
import type { ClusterView } from '@/lib/contracts/cluster';
import { plural } from '@/lib/format';
import { ClusterFormView } from './cluster-form';
import { type ClusterForm, formOf, toUpdate } from './form-state';
import { useUpdateCluster } from './queries';

export function EditCluster({ cluster }: { cluster: ClusterView }) {
  const router = useRouter();
  const update = useUpdateCluster(cluster.name);
  const href = clusterHref(cluster.name);
  const used = cluster.linksFrom.length + cluster.linksTo.length;
  const save = (form: ClusterForm) => {
    const change = toUpdate(form);
    if (change.ok) update.mutate(change.value, { onSuccess: () => router.push(href) });
  };
  return (
    <Page>
      <PageHeader
        title={`Edit ${cluster.name}`}
        crumbs={[
          { href: '/clusters', label: 'Clusters' },
          { href, label: cluster.name },
        ]}
      />
      {used > 0 ? (
        <Banner tone="warn" title={`${plural(used, 'link uses', 'links use')} this cluster`}>
          They reconnect with the new settings when you save, and go on where they were. It must stay the same
          Kafka cluster: another cluster id stops them.
        </Banner>
      ) : null}
      <ClusterFormView
        initial={formOf(cluster)}
        existing
        saveLabel="Save"
        cancelHref={href}
        busy={update.isPending}
        error={update.error}
        validate={(form) => {
          const change = toUpdate(form);
          return change.ok ? null : change.errors;
        }}
        onEdit={update.reset}
        onSave={save}
      />
    </Page>
  );
}
