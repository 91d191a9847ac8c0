// The parts of the settings, on top of each of their pages. Only what exists is listed.
'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useIsHub } from '@/components/shell/mode';
import { cn } from '@/components/ui/cn';

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
  const isHub = useIsHub();
  return (
    <nav aria-label="Settings" className="overflow-x-auto">
      <ul className="flex gap-1 border-b">
        {(isHub ? hubTabs : tabs).map(({ href, label }) => {
          const here = pathname.startsWith(href);
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                className={cn(
                  'flex h-9 items-center border-b-2 border-transparent px-3 whitespace-nowrap text-soft hover:text-text focus-visible:-outline-offset-2',
                  here && 'border-accent font-medium text-text',
                )}
              >
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
