// The parts of Health, on top of each of its pages. They are links, so that each has an address.
'use client';
import Link from 'next/link';
import { cn } from '@/components/ui/cn';
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
  return (
    <nav aria-label="Parts of Health" className="overflow-x-auto overflow-y-hidden">
      <ul className="flex min-w-max gap-1 border-b">
        {Object.entries(tabs).map(([tab, { href, label }]) => (
          <li key={tab}>
            <Link
              href={href}
              aria-current={tab === here ? 'page' : undefined}
              className={cn(
                'flex h-9 items-center border-b-2 border-transparent px-3 whitespace-nowrap text-soft hover:text-text focus-visible:-outline-offset-2',
                tab === here && 'border-accent font-medium text-text',
              )}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
