// Links as lines from source to destination, with throughput and worst lag. The same on the overview and on the page of links.
'use client';
import Link from 'next/link';
import { CellValue } from '@/components/ui/value';
import type { LinkRow } from '@/lib/contracts/link';
import { formatByteRate, formatDuration, groupDigits, plural } from '@/lib/format';
import { LinkLine } from './link-line';
import { linkHref } from './paths';
import { StateBadge } from './state-badge';
import { worstFirst } from './worst-first';

const whyNoRate = 'No rate has been measured yet.';
const whyNoLag = 'No mirror of this link has a known lag.';

export function LinkList({ links }: { links: LinkRow[] }) {
  return (
    <ul className="overflow-clip rounded-lg border bg-panel">
      {worstFirst(links).map((link) => (
        <LinkItem key={`${link.destination.name}/${link.name}`} link={link} />
      ))}
    </ul>
  );
}

function LinkItem({ link }: { link: LinkRow }) {
  const lag = link.worst?.lag ?? null;
  return (
    <li className="relative grid grid-cols-2 items-center gap-x-4 gap-y-1 border-b px-4 py-3 last:border-b-0 hover:bg-raised/60 md:grid-cols-[minmax(0,1.1fr)_minmax(0,2.400fr)_120px_120px]">
      <div className="min-w-0">
        <Link
          href={linkHref(link.destination.name, link.name)}
          className="font-mono break-all after:absolute after:inset-0 hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {link.name}
        </Link>
        <p className="flex flex-wrap gap-x-2 text-[13px] text-soft">
          <StateBadge state={link.state} attention={link.attention > 0} className="text-text" />
          <span>{plural(link.mirrors, 'mirror')}</span>
          {link.attention > 0 ? <span>{groupDigits(link.attention)} to look at</span> : null}
        </p>
      </div>
      <div className="flex min-w-0 items-center gap-3 max-md:order-first max-md:col-span-2">
        <span className="max-w-[30%] truncate font-medium">{link.source.name}</span>
        <LinkLine
          state={link.state}
          attention={link.attention > 0}
          bytesPerSecond={link.bytesPerSecond}
          lagSeconds={lag?.seconds ?? null}
          className="flex-1"
        />
        <span className="max-w-[30%] truncate font-medium">{link.destination.name}</span>
      </div>
      <p data-live className="text-right max-md:hidden">
        <CellValue value={link.bytesPerSecond} format={formatByteRate} why={whyNoRate} />
        <span className="block text-xs text-soft">throughput</span>
      </p>
      <p data-live className="text-right">
        <span className="md:hidden">{formatByteRate(link.bytesPerSecond)} · </span>
        <CellValue value={lag?.seconds ?? null} format={formatDuration} why={whyNoLag} />
        <span className="block truncate text-xs text-soft" title={link.worst?.topic}>
          worst lag
        </span>
      </p>
    </li>
  );
}
