// The parts of a page, on top of each of them. They are links, so that each part has an address. On narrow screens they scroll.
'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { groupDigits } from '@/lib/format';
import { useInView } from './use-in-view';

export type Tab = {
  href: string;
  label: ReactNode;
  here: boolean;
  /** Stands behind the label; null: there is none, or it isn't known. */
  count?: number | null;
};

export function Tabs({
  label,
  tabs,
  current = 'page',
  scroll = true,
}: {
  /** What the parts are of, for who doesn't see the page. */
  label: string;
  tabs: readonly Tab[];
  /** `true` where the parts are views of one page. */
  current?: 'page' | 'true';
  /** Whether the page begins at its top again. */
  scroll?: boolean;
}) {
  const open = useInView<HTMLAnchorElement>(tabs.find(({ here }) => here)?.href ?? null);
  return (
    <nav aria-label={label} className="overflow-x-auto overflow-y-hidden">
      <ul className="flex min-w-max gap-1 border-b">
        {tabs.map(({ href, label, here, count = null }) => (
          <li key={href}>
            <Link
              ref={here ? open : undefined}
              href={href}
              scroll={scroll}
              aria-current={here ? current : undefined}
              className={cn(
                'flex h-9 items-center gap-2 border-b-2 border-transparent px-3 whitespace-nowrap text-soft hover:text-text focus-visible:-outline-offset-2',
                here && 'border-accent font-medium text-text',
              )}
            >
              {label}
              {count === null ? null : (
                <span className="text-[13px] font-normal text-soft">{groupDigits(count)}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
