// Removes a cluster from Landbridge after its name was typed. The Kafka cluster itself is not touched.
'use client';
import { useRouter } from 'next/navigation';
import { Refusal } from '@/components/access/refusal';
import { failureFrom } from '@/components/shell/api-client';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import type { ClusterView } from '@/lib/contracts/cluster';
import { useRemoveCluster } from './queries';

export function RemoveCluster({
  cluster,
  open,
  onOpenChange,
}: {
  cluster: ClusterView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const remove = useRemoveCluster(cluster.name);
  return (
    <ConfirmByName
      open={open}
      onOpenChange={onOpenChange}
      title={`Remove ${cluster.name}?`}
      name={cluster.name}
      confirmLabel="Remove cluster"
      busy={remove.isPending}
      error={<Refusal failure={failureFrom(remove.error)} />}
      // Not by a callback of this component: it is gone as soon as the list of clusters has been read again. What goes wrong the dialog says.
      onConfirm={() =>
        void remove.mutateAsync().then(
          () => router.push('/clusters'),
          () => undefined,
        )
      }
    >
      <p className="text-soft">
        Landbridge forgets its address and credentials. Nothing changes on the Kafka cluster: topics, records
        and groups stay as they are.
      </p>
    </ConfirmByName>
  );
}
