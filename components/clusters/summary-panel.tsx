// How a cluster does, from its last sweep: replicas, traffic, transactions; and what stands still.
'use client';
import Link from 'next/link';
import { Figure, Figures } from '@/components/ui/panel';
import { Bar } from '@/components/ui/skeleton';
import { Value } from '@/components/ui/value';
import type { ClusterSummary } from '@/lib/contracts/monitoring/cluster-summary';
import type { SweepPart } from '@/lib/contracts/monitoring/seen';
import {
  formatByteRate,
  formatBytes,
  formatDuration,
  formatRate,
  formatShare,
  groupDigits,
} from '@/lib/format';
import { whyMissing } from './observed/gaps';
import { LookBadge } from './observed/look';
import { ObservedView } from './observed/observed-view';
import { partHref } from './observed/paths';
import { useClusterSummary } from './observed/queries';
import { offsetText, replicaLook } from './summary-words';

export function SummaryPanel({ name }: { name: string }) {
  const query = useClusterSummary(name);
  return (
    <ObservedView
      query={query}
      cluster={name}
      what={`how ${name} does`}
      skeleton={
        <div className="grid h-[92px] grid-cols-2 gap-4 rounded-lg border bg-panel p-4 md:grid-cols-5">
          {['w-24', 'w-20', 'w-28', 'w-16', 'w-32'].map((width) => (
            <Bar key={width} className={`${width} h-6`} />
          ))}
        </div>
      }
    >
      {(summary) => <Summary summary={summary} />}
    </ObservedView>
  );
}

function Summary({ summary }: { summary: ClusterSummary }) {
  const { cluster, gaps } = summary;
  const why = (parts: SweepPart[], otherwise: string) => whyMissing(gaps, parts, otherwise);
  const noRate = 'Rates take two sweeps: the next one tells.';
  const look = replicaLook(summary);
  return (
    <Figures label="How it does">
      <Figure label="Replicas" note={<Replication summary={summary} />}>
        <span className="text-base">
          {look.shape === 'circle' || look.shape === 'hollow' ? (
            <LookBadge look={look} wrap />
          ) : (
            <Link
              href={`${partHref(cluster, 'topics')}?trouble=1&sort=trouble&direction=desc`}
              className="hover:underline"
            >
              <LookBadge look={look} wrap />
            </Link>
          )}
        </span>
      </Figure>
      <Figure
        label="Messages in"
        note={summary.bytesInPerSecond === null ? null : formatByteRate(summary.bytesInPerSecond)}
      >
        <Value
          value={summary.messagesInPerSecond}
          format={(rate) => `${formatRate(rate)}/s`}
          why={why(['OFFSETS'], noRate)}
        />
      </Figure>
      <Figure label="Logs on disk" note="all replicas">
        <Value
          value={summary.logBytes}
          format={formatBytes}
          why={why(['LOG_DIRS'], 'The brokers have not told the sizes of their logs.')}
        />
      </Figure>
      <Figure label="Preferred leaders" note={<Balance summary={summary} />}>
        <Value
          value={summary.nonPreferredRatio === null ? null : 1 - summary.nonPreferredRatio}
          format={formatShare}
          why={why(['METADATA'], 'The metadata has not been read.')}
        />
      </Figure>
      <Figure
        label="Open transactions"
        note={
          summary.oldestTransactionSeconds === null
            ? null
            : `the oldest for ${formatDuration(summary.oldestTransactionSeconds)}`
        }
      >
        <Value
          value={summary.openTransactions}
          format={groupDigits}
          why={why(['TRANSACTIONS'], 'Transactions have not been listed.')}
        />
      </Figure>
      <Figure label="Clock of the cluster" note="compared with ours">
        <Value
          value={summary.clockOffsetSeconds}
          format={offsetText}
          why={why(['QUORUM'], 'Only the leader of a KRaft quorum tells its time.')}
        />
      </Figure>
    </Figures>
  );
}

function Replication({ summary }: { summary: ClusterSummary }) {
  const { untold, underReplicated, underMinIsr, atMinIsr, singleReplica } = summary;
  const rest = [
    untold ? `${groupDigits(untold)} with a leader that does not answer` : null,
    underReplicated ? `${groupDigits(underReplicated)} under-replicated` : null,
    underMinIsr ? `${groupDigits(underMinIsr)} under min ISR` : null,
    atMinIsr ? `${groupDigits(atMinIsr)} at min ISR` : null,
    singleReplica ? `${groupDigits(singleReplica)} with one replica` : null,
  ].filter(Boolean);
  return <>{rest.length === 0 ? 'no partition in trouble' : rest.join(' · ')}</>;
}

function Balance({ summary: { leaderSkew, uncleanElections, leaderChanges } }: { summary: ClusterSummary }) {
  return (
    <>
      {leaderSkew === null ? null : `busiest broker ${leaderSkew.toFixed(2)} × the mean · `}
      {groupDigits(leaderChanges)} changes seen
      {uncleanElections > 0 ? (
        <strong className="text-bad"> · {groupDigits(uncleanElections)} unclean</strong>
      ) : null}
    </>
  );
}
