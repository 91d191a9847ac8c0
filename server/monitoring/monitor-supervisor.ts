// The data thread as the rest of the server has it: supervised, told what to watch, asked typed questions, its words scrubbed.
import {
  type FromMonitor,
  fromMonitor,
  type MonitorAnswers,
  type MonitorRequest,
  type ToMonitor,
} from '@/lib/contracts/monitoring/thread';
import { scrub, scrubAll } from '@/server/access/scrub';
import type { Log } from '@/server/log';
import { type SpawnThread, ThreadSupervisor } from '@/server/threads/thread-supervisor';
import { type MonitorPort, monitoringUnavailable, monitorQuestions } from './monitor-port';

export type SpawnMonitor = SpawnThread<ToMonitor>;

type Options = {
  spawn: SpawnMonitor;
  log: Log;
  /** What is to be watched now; sent first to each new thread. */
  desired: () => ToMonitor;
  /** The thread asks for the numbers of links. */
  onLinksWanted: () => void;
  /** It asks for what /metrics tells of them. */
  onExposedWanted: () => void;
};

export class MonitorSupervisor implements MonitorPort {
  readonly #thread: ThreadSupervisor<ToMonitor, FromMonitor>;
  readonly #questions = monitorQuestions();

  constructor({ spawn, log, desired, onLinksWanted, onExposedWanted }: Options) {
    this.#thread = new ThreadSupervisor<ToMonitor, FromMonitor>({
      name: 'monitoring',
      spawn,
      log,
      parse: (raw) => fromMonitor.safeParse(raw),
      stopMessage: { type: 'stop' },
      onStart: async (post) => post(desired()),
      onMessage: (message) => {
        if (message.type === 'answer')
          this.#questions.answer(message.id, {
            ...message,
            value: scrubAll(message.value),
            error: message.error === null ? null : scrub(message.error),
          });
        else if (message.type === 'log') log(message.level, `monitoring: ${message.message}`);
        else if (message.type === 'linksWanted') onLinksWanted();
        else if (message.type === 'exposedWanted') onExposedWanted();
        else if (message.type === 'stopped') this.#thread.settled();
      },
      onGone: (reason) => this.#questions.failAll(reason),
    });
  }

  get status() {
    return this.#thread.status;
  }

  start(): void {
    this.#thread.start();
  }

  post(message: ToMonitor): void {
    this.#thread.post(message);
  }

  ask<Op extends MonitorRequest['op']>(
    request: Extract<MonitorRequest, { op: Op }>,
  ): Promise<MonitorAnswers[Op]> {
    const { trouble } = this.#thread;
    if (trouble !== null) return Promise.reject(monitoringUnavailable(reasons[trouble]));
    return this.#questions.ask<Op>(request, (id, asked) =>
      this.#thread.post({ type: 'request', id, request: asked }),
    );
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }
}

const reasons = {
  STOPPING: 'The server is stopping.',
  NOT_RUNNING: 'Monitoring is not running.',
  SILENT: 'Monitoring does not answer.',
};
