// What happened to a link or a mirror, latest first: from which state to which, who, and why.
'use client';
import Link from 'next/link';
import { Age } from '@/components/shell/age';
import { Panel } from '@/components/ui/panel';
import type { LinkEvent } from '@/lib/contracts/link';
import { linkState, mirrorState } from '@/lib/contracts/link';
import { formatDateTime, plural } from '@/lib/format';
import { StateBadge } from './state-badge';
import { type AnyState, stateLook } from './states';

const SHOWN = 200;

export function Timeline({
  events,
  topicHref,
}: {
  events: LinkEvent[];
  topicHref?: (topic: string) => string;
}) {
  const latest = [...events].sort((a, b) => b.at - a.at).slice(0, SHOWN);
  return (
    <Panel
      title="Timeline"
      id="timeline"
      aside={
        events.length > SHOWN ? (
          <span className="text-soft">
            latest {SHOWN} of {plural(events.length, 'event')}
          </span>
        ) : null
      }
    >
      {latest.length === 0 ? (
        <p className="px-4 py-3 text-soft">Nothing has changed since the engine started.</p>
      ) : (
        <ol className="max-h-[60vh] divide-y overflow-auto">
          {latest.map((event) => (
            <Entry key={entryKey(event)} event={event} topicHref={topicHref} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Entry({ event, topicHref }: { event: LinkEvent; topicHref?: (topic: string) => string }) {
  const from = stateIn(event.from);
  const to = stateIn(event.to);
  return (
    <li className="grid grid-cols-1 gap-x-4 px-4 py-2 md:grid-cols-[170px_minmax(0,1fr)_220px]">
      <span className="text-soft" title={formatDateTime(event.at)}>
        {formatDateTime(event.at)}
      </span>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2">
          {event.topic === null ? null : topicHref ? (
            <Link href={topicHref(event.topic)} className="font-mono break-all hover:underline">
              {event.topic}
            </Link>
          ) : null}
          {event.partition === null ? null : <span className="text-soft">partition {event.partition}</span>}
          {from && to && from !== to ? <span className="text-soft">{stateLook(from).word} →</span> : null}
          {to ? <StateBadge state={to} /> : <span>{sentence(event.to)}</span>}
        </p>
        {event.message ? <p className="break-words text-soft">{event.message}</p> : null}
      </div>
      <span className="text-soft md:text-right">
        {event.operationId ? (
          <Link
            href={`/settings/audit?entry=${encodeURIComponent(event.operationId)}`}
            className="underline decoration-edge underline-offset-2 hover:text-text"
            title="Show the audit entry"
          >
            {event.actor}
          </Link>
        ) : (
          event.actor
        )}{' '}
        · <Age at={event.at} />
      </span>
    </li>
  );
}

/** Events that are not states (CREATED, DELETED …) read as words. */
const sentence = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).toLowerCase().replaceAll('_', ' ');

function stateIn(name: string | null): AnyState | null {
  const known = linkState.safeParse(name);
  if (known.success) return known.data;
  const mirror = mirrorState.safeParse(name);
  return mirror.success ? mirror.data : null;
}

const entryKey = (e: LinkEvent): string =>
  [e.at, e.topic, e.partition, e.from, e.to, e.actor, e.message].join('|');
