// Consumer groups of a link: which are kept in step on the destination, and why the others are not. One group has its own view behind it.
'use client';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { onLink, useWhyNot } from '@/components/access/use-me';
import { failureFrom } from '@/components/shell/api-client';
import { useUrlState } from '@/components/shell/use-url-state';
import type { LinkRow } from '@/lib/contracts/link';
import type { LinkTask } from '@/lib/contracts/link-task';
import { useRunTask } from '../queries';
import { GroupFilters } from './group-filters';
import { GroupView } from './group-view';
import { GroupsTable } from './groups-table';

export type GroupSettings = { enabled: boolean; filters: string };

export function GroupsTab({
  link,
  tasks,
  settings,
}: {
  link: LinkRow;
  tasks: LinkTask[];
  settings: { key: string; value: string | null }[];
}) {
  const group = useUrlState().params.get('group');
  const whyNot = useWhyNot()('operator', onLink(link));
  const [editing, setEditing] = useState(false);
  const run = useRunTask(link.destination.name, link.name);
  const settingOf = (key: string) => settings.find((setting) => setting.key === key)?.value ?? '';
  const present: GroupSettings = {
    enabled: settingOf('consumer.offset.sync.enable') === 'true',
    filters: settingOf('consumer.offset.group.filters'),
  };
  const buttons = (
    <>
      <GuardedButton whyNot={whyNot} onClick={() => setEditing(true)}>
        {present.enabled ? 'Filters…' : 'Set up…'}
      </GuardedButton>
      {present.enabled ? (
        <GuardedButton
          whyNot={whyNot}
          disabled={run.isPending}
          onClick={() => run.mutate('ConsumerOffsetSync')}
        >
          {run.isPending ? 'Syncing…' : 'Sync now'}
        </GuardedButton>
      ) : null}
    </>
  );
  return (
    <>
      <Refusal failure={failureFrom(run.error)} />
      {group === null ? (
        <GroupsTable
          link={link}
          task={tasks.find(({ name }) => name === 'ConsumerOffsetSync')}
          buttons={buttons}
        />
      ) : (
        <GroupView link={link} group={group} />
      )}
      {editing ? <GroupFilters link={link} present={present} onClose={() => setEditing(false)} /> : null}
    </>
  );
}
