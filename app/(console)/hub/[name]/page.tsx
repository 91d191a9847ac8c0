import type { Metadata } from 'next';
import { HubConsolePage } from '@/components/hub/hub-console';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function ConsolePage({ params }: Props) {
  return <HubConsolePage name={decodeURIComponent((await params).name)} />;
}
