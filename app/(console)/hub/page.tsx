import type { Metadata } from 'next';
import { HubDashboard } from '@/components/hub/hub-dashboard';

export const metadata: Metadata = { title: 'Consoles' };

export default function HubDashboardPage() {
  return <HubDashboard />;
}
