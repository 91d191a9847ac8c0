// Nothing is open: what is watched, when it was last judged, and what cannot be told. Calm is only said of what was looked at.
'use client';
import Link from 'next/link';
import { rulesHref } from '@/components/health/paths';
import { countsOf } from '@/components/health/rules/counts';
import { StateShape } from '@/components/links/state-badge';
import { Age } from '@/components/shell/age';
import { useIsHub } from '@/components/shell/mode';
import type { LibraryView } from '@/lib/contracts/monitoring/rules';
import { groupDigits, plural } from '@/lib/format';

export function JudgedAt({ at }: { at: number | null }) {
  return (
    <span className="text-soft">
      {at === null ? (
        'not judged yet'
      ) : (
        <>
          judged <Age at={at} />
        </>
      )}
    </span>
  );
}

export function NothingOpen({ library, failed }: { library: LibraryView | undefined; failed: boolean }) {
  const isHub = useIsHub();
  if (!library)
    return (
      <p className="px-4 py-6 text-soft">
        No alert is open.{' '}
        {failed ? 'What is watched now cannot be told: see above.' : 'Looking at the rules…'}
      </p>
    );
  if (library.at === null)
    return (
      <p className="px-4 py-6 text-soft">
        {isHub
          ? 'Nothing has been judged yet: rules are judged with each report of a console.'
          : 'Nothing has been judged yet: the first look at the clusters and links is under way.'}
      </p>
    );
  const counts = countsOf(library.rules);
  const unsure = counts.UNKNOWN + counts.PENDING;
  return (
    <div className="flex items-start gap-3 px-4 py-6">
      <span className="pt-1">
        <StateShape shape={unsure > 0 ? 'hollow' : 'circle'} size={12} />
      </span>
      <div className="flex flex-col gap-1">
        <p className="font-semibold">No alert is open.</p>
        <p className="max-w-[72ch] text-soft">
          <Link href={rulesHref} className="underline decoration-edge underline-offset-2">
            {plural(library.rules.length, 'rule')}
          </Link>{' '}
          {library.rules.length === 1 ? 'judges' : 'judge'} clusters, brokers, consumer groups, links and
          mirrors{library.whole ? `: ${groupDigits(counts.OK)} fine` : ' of all consoles'}
          {counts.PENDING > 0 ? `, ${groupDigits(counts.PENDING)} not for long enough yet` : ''}
          {counts.UNKNOWN > 0 ? `, ${groupDigits(counts.UNKNOWN)} unknown` : ''}
          {counts.OFF > 0 ? `, ${groupDigits(counts.OFF)} switched off` : ''}. Last judged{' '}
          <Age at={library.at} />.
        </p>
      </div>
    </div>
  );
}
