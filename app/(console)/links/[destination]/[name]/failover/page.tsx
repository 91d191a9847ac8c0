import type { Metadata } from 'next';
import { objectNameIn } from '@/app/(console)/path-names';
import { StartOperation } from '@/components/operations/start-operation';

export const metadata: Metadata = { title: 'Fail mirrors over' };

type Props = { params: Promise<{ destination: string; name: string }> };

export default async function FailoverPage({ params }: Props) {
  const { destination, name } = await params;
  return <StartOperation kind="FAILOVER" destination={objectNameIn(destination)} name={objectNameIn(name)} />;
}
