import type { Metadata } from 'next';
import { objectNameIn } from '@/app/(console)/path-names';
import { AddTopics } from '@/components/links/create/add-topics';

export const metadata: Metadata = { title: 'Add topics' };

type Props = { params: Promise<{ destination: string; name: string }> };

export default async function AddTopicsPage({ params }: Props) {
  const { destination, name } = await params;
  return <AddTopics destination={objectNameIn(destination)} name={objectNameIn(name)} />;
}
