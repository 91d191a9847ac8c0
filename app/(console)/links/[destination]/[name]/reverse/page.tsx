import type { Metadata } from 'next';
import { objectNameIn } from '@/app/(console)/path-names';
import { StartOperation } from '@/components/operations/start-operation';

export const metadata: Metadata = { title: 'Reverse mirrors' };

type Props = { params: Promise<{ destination: string; name: string }> };

export default async function ReversePage({ params }: Props) {
  const { destination, name } = await params;
  return <StartOperation kind="REVERSE" destination={objectNameIn(destination)} name={objectNameIn(name)} />;
}
