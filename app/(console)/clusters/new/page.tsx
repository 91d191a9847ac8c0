import type { Metadata } from 'next';
import { NewCluster } from '@/components/clusters/new-cluster';

export const metadata: Metadata = { title: 'Connect a cluster' };

export default function NewClusterPage() {
  return <NewCluster />;
}
