// The engine thread as the rest of the server has it: supervised, asked typed questions, its words scrubbed. Knows nothing of links.
import {
  type EngineAnswers,
  type EngineRequest,
  type FromEngine,
  fromEngine,
  type ToEngine,
} from '@/lib/contracts/engine';
import {
  type EnginePort,
  type EngineStatus,
  engineQuestions,
  engineUnavailable,
  silentReason,
} from './engine-port';
import { scrubbedMessage } from './engine-scrub';
import type { Log } from './log';
import { type SpawnThread, type ThreadHandle, ThreadSupervisor } from './threads/thread-supervisor';

export type EngineThread = ThreadHandle<ToEngine>;
export type SpawnEngine = SpawnThread<ToEngine>;

export type EngineListener = {
  /** Before the first message of a new engine: must leave the store fit for an engine that may die without a word. */
  onStart(post: (message: ToEngine) => void): Promise<void>;
  onMessage(
    message: Exclude<FromEngine, { type: 'heartbeat' | 'answer' }>,
    post: (message: ToEngine) => void,
  ): void;
};

export class EngineSupervisor implements EnginePort {
  readonly #thread: ThreadSupervisor<ToEngine, FromEngine>;
  readonly #listener: EngineListener;
  readonly #requests = engineQuestions();

  constructor({
    spawn,
    listener,
    log,
    restartMaxDelayMs,
  }: {
    spawn: SpawnEngine;
    listener: EngineListener;
    log: Log;
    restartMaxDelayMs?: number;
  }) {
    this.#listener = listener;
    this.#thread = new ThreadSupervisor<ToEngine, FromEngine>({
      name: 'engine',
      spawn,
      log,
      parse: (raw) => fromEngine.safeParse(raw),
      stopMessage: { type: 'stop' },
      onStart: (post) => listener.onStart(post),
      onMessage: (message, post) => this.#onMessage(message, post),
      onGone: (reason) => this.#requests.failAll(reason),
      ...(restartMaxDelayMs === undefined ? {} : { restartMaxDelayMs }),
    });
  }

  get status(): EngineStatus {
    return this.#thread.status;
  }

  start(): void {
    this.#thread.start();
  }

  post(message: ToEngine): void {
    this.#thread.post(message);
  }

  request<Op extends EngineRequest['op']>(
    request: Extract<EngineRequest, { op: Op }>,
  ): Promise<EngineAnswers[Op]> {
    const { trouble } = this.#thread;
    if (trouble !== null) return Promise.reject(engineUnavailable(reasons[trouble]));
    return this.#requests.ask<Op>(request, (id, asked) => this.post({ type: 'request', id, request: asked }));
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }

  #onMessage(data: FromEngine, post: (message: ToEngine) => void): void {
    const message = scrubbedMessage(data, data.type === 'answer' ? this.#requests.asked(data.id) : null);
    if (message.type === 'heartbeat') return;
    if (message.type === 'answer') {
      this.#requests.answer(message.id, message);
      return;
    }
    this.#listener.onMessage(message, post);
    if (message.type === 'stopped') this.#thread.settled();
  }
}

const reasons = {
  STOPPING: 'The server is stopping.',
  NOT_RUNNING: 'The engine is not running.',
  SILENT: silentReason,
};
