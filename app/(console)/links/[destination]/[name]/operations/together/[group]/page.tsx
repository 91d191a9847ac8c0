import type { Metadata } from 'next';
import { idIn, objectNameIn } from '@/app/(console)/path-names';
import { GroupPage } from '@/components/operations/group-page';

export const metadata: Metadata = { title: 'Operations' };

type Props = { params: Promise<{ destination: string; name: string; group: string }> };

export default async function TogetherPage({ params }: Props) {
  const { destination, name, group } = await params;
  return <GroupPage destination={objectNameIn(destination)} link={objectNameIn(name)} group={idIn(group)} />;
}
