// The answer to "is anything wrong?", first thing on the overview: problems with age and a way in, or one calm line.
import Link from 'next/link';
import { alertHref, healthHref } from '@/components/health/paths';
import { SeverityShape, severityWord } from '@/components/health/severity';
import { clusterHref, linkHref } from '@/components/links/paths';
import { StateShape } from '@/components/links/state-badge';
import { operationHref } from '@/components/operations/paths';
import type { LinkRow } from '@/lib/contracts/link';
import { formatDuration, plural } from '@/lib/format';
import { Age } from './age';
import type { Problem } from './problems';

const shapes = { bad: 'square', warn: 'triangle', unknown: 'hollow' } as const;
const words = { bad: 'Failed', warn: 'Attention', unknown: 'Unknown' };

/** More than this nobody reads on an overview; Health has the rest. */
const SHOWN = 20;

/** Of alerts: they were read; they are not judged here at all; or why they are not known. */
export type AlertsKnown = 'KNOWN' | 'ELSEWHERE' | { unknown: string };

export function ProblemList({
  problems,
  links,
  alerts,
}: {
  problems: Problem[];
  links: LinkRow[];
  alerts: AlertsKnown;
}) {
  if (problems.length === 0) return <AllWell links={links} alerts={alerts} />;
  const more = problems.length - SHOWN;
  return (
    <section aria-labelledby="problems" className="overflow-clip rounded-lg border bg-panel">
      <h2 id="problems" className="border-b px-4 py-2.5 text-base font-semibold">
        {problems.length === 1 ? '1 thing needs a look' : `${problems.length} things need a look`}
      </h2>
      <ul>
        {problems.slice(0, SHOWN).map((problem) => (
          <li key={problem.id} className="flex items-baseline gap-3 border-b px-4 py-2.5 last:border-b-0">
            <span className="shrink-0">
              {problem.grave ? (
                <SeverityShape severity={problem.grave} />
              ) : (
                <StateShape shape={shapes[problem.severity]} size={12} />
              )}
              <span className="sr-only">
                {problem.grave ? severityWord[problem.grave] : words[problem.severity]}:
              </span>
            </span>
            <div className="min-w-0 flex-1">
              <Link href={hrefOf(problem)} className="font-medium hover:underline">
                {problem.title}
              </Link>
              {problem.message ? <p className="text-soft break-words">{problem.message}</p> : null}
            </div>
            <span className="text-soft">{problem.since === null ? null : <Age at={problem.since} />}</span>
          </li>
        ))}
        {more > 0 ? (
          <li className="px-4 py-2.5">
            <Link href={healthHref} className="hover:underline">
              and {more} more
            </Link>
          </li>
        ) : null}
      </ul>
      {typeof alerts === 'object' ? <p className="border-t px-4 py-2.5 text-soft">{alerts.unknown}</p> : null}
    </section>
  );
}

function hrefOf({ target }: Problem): string {
  if (target.kind === 'alert') return alertHref(target.id);
  if (target.kind === 'cluster') return clusterHref(target.name);
  if (target.kind === 'operation') return operationHref(target.destination, target.link, target.id);
  const href = linkHref(target.destination, target.name);
  return target.attention ? `${href}?attention=1` : href;
}

function AllWell({ links, alerts }: { links: LinkRow[]; alerts: AlertsKnown }) {
  const mirrors = links.reduce((sum, link) => sum + link.mirrors, 0);
  const paused = links.filter((link) => link.state === 'PAUSED').length;
  const lags = links.map((link) => link.worst?.lag.seconds ?? null).filter((s) => s !== null);
  const facts = [
    plural(links.length, 'link'),
    plural(mirrors, 'mirror'),
    paused > 0 ? `${paused} paused` : null,
    lags.length > 0 ? `worst lag ${formatDuration(Math.max(...lags))}` : null,
    alerts === 'ELSEWHERE' ? 'alerts are judged at the health endpoint' : null,
  ];
  const unknown = typeof alerts === 'object' ? alerts.unknown : null;
  return (
    <section aria-label="Problems" className="flex items-center gap-3 rounded-lg border bg-panel px-4 py-3">
      <StateShape shape={unknown === null ? 'circle' : 'hollow'} size={12} />
      <p className="min-w-0 break-words">
        <span className="font-semibold">
          {unknown === null ? 'Nothing is wrong.' : 'No link and no cluster is in trouble.'}
        </span>{' '}
        <span className="text-soft">{[...facts, unknown].filter(Boolean).join(' · ')}</span>
      </p>
    </section>
  );
}
