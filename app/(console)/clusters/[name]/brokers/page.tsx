import type { Metadata } from 'next';
import { objectNameIn } from '@/app/(console)/path-names';
import { ClusterBrokers } from '@/components/clusters/brokers/brokers-page';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Brokers of ${objectNameIn((await params).name)}` };
}

export default async function BrokersPage({ params }: Props) {
  return <ClusterBrokers cluster={objectNameIn((await params).name)} />;
}
