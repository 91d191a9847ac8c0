// The periodic work of a link besides records: each task's state, last and next run, what it did, and what is wrong.
'use client';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { onLink, useWhyNot } from '@/components/access/use-me';
import { Age } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { Panel } from '@/components/ui/panel';
import type { LinkRow } from '@/lib/contracts/link';
import type { LinkTask, LinkTaskName } from '@/lib/contracts/link-task';
import { useRunTask } from './queries';
import { StateBadge } from './state-badge';
import { TaskNextRun } from './task-next-run';

const about: Record<LinkTaskName, { title: string; does: string; setting: string | null }> = {
  ConsumerOffsetSync: {
    title: 'Consumer offsets',
    does: 'Brings positions of consumer groups over, with the same numbers.',
    setting: 'consumer.offset.sync.enable',
  },
  AutoCreateMirror: {
    title: 'Auto-created mirrors',
    does: 'Mirrors new source topics that the filters let through.',
    setting: 'auto.create.mirror.topics.enable',
  },
  AclSync: { title: 'ACLs', does: 'Brings ACLs of the source over.', setting: 'acl.sync.enable' },
  TopicConfigsSync: {
    title: 'Topic configs',
    does: 'Follows the configs of source topics, and sets back what others change on mirrors.',
    setting: null,
  },
};

export function TasksTab({ link, tasks }: { link: LinkRow; tasks: LinkTask[] }) {
  const whyNot = useWhyNot()('operator', onLink(link));
  const run = useRunTask(link.destination.name, link.name);
  return (
    <Panel title="Tasks" id="tasks">
      <Refusal failure={failureFrom(run.error)} />
      {tasks.length === 0 ? (
        <p className="px-4 py-3 text-soft">The engine has not reported this link’s tasks yet.</p>
      ) : (
        <ul className="divide-y">
          {tasks.map((task) => (
            <Task
              key={task.name}
              task={task}
              whyNot={whyNot}
              pending={run.isPending && run.variables === task.name}
              onRun={() => run.mutate(task.name)}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Task({
  task,
  whyNot,
  pending,
  onRun,
}: {
  task: LinkTask;
  whyNot: string | null;
  pending: boolean;
  onRun: () => void;
}) {
  const { title, does, setting } = about[task.name];
  const off = task.state === 'NOT_CONFIGURED';
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-3 md:grid-cols-[minmax(0,1fr)_170px_190px_96px] md:items-start">
      <div className="min-w-0">
        <h3 className="font-medium">
          {title} <span className="font-mono text-[13px] font-normal text-soft">{task.name}</span>
        </h3>
        <p className="text-soft">
          {does}
          {off && setting ? (
            <>
              {' '}
              Switched on by <code className="font-mono text-[13px]">{setting}</code>.
            </>
          ) : null}
        </p>
        {task.said ? <p>{task.said}</p> : null}
        {task.errors.length > 0 ? (
          <ul className="mt-1 flex flex-col gap-1">
            {task.errors.slice(0, SHOWN).map(({ code, message }) => (
              <li key={`${code} ${message}`} className="break-words">
                <span className="font-mono text-[13px] text-bad">{code}</span> {message}
              </li>
            ))}
            {task.errors.length > SHOWN ? (
              <li className="text-soft">and {task.errors.length - SHOWN} more</li>
            ) : null}
          </ul>
        ) : null}
      </div>
      <StateBadge state={task.state} />
      <p className="text-soft">
        {task.lastRunAt === null ? 'No run yet' : <>Ran {<Age at={task.lastRunAt} />}</>}
        <TaskNextRun task={task} />
      </p>
      <GuardedButton
        size="small"
        whyNot={off ? `${setting} is false: switch it on under Settings first.` : whyNot}
        disabled={pending}
        aria-label={`Run ${task.name} now`}
        onClick={onRun}
      >
        {pending ? 'Running…' : 'Run now'}
      </GuardedButton>
    </li>
  );
}

const SHOWN = 5;
