// Health → Channels: where alerts can be sent, and which of them go where.
'use client';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { useActions } from '@/components/actions/actions-provider';
import { useChannels, useRoutes } from '@/components/health/changes';
import { HealthTabs } from '@/components/health/health-tabs';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { Empty } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import { AddChannel } from './channel-form';
import { ChannelRow } from './channel-row';
import { RoutesPanel } from './routes-editor';

export function ChannelsPage() {
  const channels = useChannels();
  const routes = useRoutes();
  const whyNot = useWhyNot()('administrator', everywhere);
  const [adding, setAdding] = useState(false);
  const actions = useMemo(
    (): Action[] => [
      {
        id: 'channel.add',
        label: 'Add an alert channel',
        group: 'This page',
        icon: Plus,
        keywords: 'webhook slack teams mail pagerduty notify',
        disabledWhy: whyNot,
        perform: () => setAdding(true),
      },
    ],
    [whyNot],
  );
  useActions(actions);
  return (
    <Page>
      <PageHeader
        title="Channels"
        actions={
          <GuardedButton kind="primary" whyNot={whyNot} onClick={() => setAdding(true)}>
            <Plus aria-hidden size={15} />
            Add a channel
          </GuardedButton>
        }
      />
      <HealthTabs here="channels" />
      <QueryView
        query={channels}
        what="the channels"
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={4} widths={['w-2.5', 'w-40', 'flex-1', 'w-40']} />
          </div>
        }
      >
        {(data) => (
          <>
            {data.channels.length === 0 ? (
              <Empty title="No channels yet">
                A channel is a webhook, a Slack or Teams channel, an e-mail address or a PagerDuty service.
                Routes then say which alerts go there. Until then alerts are only shown here.
              </Empty>
            ) : (
              <Panel title="Channels" id="channels">
                <ul className="divide-y">
                  {data.channels.map((channel) => (
                    <ChannelRow
                      key={channel.id}
                      channel={channel}
                      whyNot={whyNot}
                      routes={
                        routes.data
                          ? routes.data.routes.filter((route) => route.channels.includes(channel.id)).length
                          : null
                      }
                    />
                  ))}
                </ul>
              </Panel>
            )}
            <QueryView
              query={routes}
              what="the routes"
              skeleton={
                <div className="overflow-clip rounded-lg border bg-panel">
                  <TableSkeleton rows={2} widths={['w-24', 'flex-1', 'w-40']} />
                </div>
              }
            >
              {({ routes: list }) => <RoutesPanel routes={list} channels={data.channels} whyNot={whyNot} />}
            </QueryView>
          </>
        )}
      </QueryView>
      {adding ? <AddChannel onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}
