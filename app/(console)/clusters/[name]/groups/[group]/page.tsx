import type { Metadata } from 'next';
import { groupNameIn, objectNameIn } from '@/app/(console)/path-names';
import { GroupPage } from '@/components/clusters/groups/group-page';

type Props = { params: Promise<{ name: string; group: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: groupNameIn((await params).group) };
}

export default async function OneGroupPage({ params }: Props) {
  const { name, group } = await params;
  return <GroupPage cluster={objectNameIn(name)} group={groupNameIn(group)} />;
}
