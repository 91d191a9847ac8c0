import type { Metadata } from 'next';
import { idIn } from '@/app/(console)/path-names';
import { AlertPage } from '@/components/health/alerts/alert-page';

type Props = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: 'Alert' };

export default async function OneAlertPage({ params }: Props) {
  return <AlertPage id={idIn((await params).id)} />;
}
