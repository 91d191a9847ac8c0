// The periodic tasks of one link: when each runs, that none runs twice at once, and what an operator sees of them. What a task does
// is its own (TaskWork); nothing here knows it.
import type { LinkTask, LinkTaskError, LinkTaskName, LinkTaskState } from '@/lib/contracts/link-task';
import type { LinkCore } from '../link-core';
import type { LinkCondition } from '../mirror-topic';

/** What one run has done or found. */
export type TaskReport = {
  errors: LinkTaskError[];
  /** A sentence for the operator; null when there was nothing to do. */
  said: string | null;
};

export type TaskWork = {
  readonly name: LinkTaskName;
  /** Read before each run: settings change while the link runs. */
  enabled(): boolean;
  intervalMs(): number;
  /** It only reads, and must know what happens while the link is paused or a side is away. */
  readonly always?: boolean;
  /** One run, from the live clusters; may be ended at any point and must then be done again whole. */
  run(): Promise<TaskReport>;
};

/** A task that fails as a whole is tried again this soon at the earliest. */
const FAILED_RETRY_MS = 5_000;

class PeriodicTask {
  readonly work: TaskWork;
  readonly #core: LinkCore;
  errors: LinkTaskError[] = [];
  said: string | null = null;
  lastRunAt: number | null = null;
  #notBeforeMs = 0;
  #running: Promise<void> | null = null;

  constructor(core: LinkCore, work: TaskWork) {
    this.#core = core;
    this.work = work;
  }

  get running(): boolean {
    return this.#running !== null;
  }
  get due(): boolean {
    return !this.running && performance.now() >= this.#notBeforeMs;
  }
  /** Wall-clock time of the next run by itself. */
  get nextRunAt(): number {
    return Date.now() + Math.max(0, Math.ceil(this.#notBeforeMs - performance.now()));
  }
  soon(): void {
    this.#notBeforeMs = 0;
  }

  /** A run that is under way is joined, not repeated. */
  run(): Promise<void> {
    this.#running ??= this.#once().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #once(): Promise<void> {
    const hadErrors = this.errors.length > 0;
    let waitMs = this.work.intervalMs();
    try {
      const report = await this.work.run();
      this.errors = report.errors;
      this.said = report.said;
    } catch (error) {
      if (this.#core.context.stopping) return;
      const message = (error as Error).message;
      this.errors = [{ code: codeOf(message), message: `${message}. Tried again by itself.` }];
      this.said = null;
      waitMs = Math.max(waitMs, FAILED_RETRY_MS);
      this.#core.context.log('debug', `${this.work.name}: ${(error as Error).stack}`);
    }
    this.lastRunAt = Date.now();
    this.#notBeforeMs = performance.now() + waitMs;
    const hasErrors = this.errors.length > 0;
    if (hadErrors !== hasErrors) this.#tell(hasErrors);
  }

  #tell(hasErrors: boolean): void {
    const { name } = this.work;
    const message = hasErrors ? `${name}: ${this.errors[0]?.message}` : `${name} works again.`;
    this.#core.ports.event(null, null, null, hasErrors ? 'TASK_IN_ERROR' : 'TASK_ACTIVE', message);
    this.#core.context.log(hasErrors ? 'warn' : 'info', message);
  }
}

export class LinkTasks {
  readonly #core: LinkCore;
  readonly #tasks: PeriodicTask[];

  constructor(core: LinkCore, works: readonly TaskWork[]) {
    this.#core = core;
    this.#tasks = works.map((work) => new PeriodicTask(core, work));
  }

  /** Starts what is due. @param condition nothing runs while the link can't work */
  tick(condition: LinkCondition): void {
    if (this.#core.context.stopping || this.#core.fatal) return;
    for (const task of this.#tasks)
      if (task.due && task.work.enabled() && (condition === 'OK' || task.work.always)) void task.run();
  }

  /** A setting has changed: what it is about is done at once. */
  settingsChanged(): void {
    for (const task of this.#tasks) task.soon();
  }

  /** Runs a task now, whatever its interval. @throws Error when the link has no such task, or it is switched off */
  async runNow(name: LinkTaskName, condition: LinkCondition): Promise<LinkTask> {
    const task = this.#tasks.find(({ work }) => work.name === name);
    if (!task?.work.enabled())
      throw new Error(`${name} is not switched on for link ${this.#core.desired.name}; see its settings`);
    if (condition !== 'OK')
      throw new Error(`Link ${this.#core.desired.name} does not run now (${condition}), so ${name} does not`);
    await task.run();
    return this.#view(task, condition);
  }

  views(condition: LinkCondition): LinkTask[] {
    return this.#tasks.map((task) => this.#view(task, condition));
  }

  #view(task: PeriodicTask, condition: LinkCondition): LinkTask {
    const state = stateOf(task, condition);
    const runs = state === 'ACTIVE' || state === 'IN_ERROR';
    return {
      name: task.work.name,
      state,
      errors: runs ? task.errors : [],
      running: task.running,
      lastRunAt: task.lastRunAt,
      said: task.said,
      nextRunAt: runs ? task.nextRunAt : null,
    };
  }
}

const STATE_UNDER: Partial<Record<LinkCondition, LinkTaskState>> = {
  FAILED: 'LINK_FAILED',
  SOURCE_UNAVAILABLE: 'LINK_UNAVAILABLE',
  PAUSED: 'LINK_PAUSED',
};

function stateOf(task: PeriodicTask, condition: LinkCondition): LinkTaskState {
  if (!task.work.enabled()) return 'NOT_CONFIGURED';
  return STATE_UNDER[condition] ?? (task.errors.length > 0 ? 'IN_ERROR' : 'ACTIVE');
}

/** What kafkajs and the wire client say of a refused call. */
function codeOf(message: string): string {
  return /AUTHORIZATION_FAILED/.test(message) ? 'AUTHORIZATION_ERROR' : 'INTERNAL_ERROR';
}
