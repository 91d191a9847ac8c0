import type { Metadata } from 'next';
import { DeliveriesPage } from '@/components/health/deliveries/deliveries-page';

export const metadata: Metadata = { title: 'Deliveries' };

export default function AllDeliveriesPage() {
  return <DeliveriesPage />;
}
