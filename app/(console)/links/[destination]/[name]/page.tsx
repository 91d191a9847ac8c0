import type { Metadata } from 'next';
import { objectNameIn } from '@/app/(console)/path-names';
import { LinkPage } from '@/components/links/link-page';

type Props = { params: Promise<{ destination: string; name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: objectNameIn((await params).name) };
}

export default async function OneLinkPage({ params }: Props) {
  const { destination, name } = await params;
  return <LinkPage destination={objectNameIn(destination)} name={objectNameIn(name)} />;
}
