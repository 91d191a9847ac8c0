// When tasks run and what is said of them. The clock is the real one; intervals are long, so that nothing comes due by itself.
import { describe, expect, it } from 'vitest';
import { waitFor } from '@/harness/wait-for';
import type { LinkTaskName } from '@/lib/contracts/link-task';
import type { LinkCore } from '../link-core';
import { LinkTasks, type TaskReport, type TaskWork } from './link-tasks';

function linkWith(run: () => Promise<TaskReport>, over: Partial<TaskWork> = {}) {
  const events: string[] = [];
  const core = {
    fatal: null,
    desired: { name: 'l' },
    context: { stopping: false, log: () => undefined },
    ports: { event: (...[, , , to, message]: unknown[]) => events.push(`${to}: ${message}`) },
  } as unknown as LinkCore;
  let runs = 0;
  const work: TaskWork = {
    name: 'AclSync' satisfies LinkTaskName,
    enabled: () => true,
    intervalMs: () => 3_600_000,
    run: () => {
      runs++;
      return run();
    },
    ...over,
  };
  const tasks = new LinkTasks(core, [work]);
  const idle = () => waitFor('the run to end', () => tasks.views('OK')[0]?.running === false);
  return { tasks, events, idle, runs: () => runs };
}
const nothing = { errors: [], said: null };

describe('a task of a link', () => {
  it('runs at once, then after its interval, and at once again when settings have changed', async () => {
    const { tasks, idle, runs } = linkWith(async () => nothing);
    tasks.tick('OK');
    await idle();
    tasks.tick('OK');
    expect(runs()).toBe(1);
    tasks.settingsChanged();
    tasks.tick('OK');
    await idle();
    expect(runs()).toBe(2);
  });

  it('is joined, not doubled, by who wants it now', async () => {
    let end = (_: TaskReport) => {};
    const { tasks, runs } = linkWith(() => new Promise((resolve) => (end = resolve)));
    tasks.tick('OK');
    const both = [tasks.runNow('AclSync', 'OK'), tasks.runNow('AclSync', 'OK')];
    end({ errors: [], said: 'Wrote 2 ACLs.' });
    expect((await Promise.all(both)).map(({ said }) => said)).toEqual(['Wrote 2 ACLs.', 'Wrote 2 ACLs.']);
    expect(runs()).toBe(1);
  });

  it('does not run under a link that cannot work, and has the state that says why', async () => {
    const { tasks, runs } = linkWith(async () => nothing);
    for (const [condition, state] of [
      ['PAUSED', 'LINK_PAUSED'],
      ['FAILED', 'LINK_FAILED'],
      ['SOURCE_UNAVAILABLE', 'LINK_UNAVAILABLE'],
    ] as const) {
      tasks.tick(condition);
      expect(tasks.views(condition)[0]).toMatchObject({ state, nextRunAt: null });
      await expect(tasks.runNow('AclSync', condition)).rejects.toThrow(condition);
    }
    expect(runs()).toBe(0);
  });

  it('that only reads goes on while the link is paused', async () => {
    const { tasks, idle, runs } = linkWith(async () => nothing, { always: true });
    tasks.tick('PAUSED');
    await idle();
    expect(runs()).toBe(1);
  });

  it('that is switched off is not configured, does not run, and refuses by name', async () => {
    const { tasks, runs } = linkWith(async () => nothing, { enabled: () => false });
    tasks.tick('OK');
    expect(tasks.views('OK')[0]?.state).toBe('NOT_CONFIGURED');
    await expect(tasks.runNow('AclSync', 'OK')).rejects.toThrow(/not switched on for link l/);
    await expect(tasks.runNow('AutoCreateMirror', 'OK')).rejects.toThrow(/AutoCreateMirror/);
    expect(runs()).toBe(0);
  });

  it('in error says so once, with the words of the broker, and once when it works again', async () => {
    let broken = true;
    const { tasks, idle, events } = linkWith(async () => {
      if (broken) throw new Error('reading ACLs on west failed: CLUSTER_AUTHORIZATION_FAILED');
      return nothing;
    });
    const again = async () => {
      tasks.settingsChanged();
      tasks.tick('OK');
      await idle();
    };
    await again();
    await again();
    expect(tasks.views('OK')[0]).toMatchObject({
      state: 'IN_ERROR',
      errors: [{ code: 'AUTHORIZATION_ERROR', message: expect.stringContaining('west') }],
    });
    broken = false;
    await again();
    expect(tasks.views('OK')[0]?.state).toBe('ACTIVE');
    expect(events).toEqual([expect.stringContaining('TASK_IN_ERROR'), 'TASK_ACTIVE: AclSync works again.']);
  });
});
