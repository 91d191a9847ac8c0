// Links that keep a group in step on another cluster, and why one does not. Says nothing where no link knows the group.
'use client';
import { useQueries } from '@tanstack/react-query';
import Link from 'next/link';
import { GroupStatusBadge } from '@/components/links/groups/group-status';
import { linkApi, linkHref } from '@/components/links/paths';
import { useLinks } from '@/components/links/queries';
import { request } from '@/components/shell/api-client';
import { OBSERVED_POLL_MS } from '@/components/shell/intervals';
import { Panel } from '@/components/ui/panel';
import { type GroupRow, groupPage } from '@/lib/contracts/consumer-group';
import type { LinkRow } from '@/lib/contracts/link';

const LOOKED_AT = 500;
type Found = { link: LinkRow; row: GroupRow; side: 'source' | 'destination' };

/** Groups of links that begin or end here, found by their names. */
function useSyncsOf(cluster: string, group: string): Found[] {
  const { data } = useLinks();
  const links = (data?.links ?? []).filter(
    (link) => link.source.name === cluster || link.destination.name === cluster,
  );
  const pages = useQueries({
    queries: links.map((link) => ({
      queryKey: ['links', link.destination.name, link.name, 'groups of', group],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        request(
          `${linkApi(link.destination.name, link.name)}/groups?${new URLSearchParams({ filter: group.slice(0, 255), limit: String(LOOKED_AT) })}`,
          groupPage,
          { signal },
        ),
      refetchInterval: OBSERVED_POLL_MS,
    })),
  });
  return links.flatMap((link, i): Found[] => {
    const side = link.destination.name === cluster ? 'destination' : 'source';
    return (pages[i]?.data?.rows ?? [])
      .filter((row) => (side === 'destination' ? row.mirrorGroup : row.group) === group)
      .map((row) => ({ link, row, side }));
  });
}

export function GroupLinks({ cluster, group }: { cluster: string; group: string }) {
  const found = useSyncsOf(cluster, group);
  if (found.length === 0) return null;
  return (
    <Panel title="Synced by links" id="group-links">
      <ul className="divide-y">
        {found.map(({ link, row, side }) => (
          <li key={link.id} className="flex flex-col gap-1 px-4 py-2">
            <span className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
              <span className="min-w-0 break-words">
                Link{' '}
                <Link
                  href={`${linkHref(link.destination.name, link.name)}?view=groups&group=${encodeURIComponent(row.group)}`}
                  className="font-mono text-[13px] underline underline-offset-4"
                >
                  {link.name}
                </Link>{' '}
                {side === 'source'
                  ? `commits its offsets on ${link.destination.name}${row.mirrorGroup === group ? '' : ` as ${row.mirrorGroup}`}`
                  : `commits here what ${row.group === group ? 'it' : row.group} has committed on ${link.source.name}`}
              </span>
              <GroupStatusBadge status={row.status} title={row.why ?? undefined} />
            </span>
            {row.why ? <p className="max-w-[100ch] break-words text-[13px] text-soft">{row.why}</p> : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
