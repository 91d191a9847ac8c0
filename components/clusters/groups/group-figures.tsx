// The figures of a consumer group: lag in three units, commits, what it lost, how long until retention overtakes it.
'use client';
import { Age } from '@/components/shell/age';
import { Figure, Figures } from '@/components/ui/panel';
import { Value } from '@/components/ui/value';
import type { GroupDetail } from '@/lib/contracts/monitoring/groups';
import { formatDuration, formatEstimatedBytes, formatRate, groupDigits, plural } from '@/lib/format';
import { Exact } from '../observed/exact';
import { LookBadge } from '../observed/look';
import { leftOut, progressLook, whyNoLag, whyNoSeconds } from './group-words';

export function GroupFigures({ detail }: { detail: GroupDetail }) {
  const { row, watchedSinceMs } = detail;
  const noLag = whyNoLag(row);
  return (
    <Figures label="Figures">
      <Figure
        label="Lag, messages"
        note={
          leftOut(row) ??
          (row.maxLagMessages === null ? null : `worst partition ${groupDigits(row.maxLagMessages)}`)
        }
      >
        <Exact value={row.lagMessages} why={noLag} />
      </Figure>
      <Figure label="Lag, bytes" note="estimated from the bytes of an offset">
        <Value value={row.lagBytes} format={formatEstimatedBytes} why={noLag} />
      </Figure>
      <Figure label="Lag, time" note="of the worst partition">
        <Value value={row.maxLagSeconds} format={formatDuration} why={whyNoSeconds(row)} />
      </Figure>
      <Figure
        label="Progress"
        note={
          row.partitions === null || row.topics === null
            ? null
            : `${plural(row.partitions, 'partition')} of ${plural(row.topics, 'topic')} committed`
        }
      >
        <span className="text-base">
          <LookBadge look={progressLook(row)} wrap />
        </span>
      </Figure>
      <Figure label="Commits" note={row.coordinator === null ? null : `kept by broker ${row.coordinator}`}>
        <Value
          value={row.commitRate}
          format={(rate) => `${formatRate(rate)}/s`}
          why={row.unknownSince === null ? 'Rates take two sweeps: the next one tells.' : noLag}
        />
      </Figure>
      <Figure
        label="Lost messages"
        note={
          <>
            {row.retentionHeadroomSeconds === null
              ? ''
              : `retention overtakes it in ${formatDuration(row.retentionHeadroomSeconds)} · `}
            watched since <Age at={watchedSinceMs} />
          </>
        }
      >
        {groupDigits(row.lost)}
      </Figure>
    </Figures>
  );
}
