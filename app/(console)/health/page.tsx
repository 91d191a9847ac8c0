import type { Metadata } from 'next';
import { HealthPage } from '@/components/health/alerts/health-page';

export const metadata: Metadata = { title: 'Health' };

export default function AlertsPage() {
  return <HealthPage />;
}
