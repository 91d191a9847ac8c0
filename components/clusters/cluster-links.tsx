// Links from and to a cluster.
'use client';
import Link from 'next/link';
import { linkHref } from '@/components/links/paths';
import { useLinks } from '@/components/links/queries';
import { StateBadge } from '@/components/links/state-badge';
import { Panel } from '@/components/ui/panel';
import type { ClusterView } from '@/lib/contracts/cluster';
import type { LinkRow } from '@/lib/contracts/link';

export function ClusterLinks({ cluster }: { cluster: ClusterView }) {
  const { data } = useLinks();
  const links = data?.links ?? [];
  const from = links.filter((link) => link.source.name === cluster.name);
  const to = links.filter((link) => link.destination.name === cluster.name);
  return (
    <Panel
      title="Links"
      id="cluster-links"
      aside={
        <Link
          href={`/links/new?source=${encodeURIComponent(cluster.name)}`}
          className="text-accent hover:underline"
        >
          Create a link from here
        </Link>
      }
    >
      {from.length + to.length === 0 ? (
        <p className="px-4 py-3 text-soft">No link starts or ends here.</p>
      ) : (
        <ul className="divide-y">
          {from.map((link) => (
            <Line key={link.id} link={link} words={`to ${link.destination.name}`} />
          ))}
          {to.map((link) => (
            <Line key={link.id} link={link} words={`from ${link.source.name}`} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Line({ link, words }: { link: LinkRow; words: string }) {
  return (
    <li className="flex items-center justify-between gap-4 px-4 py-2">
      <span className="min-w-0 truncate">
        <Link href={linkHref(link.destination.name, link.name)} className="font-mono hover:underline">
          {link.name}
        </Link>{' '}
        <span className="text-soft">{words}</span>
      </span>
      <StateBadge state={link.state} attention={link.attention > 0} className="shrink-0" />
    </li>
  );
}
