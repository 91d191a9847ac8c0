import type { Metadata } from 'next';
import { HubSenders } from '@/components/hub/senders';

export const metadata: Metadata = { title: 'Console keys' };

export default function HubSendersPage() {
  return <HubSenders />;
}
