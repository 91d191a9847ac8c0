// Connects a new cluster.
'use client';
import { useRouter } from 'next/navigation';
import { clusterHref } from '@/components/links/paths';
import { Page, PageHeader } from '@/components/shell/page-header';
import { ClusterFormView } from './cluster-form';
import { type ClusterForm, emptyForm, toConfig } from './form-state';
import { useCreateCluster } from './queries';

export function NewCluster() {
  const router = useRouter();
  const create = useCreateCluster();
  const save = (form: ClusterForm) => {
    const config = toConfig(form);
    if (!config.ok) return;
    create.mutate(config.value, { onSuccess: () => router.push(clusterHref(config.value.name)) });
  };
  return (
    <Page>
      <PageHeader title="Connect a cluster" crumbs={[{ href: '/clusters', label: 'Clusters' }]} />
      <ClusterFormView
        initial={emptyForm}
        existing={false}
        saveLabel="Connect"
        cancelHref="/clusters"
        busy={create.isPending}
        error={create.error}
        validate={(form) => {
          const config = toConfig(form);
          return config.ok ? null : config.errors;
        }}
        onEdit={create.reset}
        onSave={save}
      />
    </Page>
  );
}
