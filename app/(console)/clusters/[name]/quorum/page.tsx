import type { Metadata } from 'next';
import { objectNameIn } from '@/app/(console)/path-names';
import { ClusterQuorum } from '@/components/clusters/quorum/quorum-page';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Quorum of ${objectNameIn((await params).name)}` };
}

export default async function QuorumPage({ params }: Props) {
  return <ClusterQuorum cluster={objectNameIn((await params).name)} />;
}
