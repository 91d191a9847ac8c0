// What of a mirror is verified: the range that was compared, sweeps with their progress, and the differences that were found, to download.
'use client';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { useLinkTarget } from '@/components/access/use-link-target';
import { useWhyNot } from '@/components/access/use-me';
import { Age } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { ButtonLink } from '@/components/ui/button';
import { Banner } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { mirrorDetail } from '@/lib/contracts/link';
import type { Sweep } from '@/lib/contracts/verify';
import { groupDigits, plural } from '@/lib/format';
import { mirrorApi } from './paths';
import { SweepDialog } from './sweep-dialog';
import { useSweep } from './sweep-queries';
import { shareText, whyNotVerified } from './verified';

type Detail = (typeof mirrorDetail)['_output'];
type Names = { destination: string; link: string; topic: string };

export function VerificationPanel({ names, detail }: { names: Names; detail: Detail }) {
  const { mirror, sweep, differences, verified } = detail;
  const { destination, link, topic } = names;
  const api = mirrorApi(destination, link, topic);
  const [asking, setAsking] = useState(false);
  const change = useSweep(api);
  const whyNot = useWhyNot()('operator', useLinkTarget(destination, link));
  const running = sweep !== null && sweep.endedAt === null;
  const failure = failureFrom(change.error);
  const stopped = mirror.state === 'STOPPED' ? 'A stopped mirror is an ordinary topic.' : null;
  return (
    <Panel
      title="Verification"
      id="verification"
      aside={
        running ? (
          <GuardedButton
            whyNot={whyNot}
            size="small"
            disabled={change.isPending}
            onClick={() => change.mutate(false)}
          >
            Give up the sweep
          </GuardedButton>
        ) : (
          <GuardedButton whyNot={whyNot ?? stopped} size="small" onClick={() => setAsking(true)}>
            Sweep…
          </GuardedButton>
        )
      }
    >
      <div className="flex flex-col gap-3 px-4 py-3">
        {failure ? <Banner tone="bad" title={failure.message} live /> : null}
        <p className="text-soft">{sentence(detail)}</p>
        {mirror.verification.trouble ? <Banner tone="warn" title={mirror.verification.trouble} /> : null}
        {running ? <SweepProgress sweep={sweep} progress={mirror.verification.sweeping} /> : null}
        {sweep && !running ? <LastSweep sweep={sweep} /> : null}
        {differences.length > 0 ? <Differences api={api} differences={differences} /> : null}
        {!verified.on && differences.length === 0 && !running ? (
          <p className="text-soft">{whyNotVerified(false)}</p>
        ) : null}
      </div>
      <SweepDialog api={api} what={topic} open={asking} onOpenChange={setAsking} />
    </Panel>
  );
}

function sentence({ mirror: { verification }, partitions }: Detail): string {
  const { verified, of } = verification;
  const samples = partitions.reduce((sum, row) => sum + row.verification.samples, 0);
  const places = `${plural(samples, 'place')} compared at random since the engine started.`;
  if (verified === null || of === null) return `How much is verified is not known yet. ${places}`;
  return `${groupDigits(verified)} of ${groupDigits(of)} offsets were compared with the source, record by record, with nothing left out; the table below says from where to where. ${places}`;
}

function SweepProgress({
  sweep,
  progress,
}: {
  sweep: Sweep;
  progress: Detail['mirror']['verification']['sweeping'];
}) {
  const total = BigInt(progress?.total ?? 0);
  const percent = progress && total > 0n ? Number((BigInt(progress.done) * 100n) / total) : 0;
  return (
    <div className="flex flex-col gap-1">
      <p>
        Sweep begun by {sweep.requestedBy}, <Age at={sweep.requestedAt} />
        {progress
          ? `: ${groupDigits(progress.done)} of ${groupDigits(progress.total)} offsets, ${shareText(progress.done, progress.total)}.`
          : ': waiting for the engine.'}
      </p>
      <div
        role="progressbar"
        aria-label="Progress of the sweep"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className="h-2 overflow-clip rounded-full bg-raised"
      >
        <div className="h-full bg-accent" style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}

const outcomeWord: Record<NonNullable<Sweep['outcome']>, string> = {
  EQUAL: 'both sides are equal',
  DIFFERENT: 'a difference was found',
  CANCELLED: 'given up',
};

function LastSweep({ sweep: { requestedBy, endedAt, outcome } }: { sweep: Sweep }) {
  if (endedAt === null || outcome === null) return null;
  return (
    <p>
      Last sweep, by {requestedBy}: {outcomeWord[outcome]}, <Age at={endedAt} />.
    </p>
  );
}

function Differences({ api, differences }: { api: string; differences: Detail['differences'] }) {
  return (
    <div className="flex flex-col items-start gap-2">
      <ul className="flex flex-col gap-1">
        {differences.map((found) => (
          <li key={found.partition}>
            <span className="font-medium">
              Partition {found.partition}, offset {groupDigits(found.offset)}
            </span>
            , found <Age at={found.foundAt} />: {found.more ? 'more than ' : ''}
            {plural(found.records, 'record differs', 'records differ')}.
          </li>
        ))}
      </ul>
      <ButtonLink href={`${api}/difference`} prefetch={false} download size="small">
        <Download aria-hidden size={14} /> Download the difference
      </ButtonLink>
    </div>
  );
}
