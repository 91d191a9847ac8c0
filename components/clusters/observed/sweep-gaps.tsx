// Says above the numbers what the sweep could not read, at which broker, which right is missing, and where that is written.
'use client';
import Link from 'next/link';
import { Banner } from '@/components/ui/notice';
import type { SweepGap, SweepPart } from '@/lib/contracts/monitoring/seen';
import { plural } from '@/lib/format';
import { gapsOf, gapTitle } from './gaps';
import { manualHref } from './paths';

const SHOWN = 4;

export function SweepGaps({ gaps, parts }: { gaps: readonly SweepGap[]; parts?: readonly SweepPart[] }) {
  const all = gapsOf(gaps, parts);
  const failures = all.filter(({ failure }) => failure);
  const untold = all.filter(({ failure }) => !failure);
  return (
    <>
      {failures.length > 0 ? (
        <Banner
          tone="warn"
          title={`Incomplete: ${plural(failures.length, 'thing')} could not be read in the last sweep`}
          live
        >
          <ul className="flex flex-col gap-1 pt-1">
            {failures.slice(0, SHOWN).map((gap) => (
              <Gap key={`${gap.what} ${gap.broker} ${gap.reason}`} gap={gap} />
            ))}
            {failures.length > SHOWN ? (
              <li>
                <details>
                  <summary className="w-fit underline underline-offset-4">
                    and {failures.length - SHOWN} more
                  </summary>
                  <ul className="flex flex-col gap-1 pt-1">
                    {failures.slice(SHOWN).map((gap) => (
                      <Gap key={`${gap.what} ${gap.broker} ${gap.reason}`} gap={gap} />
                    ))}
                  </ul>
                </details>
              </li>
            ) : null}
          </ul>
        </Banner>
      ) : null}
      {untold.length > 0 ? (
        <p className="break-words text-[13px] text-soft">
          Not told by this cluster: {untold.map((gap) => `${gapTitle(gap)}: ${gap.reason}`).join(' ')}
        </p>
      ) : null}
    </>
  );
}

function Gap({ gap }: { gap: SweepGap }) {
  return (
    <li className="break-words">
      <strong className="font-medium">{gapTitle(gap)}:</strong> {gap.reason}
      {gap.right ? (
        <>
          {' '}
          Missing right: <strong className="font-medium">{gap.right}</strong> (
          <Link href={manualHref('permissions')} className="underline underline-offset-4">
            permissions
          </Link>
          ).
        </>
      ) : null}
    </li>
  );
}
