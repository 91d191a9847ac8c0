// One link: where it goes, how it does, its mirrors, what happened, how it is set.
'use client';
import { HistoryCharts } from '@/components/charts/history-charts';
import { OperationsTab } from '@/components/operations/operations-tab';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ReducedNote } from '@/components/shell/reduced-note';
import { ButtonLink } from '@/components/ui/button';
import { Banner, Missing } from '@/components/ui/notice';
import { Bar, TableSkeleton } from '@/components/ui/skeleton';
import { AccessTab } from './access-tab';
import { GroupsTab } from './groups/groups-tab';
import { LinkDrawing } from './link-drawing';
import { LinkFigures } from './link-figures';
import { LinkHeader } from './link-header';
import { LinkTabs, useLinkTab } from './link-tabs';
import { MirrorTable } from './mirror-table';
import { mirrorHref } from './paths';
import { useLink } from './queries';
import { RightsTab } from './rights-tab';
import { SettingsTable } from './settings-table';
import { TasksTab } from './tasks-tab';
import { Timeline } from './timeline';

const lagLabels = { messages: 'Lag of all mirrors, messages', seconds: 'Worst lag, time' };
type LinkData = NonNullable<ReturnType<typeof useLink>['data']>;

export function LinkPage({ destination, name }: { destination: string; name: string }) {
  const query = useLink(destination, name);
  return (
    <Page>
      {query.data ? (
        <LinkHeader link={query.data.link} asOf={query.data.asOf} />
      ) : (
        <PageHeader title={name} mono crumbs={[{ href: '/links', label: 'Links' }]} />
      )}
      <ReducedNote of="link" />
      <QueryView
        query={query}
        what={`link ${name}`}
        snapshotOf={(data) => data}
        skeleton={<LinkSkeleton />}
        missing={
          <Missing
            title={`There is no link ${name} to ${destination}`}
            actions={<ButtonLink href="/links">All links</ButtonLink>}
          >
            It may have been deleted. Its mirror topics stay on the destination as ordinary topics.
          </Missing>
        }
      >
        {(data) => <LinkBody data={data} />}
      </QueryView>
    </Page>
  );
}

function LinkBody({ data }: { data: LinkData }) {
  const { link, tasks, fills, history, events, settings, verification } = data;
  const destination = link.destination.name;
  const tab = useLinkTab();
  return (
    <>
      {link.message ? (
        <Banner
          tone={link.state === 'ACTIVE' || link.state === 'PAUSED' ? 'warn' : 'bad'}
          title={link.message}
        />
      ) : null}
      <LinkDrawing link={link} />
      <LinkFigures link={link} fills={fills} history={history} verification={verification} />
      <LinkTabs events={events.length} operations={link.operations.open} />
      {tab === 'mirrors' ? (
        <MirrorTable
          destination={destination}
          name={link.name}
          total={link.mirrors}
          attention={link.attention}
        />
      ) : null}
      {tab === 'operations' ? <OperationsTab link={link} /> : null}
      {tab === 'groups' ? <GroupsTab link={link} tasks={tasks} settings={settings} /> : null}
      {tab === 'tasks' ? <TasksTab link={link} tasks={tasks} /> : null}
      {tab === 'history' ? <HistoryCharts history={history} labels={lagLabels} /> : null}
      {tab === 'timeline' ? (
        <Timeline events={events} topicHref={(topic) => mirrorHref(destination, link.name, topic)} />
      ) : null}
      {tab === 'access' ? <AccessTab link={link} /> : null}
      {tab === 'rights' ? <RightsTab link={link} /> : null}
      {tab === 'settings' ? <SettingsTable link={link} settings={settings} /> : null}
    </>
  );
}

function LinkSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <div className="flex h-[132px] items-center gap-2 rounded-lg border bg-panel px-6">
        <Bar className="h-16 w-48 max-md:w-20" />
        <Bar className="h-1 flex-1" />
        <Bar className="h-16 w-48 max-md:w-20" />
      </div>
      <div className="grid h-[92px] grid-cols-2 gap-4 rounded-lg border bg-panel p-4 md:grid-cols-5">
        {['w-24', 'w-20', 'w-28', 'w-16', 'w-32'].map((width) => (
          <Bar key={width} className={`${width} h-6`} />
        ))}
      </div>
      <div className="rounded-lg border bg-panel">
        <TableSkeleton rows={10} widths={['flex-1', 'w-12', 'w-40', 'w-24', 'w-24']} />
      </div>
    </div>
  );
}
