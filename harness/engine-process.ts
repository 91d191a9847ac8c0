// An engine in a process of its own: killed, stopped and restarted by tests. Its facts are kept here, as its store would.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DesiredLink } from '@/lib/contracts/engine';
import { bundleEngine } from './engine-bundle';
import type { FromChild, Place, ToChild } from './engine-child';
import {
  CATCH_UP_LIMIT_MS,
  desiredLink,
  keepAcls,
  keepGroups,
  keepProgress,
  type LinkOptions,
  type OperationMessage,
  recalled,
  sourceEnds,
} from './link-under-test';
import { waitFor } from './wait-for';

type EngineEvent = { topic: string | null; partition: number | null; to: string; message: string | null };

/** Native packages are found from here; test runs at the same time keep to files of their own. */
const programFile = fileURLToPath(new URL(`../.cache/engine-child-${process.pid}.cjs`, import.meta.url));
/** Bundled once for all tests of a run. */
let program: string | null = null;
process.once('exit', () => program && rmSync(program, { force: true }));

export class EngineProcess {
  readonly desired: DesiredLink;
  readonly events: EngineEvent[] = [];
  readonly logs: string[] = [];
  /** What was kept of consumer groups, as by the store. */
  readonly groupMemory = new Map<string, string>();
  /** What was last said of the operation on each topic. */
  readonly operations = new Map<string, OperationMessage>();
  /** What becomes of what must be stored: stored and answered; stored, and the engine not told; or neither. */
  onOperation: ((message: OperationMessage) => 'answer' | 'keep' | 'lose') | null = null;
  readonly #tuning: LinkOptions['tuning'];
  readonly #source: LinkOptions['source'];
  #child: ChildProcess | null = null;
  #asked = 0;
  readonly #answers = new Map<number, (answer: Extract<FromChild, { kind: 'places' }>) => void>();

  constructor(options: LinkOptions) {
    this.desired = desiredLink(options);
    this.#source = options.source;
    this.#tuning = { unknownFateWaitMs: 1_500, ...options.tuning };
  }

  start(): void {
    // Without the test runner's own arguments.
    program ??= bundleEngine('harness/engine-child.ts', programFile);
    const child = fork(program, [JSON.stringify(this.#tuning)], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    child.on('message', (raw) => this.#receive(child, raw as FromChild));
    this.#send(child, {
      kind: 'engine',
      message: { type: 'desired', links: [structuredClone(this.desired)] },
    });
    // Whatever was clean before is not any more once an engine runs.
    this.desired.cleanStopEpoch = null;
  }

  /** Tells the engine what is wanted now. */
  send(): void {
    if (this.#child)
      this.#send(this.#child, {
        kind: 'engine',
        message: { type: 'desired', links: [structuredClone(this.desired)] },
      });
  }

  #send(child: ChildProcess, message: ToChild): void {
    if (child.connected) child.send(message, () => {});
  }

  #receive(child: ChildProcess, message: FromChild): void {
    if (message.kind === 'places') {
      this.#answers.get(message.id)?.(message);
      this.#answers.delete(message.id);
      return;
    }
    const said = message.message;
    if (said.type === 'event') this.events.push(said);
    if (said.type === 'log') this.logs.push(`${said.level} ${said.message}`);
    if (said.type === 'stopped') this.desired.cleanStopEpoch = said.epochs[this.desired.id] ?? null;
    if (said.type === 'persist') {
      const mirror = this.desired.mirrors.find((m) => m.topic === said.topic);
      if (mirror) {
        mirror.created = said.created ?? mirror.created;
        mirror.starts = said.starts ?? mirror.starts;
        mirror.sourceTopicId = said.sourceTopicId ?? mirror.sourceTopicId;
        mirror.consistentAt = said.consistentAt ?? mirror.consistentAt;
        mirror.advice = said.advice ?? mirror.advice;
      }
      this.#send(child, { kind: 'engine', message: { type: 'persisted', id: said.id, error: null } });
    }
    if (said.type === 'aclsHeld') {
      keepAcls(this.desired, said.held);
      this.#send(child, { kind: 'engine', message: { type: 'persisted', id: said.id, error: null } });
    }
    if (said.type === 'keepGroups') {
      keepGroups(this.groupMemory, said);
      this.#send(child, { kind: 'engine', message: { type: 'persisted', id: said.id, error: null } });
    }
    if (said.type === 'recallGroups')
      this.#send(child, {
        kind: 'engine',
        message: { type: 'groups', id: said.id, groups: recalled(this.groupMemory), error: null },
      });
    if (said.type === 'operation') {
      const fate = this.onOperation?.(said) ?? 'answer';
      if (fate === 'lose') return;
      this.operations.set(said.topic, said);
      keepProgress(this.desired, said);
      if (said.id !== null && fate === 'answer')
        this.#send(child, { kind: 'engine', message: { type: 'persisted', id: said.id, error: null } });
    }
  }

  /** Where the engine stands; null when it doesn't answer (it is stopped, or still starting). */
  places(): Promise<{ link: { state: string; message: string | null } | null; places: Place[] } | null> {
    const child = this.#child;
    if (!child?.connected) return Promise.resolve(null);
    const id = ++this.#asked;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), 1_000);
      this.#answers.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#send(child, { kind: 'places', id });
    });
  }

  /** Waits until every partition safely holds all that the source holds now. */
  async caughtUp(limitMs = CATCH_UP_LIMIT_MS): Promise<void> {
    const ends = await sourceEnds(this.desired, this.#source);
    let last: unknown = null;
    try {
      await waitFor(
        'the engine process catches up',
        async () => {
          const answer = await this.places();
          last = answer;
          if (!answer || answer.places.length === 0) return false;
          const failed = answer.places.find((p) => p.mode === 'FAILED');
          if (failed) throw new Error(`${failed.topic}-${failed.partition} failed: ${failed.message}`);
          return answer.places.every(
            (p) =>
              p.mode === 'RUNNING' && BigInt(p.highWatermark) >= (ends.get(p.topic)?.get(p.partition) ?? 0n),
          );
        },
        { limitMs },
      );
    } catch (error) {
      throw this.#withState(error as Error, last);
    }
  }

  #withState(error: Error, last: unknown): Error {
    const state = JSON.stringify(last)?.slice(0, 2_000);
    return new Error(`${error.message} ${state} ${this.logs.slice(-8).join(' | ')}`, { cause: error });
  }

  /** Waits until the mirror of each topic has gone on by so many offsets since this engine took it up. */
  async goesOn(by: number, topics: string[] = this.desired.mirrors.map((m) => m.topic)): Promise<void> {
    const began = new Map<string, bigint>();
    let last: Awaited<ReturnType<EngineProcess['places']>> = null;
    const moved = async () => {
      last = await this.places();
      const places = last?.places ?? [];
      return topics.every((topic) => {
        const parts = places.filter((p) => p.topic === topic);
        if (parts.length === 0 || parts.some((p) => p.mode !== 'RUNNING')) return false;
        const holds = parts.reduce((sum, p) => sum + BigInt(p.acked), 0n);
        const first = began.get(topic);
        if (first === undefined) began.set(topic, holds);
        return first !== undefined && holds >= first + BigInt(by);
      });
    };
    try {
      await waitFor(`the mirrors go on by ${by} offsets`, moved, { limitMs: 180_000, everyMs: 5 });
    } catch (error) {
      throw this.#withState(error as Error, last);
    }
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }
  /** SIGSTOP: the process stands still in the middle of whatever it does. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }
  resume(): void {
    this.#child?.kill('SIGCONT');
  }
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    this.#send(child, { kind: 'engine', message: { type: 'stop' } });
    await exited;
    this.#child = null;
  }
  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    this.#child = null;
  }
}
