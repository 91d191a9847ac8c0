// The parts of Health, on top of each of its pages.
'use client';
import { Tabs } from '@/components/shell/tabs';
import { channelsHref, deliveriesHref, healthHref, historyHref, rulesHref, silencesHref } from './paths';

const tabs = {
  open: { href: healthHref, label: 'Open' },
  history: { href: historyHref, label: 'History' },
  rules: { href: rulesHref, label: 'Rules' },
  silences: { href: silencesHref, label: 'Silences' },
  channels: { href: channelsHref, label: 'Channels' },
  deliveries: { href: deliveriesHref, label: 'Deliveries' },
} as const;
export type HealthTab = keyof typeof tabs;

export function HealthTabs({ here }: { here: HealthTab }) {
  const all = Object.entries(tabs).map(([tab, place]) => ({ ...place, here: tab === here }));
  return <Tabs label="Parts of Health" tabs={all} />;
}
