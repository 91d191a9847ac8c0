// The parts of a link's page. They are links, so that each part has an address.
'use client';
import Link from 'next/link';
import { useUrlState } from '@/components/shell/use-url-state';
import { cn } from '@/components/ui/cn';
import { groupDigits } from '@/lib/format';

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
  return (
    <nav aria-label="Parts of this link" className="overflow-x-auto">
      <ul className="flex gap-1 border-b">
        {tabs.map((tab) => (
          <li key={tab}>
            <Link
              href={tab === 'mirrors' ? '?' : `?view=${tab}`}
              scroll={false}
              aria-current={tab === here ? 'true' : undefined}
              className={cn(
                'flex h-9 items-center gap-2 border-b-2 border-transparent px-3 text-soft hover:text-text focus-visible:-outline-offset-2',
                tab === here && 'border-accent font-medium text-text',
              )}
            >
              {words[tab]}
              <Count count={tab === 'timeline' ? events : tab === 'operations' ? operations : 0} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Count({ count }: { count: number }) {
  return count > 0 ? <span className="text-[13px] text-soft">{groupDigits(count)}</span> : null;
}
