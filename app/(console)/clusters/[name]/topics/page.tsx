import type { Metadata } from 'next';
import { objectNameIn } from '@/app/(console)/path-names';
import { ClusterTopics } from '@/components/clusters/topics/topics-page';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Topics of ${objectNameIn((await params).name)}` };
}

export default async function TopicsPage({ params }: Props) {
  return <ClusterTopics cluster={objectNameIn((await params).name)} />;
}
