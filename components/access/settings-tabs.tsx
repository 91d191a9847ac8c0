// The parts of the settings, on top of each of their pages. Only what exists is listed.
'use client';
import { usePathname } from 'next/navigation';
import { useIsHub } from '@/components/shell/mode';
import { Tabs } from '@/components/shell/tabs';

const tabs = [
  { href: '/settings/approvals', label: 'Approvals' },
  { href: '/settings/people', label: 'People' },
  { href: '/settings/keys', label: 'API keys' },
  { href: '/settings/health-endpoint', label: 'Health endpoint' },
  { href: '/settings/audit', label: 'Audit' },
];
const hubTabs = [
  { href: '/settings/consoles', label: 'Console keys' },
  { href: '/settings/people', label: 'People' },
  { href: '/settings/keys', label: 'API keys' },
  { href: '/settings/audit', label: 'Audit' },
];

export function SettingsTabs() {
  const pathname = usePathname();
  const all = (useIsHub() ? hubTabs : tabs).map((tab) => ({ ...tab, here: pathname.startsWith(tab.href) }));
  return <Tabs label="Settings" tabs={all} />;
}
