import type { Metadata } from 'next';
import { brokerIdIn, objectNameIn } from '@/app/(console)/path-names';
import { BrokerPage } from '@/components/clusters/brokers/broker-page';

type Props = { params: Promise<{ name: string; id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, id } = await params;
  return { title: `Broker ${brokerIdIn(id)} of ${objectNameIn(name)}` };
}

export default async function OneBrokerPage({ params }: Props) {
  const { name, id } = await params;
  return <BrokerPage cluster={objectNameIn(name)} id={brokerIdIn(id)} />;
}
