// One mirror topic: how far behind, how fast, partition by partition; why it does not go on; what happened.
'use client';
import { HistoryCharts } from '@/components/charts/history-charts';
import { MirrorOperation } from '@/components/operations/mirror-operation';
import { RepairPanel } from '@/components/repair/repair-panel';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ReducedNote } from '@/components/shell/reduced-note';
import { ButtonLink } from '@/components/ui/button';
import { Missing } from '@/components/ui/notice';
import { Bar, TableSkeleton } from '@/components/ui/skeleton';
import { LockText } from './lock-text';
import { MirrorConfigs } from './mirror-configs';
import { MirrorFigures } from './mirror-figures';
import { MirrorHeader } from './mirror-header';
import { MirrorReasons } from './mirror-reasons';
import { MirrorRestCall } from './mirror-rest-call';
import { PartitionTable } from './partition-table';
import { linkHref } from './paths';
import { useMirror } from './queries';
import { SourceGone } from './source-gone';
import { Timeline } from './timeline';
import { VerificationPanel } from './verification-panel';

type Names = { destination: string; name: string; topic: string };

const lagLabels = { messages: 'Lag, messages', seconds: 'Lag, time' };

export function MirrorPage({ destination, name, topic }: Names) {
  const query = useMirror(destination, name, topic);
  const href = linkHref(destination, name);
  const crumbs = [
    { href: '/links', label: 'Links' },
    { href, label: name },
  ];
  return (
    <Page>
      {query.data ? (
        <MirrorHeader
          destination={destination}
          link={name}
          mirror={query.data.mirror}
          asOf={query.data.asOf}
          crumbs={crumbs}
        />
      ) : (
        <PageHeader title={topic} mono crumbs={crumbs} />
      )}
      <ReducedNote of="link" />
      <QueryView
        query={query}
        what={`mirror ${topic}`}
        snapshotOf={(data) => data}
        skeleton={<MirrorSkeleton />}
        missing={
          <Missing
            title={`Link ${name} has no mirror ${topic}`}
            actions={<ButtonLink href={href}>All mirrors of {name}</ButtonLink>}
          >
            It may have been removed from the link, or the link itself was deleted.
          </Missing>
        }
      >
        {(detail) => {
          const { mirror, partitions, history, events, verified } = detail;
          // An ordinary topic: nothing follows, and nothing is verified any more. Its history stays.
          const stopped = mirror.state === 'STOPPED';
          return (
            <>
              <MirrorOperation destination={destination} link={name} mirror={mirror} />
              <MirrorReasons mirror={mirror} partitions={partitions} />
              <SourceGone destination={destination} link={name} mirror={mirror} />
              {mirror.state === 'FAILED' ? (
                <RepairPanel destination={destination} link={name} topic={topic} />
              ) : null}
              {stopped ? null : <LockText lock={mirror.lock} />}
              {stopped ? null : (
                <MirrorFigures mirror={mirror} partitions={partitions} history={history} on={verified.on} />
              )}
              <HistoryCharts history={history} labels={lagLabels} />
              {stopped ? null : (
                <VerificationPanel names={{ destination, link: name, topic }} detail={detail} />
              )}
              {stopped ? null : <PartitionTable partitions={partitions} topic={topic} />}
              {stopped ? null : <MirrorConfigs names={{ destination, link: name, topic }} />}
              <Timeline events={events} />
              <MirrorRestCall destination={destination} link={name} topic={topic} />
            </>
          );
        }}
      </QueryView>
    </Page>
  );
}

function MirrorSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid h-[92px] grid-cols-2 gap-4 rounded-lg border bg-panel p-4 md:grid-cols-5">
        {['w-24', 'w-20', 'w-28', 'w-16', 'w-32'].map((width) => (
          <Bar key={width} className={`${width} h-6`} />
        ))}
      </div>
      <div className="h-[456px] rounded-lg border bg-panel" />
      <div className="rounded-lg border bg-panel">
        <TableSkeleton rows={6} widths={['w-12', 'w-32', 'w-28', 'w-28', 'w-28', 'w-28']} />
      </div>
    </div>
  );
}
