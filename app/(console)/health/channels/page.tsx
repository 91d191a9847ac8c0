import type { Metadata } from 'next';
import { ChannelsPage } from '@/components/health/channels/channels-page';

export const metadata: Metadata = { title: 'Channels' };

export default function AlertChannelsPage() {
  return <ChannelsPage />;
}
