// The answer to "is anything wrong?", first thing on the overview: problems with age and a way in, or one calm line.
import Link from 'next/link';
import { clusterHref, linkHref } from '@/components/links/paths';
import { StateShape } from '@/components/links/state-badge';
import { operationHref } from '@/components/operations/paths';
import type { LinkRow } from '@/lib/contracts/link';
import { formatDuration, plural } from '@/lib/format';
import { Age } from './age';
import type { Problem } from './problems';

const shapes = { bad: 'square', warn: 'triangle', unknown: 'hollow' } as const;
const words = { bad: 'Failed', warn: 'Attention', unknown: 'Unknown' };

export function ProblemList({ problems, links }: { problems: Problem[]; links: LinkRow[] }) {
  if (problems.length === 0) return <AllWell links={links} />;
  return (
    <section aria-labelledby="problems" className="overflow-clip rounded-lg border bg-panel">
      <h2 id="problems" className="border-b px-4 py-2.5 text-base font-semibold">
        {problems.length === 1 ? '1 thing needs a look' : `${problems.length} things need a look`}
      </h2>
      <ul>
        {problems.map((problem) => (
          <li key={problem.id} className="flex items-baseline gap-3 border-b px-4 py-2.5 last:border-b-0">
            <span className="shrink-0">
              <StateShape shape={shapes[problem.severity]} />
              <span className="sr-only">{words[problem.severity]}:</span>
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
      </ul>
    </section>
  );
}

function hrefOf({ target }: Problem): string {
  if (target.kind === 'cluster') return clusterHref(target.name);
  if (target.kind === 'operation') return operationHref(target.destination, target.link, target.id);
  const href = linkHref(target.destination, target.name);
  return target.attention ? `${href}?attention=1` : href;
}

function AllWell({ links }: { links: LinkRow[] }) {
  const mirrors = links.reduce((sum, link) => sum + link.mirrors, 0);
  const paused = links.filter((link) => link.state === 'PAUSED').length;
  const lags = links.map((link) => link.worst?.lag.seconds ?? null).filter((s) => s !== null);
  const facts = [
    plural(links.length, 'link'),
    plural(mirrors, 'mirror'),
    paused > 0 ? `${paused} paused` : null,
    lags.length > 0 ? `worst lag ${formatDuration(Math.max(...lags))}` : null,
  ];
  return (
    <section aria-label="Problems" className="flex items-center gap-3 rounded-lg border bg-panel px-4 py-3">
      <StateShape shape="circle" size={12} />
      <p>
        <span className="font-semibold">Nothing is wrong.</span>{' '}
        <span className="text-soft">{facts.filter(Boolean).join(' · ')}</span>
      </p>
    </section>
  );
}
