// Links that a topic takes part in: as a mirror that a link writes, or as the source of mirrors elsewhere. Says nothing where there is none.
'use client';
import { useQueries } from '@tanstack/react-query';
import Link from 'next/link';
import { lagMessagesText } from '@/components/links/lag-messages';
import { linkApi, mirrorHref } from '@/components/links/paths';
import { useLinks } from '@/components/links/queries';
import { StateBadge } from '@/components/links/state-badge';
import { request } from '@/components/shell/api-client';
import { OBSERVED_POLL_MS } from '@/components/shell/intervals';
import { Panel } from '@/components/ui/panel';
import { type LinkRow, type MirrorRow, mirrorPage } from '@/lib/contracts/link';
import { formatDuration } from '@/lib/format';

const LOOKED_AT = 500;
type Found = { link: LinkRow; mirror: MirrorRow; side: 'source' | 'destination' };

/** Mirrors by links that end here or begin here, found by their names. */
function useMirrorsOf(cluster: string, topic: string): Found[] {
  const { data } = useLinks();
  const links = (data?.links ?? []).filter(
    (link) => link.source.name === cluster || link.destination.name === cluster,
  );
  const pages = useQueries({
    queries: links.map((link) => ({
      queryKey: ['links', link.destination.name, link.name, 'mirrors of', topic],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        request(
          `${linkApi(link.destination.name, link.name)}/mirrors?${new URLSearchParams({ filter: topic, sort: 'topic', order: 'asc', limit: String(LOOKED_AT) })}`,
          mirrorPage,
          { signal },
        ),
      refetchInterval: OBSERVED_POLL_MS,
    })),
  });
  return links.flatMap((link, i): Found[] => {
    const side = link.destination.name === cluster ? 'destination' : 'source';
    return (pages[i]?.data?.rows ?? [])
      .filter((mirror) => (side === 'destination' ? mirror.topic : mirror.sourceTopic) === topic)
      .map((mirror) => ({ link, mirror, side }));
  });
}

export function TopicMirrors({ cluster, topic }: { cluster: string; topic: string }) {
  const found = useMirrorsOf(cluster, topic);
  if (found.length === 0) return null;
  return (
    <Panel title="Links" id="topic-links">
      <ul className="divide-y">
        {found.map(({ link, mirror, side }) => (
          <li
            key={`${link.id} ${mirror.topic}`}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2"
          >
            <span className="min-w-0 break-words">
              {side === 'destination' ? (
                <Here link={link} mirror={mirror} />
              ) : (
                <There link={link} mirror={mirror} />
              )}
            </span>
            <span className="flex shrink-0 items-center gap-4">
              <span className="text-soft">{lagText(mirror)}</span>
              <StateBadge
                state={mirror.state}
                attention={mirror.attention}
                title={mirror.message ?? undefined}
              />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const mirrorOf = (link: LinkRow, mirror: MirrorRow) => (
  <Link
    href={mirrorHref(link.destination.name, link.name, mirror.topic)}
    className="font-mono text-[13px] underline underline-offset-4"
  >
    {link.name}
  </Link>
);

function Here({ link, mirror }: { link: LinkRow; mirror: MirrorRow }) {
  return (
    <>
      {mirror.state === 'STOPPED' ? 'Was a mirror of link ' : 'A mirror: link '}
      {mirrorOf(link, mirror)} {mirror.state === 'STOPPED' ? 'copied' : 'copies'}{' '}
      <span className="font-mono text-[13px]">{mirror.sourceTopic}</span> of {link.source.name} here, offset
      by offset
    </>
  );
}

function There({ link, mirror }: { link: LinkRow; mirror: MirrorRow }) {
  return (
    <>
      {mirror.state === 'STOPPED' ? 'Was mirrored by link ' : 'Mirrored by link '}
      {mirrorOf(link, mirror)} to {link.destination.name} as{' '}
      <span className="font-mono text-[13px]">{mirror.topic}</span>
    </>
  );
}

function lagText({ state, lag }: MirrorRow): string {
  if (state === 'STOPPED' || lag.messages === null) return '';
  const time = lag.seconds === null ? '' : `, ${formatDuration(lag.seconds)}`;
  return `lag ${lagMessagesText(lag)}${time}`;
}
