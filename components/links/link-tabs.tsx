// The parts of a link's page.
'use client';
import { Tabs } from '@/components/shell/tabs';
import { useUrlState } from '@/components/shell/use-url-state';

const tabs = [
  ...(['mirrors', 'operations', 'groups', 'tasks', 'history', 'timeline', 'settings'] as const),
  ...(['rights', 'access'] as const),
] as const;
type Tab = (typeof tabs)[number];
const words: Record<Tab, string> = {
  mirrors: 'Mirrors',
  operations: 'Operations',
  groups: 'Groups',
  tasks: 'Tasks',
  history: 'History',
  timeline: 'Timeline',
  settings: 'Settings',
  rights: 'Rights',
  access: 'Access',
};

export function useLinkTab(): Tab {
  const asked = useUrlState().params.get('view');
  return tabs.find((tab) => tab === asked) ?? 'mirrors';
}

export function LinkTabs({ events, operations }: { events: number /** Under way. */; operations: number }) {
  const here = useLinkTab();
  const counts: Partial<Record<Tab, number>> = { timeline: events, operations };
  const all = tabs.map((tab) => ({
    href: tab === 'mirrors' ? '?' : `?view=${tab}`,
    label: words[tab],
    here: tab === here,
    count: counts[tab] || null,
  }));
  return <Tabs label="Parts of this link" tabs={all} current="true" scroll={false} />;
}
