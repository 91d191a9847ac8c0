import type { Metadata } from 'next';
import { objectNameIn, topicNameIn } from '@/app/(console)/path-names';
import { TopicPage } from '@/components/clusters/topics/topic-page';

type Props = { params: Promise<{ name: string; topic: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: topicNameIn((await params).topic) };
}

export default async function OneTopicPage({ params }: Props) {
  const { name, topic } = await params;
  return <TopicPage cluster={objectNameIn(name)} topic={topicNameIn(topic)} />;
}
