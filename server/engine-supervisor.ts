// Starts the engine thread, watches its heartbeat, starts it again with back-off, and stops it in time. Knows nothing of links.
import {
  type EngineAnswers,
  type EngineRequest,
  type FromEngine,
  fromEngine,
  type ToEngine,
} from '@/lib/contracts/engine';
import {
  type EnginePort,
  EngineRequests,
  type EngineStatus,
  engineUnavailable,
  silentReason,
} from './engine-port';
import { scrubbedMessage } from './engine-scrub';
import {
  engineHealthyAfterMs,
  engineRestartAfterSilentMs,
  engineRestartFirstDelayMs,
  engineRestartJitter,
  engineRestartMaxDelayMs,
  engineSilentAfterMs,
  engineStartLimitMs,
  engineStopLimitMs,
  engineWatchIntervalMs,
} from './intervals';
import type { Log } from './log';

export type EngineThread = { post(message: ToEngine): void; terminate(): Promise<unknown> };
export type ThreadEvents = { onMessage(raw: unknown): void; onError(error: Error): void; onExit(): void };
export type SpawnEngine = (events: ThreadEvents) => EngineThread;

export type EngineListener = {
  /** Before the first message of a new engine: must leave the store fit for an engine that may die without a word. */
  onStart(post: (message: ToEngine) => void): Promise<void>;
  onMessage(
    message: Exclude<FromEngine, { type: 'heartbeat' | 'answer' }>,
    post: (message: ToEngine) => void,
  ): void;
};

type Run = { thread: EngineThread; startedAt: number; lastHeardAt: number; heard: boolean; gone: boolean };

export class EngineSupervisor implements EnginePort {
  readonly #spawn: SpawnEngine;
  readonly #listener: EngineListener;
  readonly #log: Log;
  readonly #requests = new EngineRequests();
  #run: Run | null = null;
  #watch: NodeJS.Timeout | null = null;
  #restart: NodeJS.Timeout | null = null;
  #lastWatchAt = 0;
  #failures = 0;
  #stopping = false;
  #onStopped: (() => void) | null = null;

  constructor(options: { spawn: SpawnEngine; listener: EngineListener; log: Log }) {
    this.#spawn = options.spawn;
    this.#listener = options.listener;
    this.#log = options.log;
  }

  get status(): EngineStatus {
    const run = this.#run;
    if (run === null) return this.#failures > 0 ? 'SILENT' : 'STARTING';
    if (!run.heard) return this.#failures > 0 ? 'SILENT' : 'STARTING';
    return performance.now() - run.lastHeardAt > engineSilentAfterMs ? 'SILENT' : 'RUNNING';
  }

  start(): void {
    this.#lastWatchAt = performance.now();
    this.#watch = setInterval(() => this.#look(), engineWatchIntervalMs);
    this.#watch.unref();
    this.#launch();
  }

  /** Sends to the running engine; a new one gets its desired state at its start, so nothing is queued for it here. */
  post(message: ToEngine): void {
    if (this.#run !== null && !this.#run.gone) this.#run.thread.post(message);
  }

  request<Op extends EngineRequest['op']>(
    request: Extract<EngineRequest, { op: Op }>,
  ): Promise<EngineAnswers[Op]> {
    if (this.#stopping) return Promise.reject(engineUnavailable('The server is stopping.'));
    if (this.#run === null) return Promise.reject(engineUnavailable('The engine is not running.'));
    if (this.status === 'SILENT') return Promise.reject(engineUnavailable(silentReason));
    return this.#requests.ask<Op>(request, (message) => this.post(message));
  }

  /** Tells the engine to settle and waits for its word, at most `engineStopLimitMs`; what is open then is left to its resume rule. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#watch) clearInterval(this.#watch);
    if (this.#restart) clearTimeout(this.#restart);
    const run = this.#run;
    if (run === null) return;
    const stopped = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), engineStopLimitMs);
      this.#onStopped = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    this.post({ type: 'stop' });
    if (!(await stopped)) this.#log('warn', `The engine has not settled within ${engineStopLimitMs} ms.`);
    run.gone = true;
    this.#run = null;
    this.#requests.failAll('The server is stopping.');
    await run.thread.terminate();
  }

  #launch(): void {
    this.#restart = null;
    const now = performance.now();
    const run: Run = { thread: noThread, startedAt: now, lastHeardAt: now, heard: false, gone: false };
    try {
      run.thread = this.#spawn({
        onMessage: (raw) => this.#receive(run, raw),
        onError: (error) => this.#log('error', 'The engine thread failed.', error),
        onExit: () => this.#ended(run, 'The engine thread has ended.'),
      });
    } catch (error) {
      this.#log('error', 'The engine thread cannot be started.', error);
      this.#ended(run, 'The engine thread cannot be started.');
      return;
    }
    this.#run = run;
    this.#listener
      .onStart((message) => this.#postTo(run, message))
      .catch((error: unknown) => {
        this.#log('error', 'The desired state cannot be read from the store.', error);
        this.#kill(run, 'The desired state cannot be read from the store.');
      });
  }

  #receive(run: Run, raw: unknown): void {
    if (run.gone) return;
    const parsed = fromEngine.safeParse(raw);
    if (!parsed.success) {
      this.#log('error', 'A message of the engine has the wrong shape and is dropped.', parsed.error);
      return;
    }
    run.lastHeardAt = performance.now();
    run.heard = true;
    const { data } = parsed;
    const message = scrubbedMessage(data, data.type === 'answer' ? this.#requests.asked(data.id) : null);
    if (message.type === 'heartbeat') return;
    if (message.type === 'answer') {
      this.#requests.answer(message.id, message);
      return;
    }
    this.#listener.onMessage(message, (reply) => this.#postTo(run, reply));
    if (message.type === 'stopped') this.#onStopped?.();
  }

  #postTo(run: Run, message: ToEngine): void {
    if (!run.gone) run.thread.post(message);
  }

  /** One look a second. A machine that was suspended has suspended the engine too: its silence starts anew. */
  #look(): void {
    const now = performance.now();
    const run = this.#run;
    if (now - this.#lastWatchAt > 3 * engineWatchIntervalMs && run) run.lastHeardAt = now;
    this.#lastWatchAt = now;
    if (run === null || this.#stopping) return;
    if (run.heard && now - run.startedAt > engineHealthyAfterMs) this.#failures = 0;
    const silentMs = now - run.lastHeardAt;
    const limitMs = run.heard ? engineSilentAfterMs + engineRestartAfterSilentMs : engineStartLimitMs;
    if (silentMs > limitMs)
      this.#kill(run, `The engine has been silent for ${Math.round(silentMs / 1000)} s.`);
  }

  #kill(run: Run, reason: string): void {
    if (run.gone) return;
    // The next engine starts only when this thread is surely gone.
    run.thread.terminate().then(
      () => this.#ended(run, reason),
      (error: unknown) => this.#log('error', 'The engine thread cannot be ended.', error),
    );
  }

  #ended(run: Run, reason: string): void {
    if (run.gone || this.#stopping) {
      if (this.#stopping) this.#onStopped?.();
      return;
    }
    run.gone = true;
    this.#run = null;
    this.#requests.failAll(reason);
    const delayMs = restartDelayMs(this.#failures++, Math.random());
    this.#log('error', `${reason} Starting it again in ${Math.round(delayMs)} ms.`);
    this.#restart = setTimeout(() => this.#launch(), delayMs);
    this.#restart.unref();
  }
}

/** @param random 0 to 1: the jitter */
export function restartDelayMs(failures: number, random: number): number {
  const delay = Math.min(engineRestartMaxDelayMs, engineRestartFirstDelayMs * 2 ** Math.min(failures, 20));
  return delay * (1 - engineRestartJitter + 2 * engineRestartJitter * random);
}

const noThread: EngineThread = { post: () => undefined, terminate: () => Promise.resolve() };
