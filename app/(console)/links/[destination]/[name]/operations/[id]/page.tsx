import type { Metadata } from 'next';
import { idIn, objectNameIn } from '@/app/(console)/path-names';
import { OperationPage } from '@/components/operations/operation-page';

export const metadata: Metadata = { title: 'Operation' };

type Props = { params: Promise<{ destination: string; name: string; id: string }> };

export default async function OneOperationPage({ params }: Props) {
  const { destination, name, id } = await params;
  return <OperationPage destination={objectNameIn(destination)} link={objectNameIn(name)} id={idIn(id)} />;
}
