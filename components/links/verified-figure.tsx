// The figure "verified" of a link or a mirror: how much was compared with nothing left out, and when the ends and places at random were.
'use client';
import { Age } from '@/components/shell/age';
import { Figure } from '@/components/ui/panel';
import { Value } from '@/components/ui/value';
import type { VerificationSummary } from '@/lib/contracts/verify';
import { shareText, verifiedShare, whyNotVerified } from './verified';

export function VerifiedFigure({ summary, on }: { summary: VerificationSummary; on: boolean }) {
  return (
    <Figure label="Verified" className="max-md:col-span-2" note={<Note summary={summary} on={on} />}>
      <Value value={verifiedShare(summary)} format={(share) => share} why={whyNotVerified(on)} />
    </Figure>
  );
}

function Note({ summary, on }: { summary: VerificationSummary; on: boolean }) {
  const { sweeping, trouble, endsCheckedAt, sampledAt } = summary;
  if (sweeping) return <>sweep: {shareText(sweeping.done, sweeping.total)}</>;
  if (!on) return <>off: verify.budget.percent is 0</>;
  if (trouble) return <span title={trouble}>something cannot be compared now</span>;
  return (
    <>
      {endsCheckedAt === null ? (
        'not all ends yet'
      ) : (
        <>
          ends <Age at={endsCheckedAt} />
        </>
      )}
      {sampledAt === null ? null : (
        <>
          , at random <Age at={sampledAt} />
        </>
      )}
    </>
  );
}
