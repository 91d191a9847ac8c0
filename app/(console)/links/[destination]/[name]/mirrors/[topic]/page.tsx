import type { Metadata } from 'next';
import { objectNameIn, topicNameIn } from '@/app/(console)/path-names';
import { MirrorPage } from '@/components/links/mirror-page';

type Props = { params: Promise<{ destination: string; name: string; topic: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: topicNameIn((await params).topic) };
}

export default async function OneMirrorPage({ params }: Props) {
  const { destination, name, topic } = await params;
  return (
    <MirrorPage
      destination={objectNameIn(destination)}
      name={objectNameIn(name)}
      topic={topicNameIn(topic)}
    />
  );
}
