import type { Metadata } from 'next';
import { HealthEndpoint } from '@/components/hub/health-endpoint';

export const metadata: Metadata = { title: 'Health endpoint' };

export default function HealthEndpointPage() {
  return <HealthEndpoint />;
}
