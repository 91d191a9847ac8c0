import type { Metadata } from 'next';
import { objectNameIn } from '@/app/(console)/path-names';
import { ClusterPage } from '@/components/clusters/cluster-page';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: objectNameIn((await params).name) };
}

export default async function OneClusterPage({ params }: Props) {
  return <ClusterPage name={objectNameIn((await params).name)} />;
}
