import type { Metadata } from 'next';
import { objectNameIn, topicNameIn } from '@/app/(console)/path-names';
import { FailbackPage } from '@/components/repair/failback-page';

export const metadata: Metadata = { title: 'Fail back' };

type Props = { params: Promise<{ destination: string; name: string; topic: string }> };

export default async function FailbackOfMirrorPage({ params }: Props) {
  const { destination, name, topic } = await params;
  return (
    <FailbackPage
      destination={objectNameIn(destination)}
      link={objectNameIn(name)}
      topic={topicNameIn(topic)}
    />
  );
}
