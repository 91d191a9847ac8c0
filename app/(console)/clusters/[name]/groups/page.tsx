import type { Metadata } from 'next';
import { objectNameIn } from '@/app/(console)/path-names';
import { ClusterGroups } from '@/components/clusters/groups/groups-page';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Consumer groups of ${objectNameIn((await params).name)}` };
}

export default async function GroupsPage({ params }: Props) {
  return <ClusterGroups cluster={objectNameIn((await params).name)} />;
}
