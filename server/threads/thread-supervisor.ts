// Starts a worker thread, watches its heartbeat, starts it again with back-off, and stops it in time. Knows nothing of what it does.
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
} from '@/server/intervals';
import type { Log } from '@/server/log';

export type ThreadStatus = 'STARTING' | 'RUNNING' | 'SILENT';
export type ThreadHandle<In> = { post(message: In): void; terminate(): Promise<unknown> };
export type ThreadEvents = { onMessage(raw: unknown): void; onError(error: Error): void; onExit(): void };
export type SpawnThread<In> = (events: ThreadEvents) => ThreadHandle<In>;

type Parsed<Out> = { success: true; data: Out } | { success: false; error: unknown };
export type Supervised<In, Out> = {
  /** As it is called in the log: "engine". */
  name: string;
  spawn: SpawnThread<In>;
  parse(raw: unknown): Parsed<Out>;
  stopMessage: In;
  /** Before the first message of a new thread: must leave the store fit for a thread that may die without a word. */
  onStart(post: (message: In) => void): Promise<void>;
  /** Of all messages but the heartbeat. `stopped` is told by calling `settled`. */
  onMessage(message: Out, post: (message: In) => void): void;
  /** It is gone, and answers nothing that it was asked. */
  onGone(reason: string): void;
  log: Log;
  /** How long a thread that fails again and again is waited with at most. */
  restartMaxDelayMs?: number;
};

type Run<In> = {
  thread: ThreadHandle<In>;
  startedAt: number;
  lastHeardAt: number;
  heard: boolean;
  gone: boolean;
};

export class ThreadSupervisor<In, Out extends { type: string }> {
  readonly #of: Supervised<In, Out>;
  #run: Run<In> | null = null;
  #watch: NodeJS.Timeout | null = null;
  #restart: NodeJS.Timeout | null = null;
  #lastWatchAt = 0;
  #failures = 0;
  #stopping = false;
  #onStopped: (() => void) | null = null;

  constructor(of: Supervised<In, Out>) {
    this.#of = of;
  }

  get status(): ThreadStatus {
    const run = this.#run;
    if (run === null || !run.heard) return this.#failures > 0 ? 'SILENT' : 'STARTING';
    return performance.now() - run.lastHeardAt > engineSilentAfterMs ? 'SILENT' : 'RUNNING';
  }

  /** Why nothing can be asked of it now; null: it can. */
  get trouble(): 'STOPPING' | 'NOT_RUNNING' | 'SILENT' | null {
    if (this.#stopping) return 'STOPPING';
    if (this.#run === null) return 'NOT_RUNNING';
    return this.status === 'SILENT' ? 'SILENT' : null;
  }

  start(): void {
    this.#lastWatchAt = performance.now();
    this.#watch = setInterval(() => this.#look(), engineWatchIntervalMs);
    this.#watch.unref();
    this.#launch();
  }

  /** Sends to the running thread; a new one gets its desired state at its start, so nothing is queued for it here. */
  post(message: In): void {
    if (this.#run !== null && !this.#run.gone) this.#run.thread.post(message);
  }

  /** The thread says that it has settled. */
  settled(): void {
    this.#onStopped?.();
  }

  /** Tells the thread to settle and waits for its word, at most `engineStopLimitMs`; what is open then is left to its resume rule. */
  async stop(): Promise<void> {
    const { name, log, stopMessage } = this.#of;
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
    this.post(stopMessage);
    if (!(await stopped)) log('warn', `The ${name} has not settled within ${engineStopLimitMs} ms.`);
    run.gone = true;
    this.#run = null;
    this.#of.onGone('The server is stopping.');
    await run.thread.terminate();
  }

  #launch(): void {
    const { name, log, spawn, onStart } = this.#of;
    this.#restart = null;
    const now = performance.now();
    const run: Run<In> = { thread: noThread, startedAt: now, lastHeardAt: now, heard: false, gone: false };
    try {
      run.thread = spawn({
        onMessage: (raw) => this.#receive(run, raw),
        onError: (error) => log('error', `The ${name} thread failed.`, error),
        onExit: () => this.#ended(run, `The ${name} thread has ended.`),
      });
    } catch (error) {
      log('error', `The ${name} thread cannot be started.`, error);
      this.#ended(run, `The ${name} thread cannot be started.`);
      return;
    }
    this.#run = run;
    onStart((message) => this.#postTo(run, message)).catch((error: unknown) => {
      log('error', 'The desired state cannot be read from the store.', error);
      this.#kill(run, 'The desired state cannot be read from the store.');
    });
  }

  #receive(run: Run<In>, raw: unknown): void {
    if (run.gone) return;
    const parsed = this.#of.parse(raw);
    if (!parsed.success) {
      this.#of.log(
        'error',
        `A message of the ${this.#of.name} has the wrong shape and is dropped.`,
        parsed.error,
      );
      return;
    }
    run.lastHeardAt = performance.now();
    run.heard = true;
    if (parsed.data.type === 'heartbeat') return;
    this.#of.onMessage(parsed.data, (reply) => this.#postTo(run, reply));
  }

  #postTo(run: Run<In>, message: In): void {
    if (!run.gone) run.thread.post(message);
  }

  /** One look a second. A machine that was suspended has suspended the thread too: its silence starts anew. */
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
      this.#kill(run, `The ${this.#of.name} has been silent for ${Math.round(silentMs / 1000)} s.`);
  }

  #kill(run: Run<In>, reason: string): void {
    if (run.gone) return;
    // The next one starts only when this thread is surely gone.
    run.thread.terminate().then(
      () => this.#ended(run, reason),
      (error: unknown) => this.#of.log('error', `The ${this.#of.name} thread cannot be ended.`, error),
    );
  }

  #ended(run: Run<In>, reason: string): void {
    if (run.gone || this.#stopping) {
      if (this.#stopping) this.#onStopped?.();
      return;
    }
    run.gone = true;
    this.#run = null;
    this.#of.onGone(reason);
    const delayMs = restartDelayMs(this.#failures++, Math.random(), this.#of.restartMaxDelayMs);
    this.#of.log('error', `${reason} Starting it again in ${Math.round(delayMs)} ms.`);
    this.#restart = setTimeout(() => this.#launch(), delayMs);
    this.#restart.unref();
  }
}

/** @param random 0 to 1: the jitter */
export function restartDelayMs(failures: number, random: number, maxMs = engineRestartMaxDelayMs): number {
  const delay = Math.min(maxMs, engineRestartFirstDelayMs * 2 ** Math.min(failures, 20));
  return delay * (1 - engineRestartJitter + 2 * engineRestartJitter * random);
}

const noThread: ThreadHandle<never> = { post: () => undefined, terminate: () => Promise.resolve() };
