// Where the console's parts are: a column at the left, a bar on top of narrow screens. Only what exists is listed.
'use client';
import {
  HeartPulse,
  LayoutDashboard,
  type LucideIcon,
  MonitorDot,
  Network,
  Server,
  Settings,
} from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { clusterParts, partHref, partWords } from '@/components/clusters/observed/paths';
import { useClusters } from '@/components/clusters/queries';
import { OpenMark } from '@/components/health/open-mark';
import { healthHref } from '@/components/health/paths';
import { useHubConsoles } from '@/components/hub/queries';
import { useLinks } from '@/components/links/queries';
import { cn } from '@/components/ui/cn';
import { groupDigits } from '@/lib/format';
import { useIsHub } from './mode';
import { useInView } from './use-in-view';

type Place = { href: string; label: string; icon: LucideIcon; count?: number };

export function Nav() {
  return useIsHub() ? <HubNav /> : <ConsoleNav />;
}

function HubNav() {
  const { data } = useHubConsoles();
  return (
    <Places
      places={[
        { href: '/hub', label: 'Consoles', icon: MonitorDot, count: data?.consoles.length },
        { href: healthHref, label: 'Health', icon: HeartPulse },
        { href: '/settings', label: 'Settings', icon: Settings },
      ]}
    />
  );
}

function ConsoleNav() {
  const { data: links } = useLinks();
  const { data: clusters } = useClusters();
  const places: Place[] = [
    { href: '/', label: 'Overview', icon: LayoutDashboard },
    { href: '/links', label: 'Links', icon: Network, count: links?.links.length },
    { href: '/clusters', label: 'Clusters', icon: Server, count: clusters?.clusters.length },
    { href: healthHref, label: 'Health', icon: HeartPulse },
    { href: '/settings', label: 'Settings', icon: Settings },
  ];
  return <Places places={places} />;
}

function Places({ places }: { places: Place[] }) {
  const pathname = usePathname();
  const isHere = ({ href }: Place) => (href === '/' ? pathname === '/' : pathname.startsWith(href));
  const open = useInView<HTMLAnchorElement>(places.find(isHere)?.href ?? null);
  return (
    <nav aria-label="Main" className="min-w-0 flex-1 max-md:overflow-x-auto md:flex-none">
      <ul className="flex gap-1 max-sm:gap-0 md:flex-col">
        {places.map((place) => {
          const { href, label, icon: Icon, count } = place;
          const here = isHere(place);
          return (
            <li key={href}>
              <Link
                ref={here ? open : undefined}
                href={href}
                aria-current={here ? (pathname === href ? 'page' : 'true') : undefined}
                className={cn(
                  'relative flex h-9 items-center gap-2.5 rounded-md px-2 text-soft hover:text-text max-sm:px-1 max-sm:text-[13px] md:px-3',
                  here &&
                    'bg-raised text-text before:absolute before:bg-accent max-md:before:inset-x-2 max-md:before:bottom-0 max-md:before:h-0.5 md:before:inset-y-1.5 md:before:left-0 md:before:w-0.5',
                )}
              >
                <Icon aria-hidden size={16} className="max-sm:hidden" />
                {label}
                {count ? (
                  <span className="ml-auto text-[13px] text-soft max-md:hidden">{groupDigits(count)}</span>
                ) : null}
                {href === healthHref ? <OpenMark /> : null}
              </Link>
              {href === '/clusters' ? <PartsOfCluster /> : null}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** Below "Clusters", while one of them is open. Narrow screens have its tabs alone. */
function PartsOfCluster() {
  const pathname = usePathname();
  const { data } = useClusters();
  const segment = /^\/clusters\/([^/]+)/.exec(pathname)?.[1];
  const name = data?.clusters.find((cluster) => encodeURIComponent(cluster.name) === segment)?.name;
  if (name === undefined) return null;
  return (
    <ul aria-label={name} className="flex flex-col pt-1 max-md:hidden">
      {clusterParts.map((part) => {
        const href = partHref(name, part);
        const here = pathname === href || pathname.startsWith(`${href}/`);
        return (
          <li key={part}>
            <Link
              href={href}
              aria-current={here ? (pathname === href ? 'page' : 'true') : undefined}
              className={cn(
                'flex h-8 items-center rounded-md pr-3 pl-[38px] text-[13px] text-soft hover:text-text',
                here && 'font-medium text-text',
              )}
            >
              {partWords[part]}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
