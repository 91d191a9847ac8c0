// The figures of a link: mirrors by state, how far behind, how fast, what was filled.
'use client';
import { Grouped } from '@/components/ui/grouped';
import { Figure, Figures } from '@/components/ui/panel';
import { Value } from '@/components/ui/value';
import type { Fills, History, LinkRow, MirrorState } from '@/lib/contracts/link';
import type { VerificationSummary } from '@/lib/contracts/verify';
import {
  formatByteRate,
  formatDuration,
  formatMillis,
  formatRecordRate,
  groupDigits,
  UNKNOWN,
} from '@/lib/format';
import { lagMessagesText } from './lag-messages';
import { LagTrendText } from './lag-trend-text';
import { LockCounts } from './lock-text';
import { StateShape } from './state-badge';
import { stateLook } from './states';
import { VerifiedFigure } from './verified-figure';

export function LinkFigures({
  link,
  fills,
  history,
  verification,
}: {
  link: LinkRow;
  fills: Fills;
  history: History;
  verification: VerificationSummary & { on: boolean };
}) {
  return (
    <Figures label="Figures">
      <Figure
        label="Mirrors"
        note={
          <>
            <ByState link={link} />
            <LockCounts locks={link.locks} className="mt-1 border-t pt-1" />
          </>
        }
      >
        {groupDigits(link.mirrors)}
      </Figure>
      <Figure
        label="Worst lag"
        note={
          link.worst ? (
            <>
              {lagMessagesText(link.worst.lag) || `${UNKNOWN} messages`},{' '}
              <LagTrendText history={history} current={link.worst.lag.messages} />
            </>
          ) : null
        }
      >
        <Value
          value={link.worst?.lag.seconds ?? null}
          format={formatDuration}
          why="No mirror has a known lag yet."
        />
      </Figure>
      <Figure label="Throughput" note={formatRecordRate(link.recordsPerSecond)}>
        <Value value={link.bytesPerSecond} format={formatByteRate} why="No rate has been measured yet." />
      </Figure>
      <Figure
        label="Replication latency, p50"
        note={link.latencyMs ? `p99 ${formatMillis(link.latencyMs.p99)}` : null}
      >
        <Value
          value={link.latencyMs?.p50 ?? null}
          format={formatMillis}
          why="No record has been copied in the last minute."
        />
      </Figure>
      <VerifiedFigure summary={verification} on={verification.on} />
      <FillsFigure fills={fills} />
    </Figures>
  );
}

export function FillsFigure({ fills }: { fills: Fills }) {
  const total = BigInt(fills.markers) + BigInt(fills.head) + BigInt(fills.copies);
  return (
    <Figure
      label="Offsets filled"
      className="max-md:col-span-2"
      note={
        <>
          markers {groupDigits(fills.markers)} · head {groupDigits(fills.head)} · copies{' '}
          {groupDigits(fills.copies)}
        </>
      }
    >
      <Grouped text={groupDigits(total)} />
    </Figure>
  );
}

function ByState({ link }: { link: LinkRow }) {
  const counts = Object.entries(link.mirrorsByState) as [MirrorState, number][];
  const shown = counts.filter(([, count]) => count > 0);
  return (
    <ul className="flex flex-wrap gap-x-3 text-text">
      {shown.map(([state, count]) => {
        const { shape, word } = stateLook(state);
        return (
          <li key={state} className="inline-flex items-center gap-1.5">
            <StateShape shape={shape} /> {groupDigits(count)} {word.toLowerCase()}
          </li>
        );
      })}
    </ul>
  );
}
