// A child process that cannot outlive this one: it runs behind guard.sh, whose stdin is a pipe from here.
// And a temporary folder that cannot either. Neither keeps this process alive.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export type GuardedOptions = {
  command: string;
  args: string[];
  /** Beside what this process has in its own environment. */
  env?: Readonly<Record<string, string>>;
  /** stdout and stderr are appended to this file. */
  outputFile: string;
  /** Seconds between SIGTERM and SIGKILL when this process dies; 0 kills at once. */
  orphanGraceSeconds: number;
};

const guardScript = fileURLToPath(new URL('guard.sh', import.meta.url));
const sweepScript = fileURLToPath(new URL('sweep.sh', import.meta.url));

export class GuardedProcess {
  readonly pid: number;
  #guard: ChildProcess;
  #exited: Promise<void>;
  #running = true;

  private constructor(guard: ChildProcess, pid: number, exited: Promise<void>) {
    this.#guard = guard;
    this.pid = pid;
    this.#exited = exited.then(() => {
      this.#running = false;
    });
  }

  /** @throws when the command cannot be run; a command that ends by itself is seen by `running`. */
  static async start(options: GuardedOptions): Promise<GuardedProcess> {
    const output = openSync(options.outputFile, 'a');
    // A session of its own: Ctrl-C in a terminal reaches this process only, which decides in what order things end.
    const guard = spawn(
      'sh',
      [guardScript, String(options.orphanGraceSeconds), options.command, ...options.args],
      {
        stdio: ['pipe', output, output, 'pipe'],
        detached: true,
        env: { ...process.env, ...options.env },
      },
    );
    closeSync(output);
    const exited = new Promise<void>((resolve, reject) => {
      guard.once('error', reject);
      guard.once('exit', () => resolve());
    });
    const pidPipe = guard.stdio[3] as Readable;
    const [line] = (await Promise.race([
      once(pidPipe, 'data'),
      exited.then(() => Promise.reject(new Error(`sh could not run ${guardScript}.`))),
    ])) as [Buffer];
    pidPipe.destroy();
    unref(guard);
    return new GuardedProcess(guard, Number(line.toString().trim()), exited);
  }

  get running(): boolean {
    return this.#running;
  }

  signal(name: NodeJS.Signals): void {
    if (this.#running) process.kill(this.pid, name);
  }

  /** Waits until the process has ended. @returns false when it has not after `limitMs`. */
  async waitForExit(limitMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), limitMs);
    });
    this.#guard.ref();
    try {
      return await Promise.race([this.#exited.then(() => true), limit]);
    } finally {
      clearTimeout(timer);
      this.#guard.unref();
    }
  }
}

export type TemporaryDir = { path: string /** Removes it now. */; remove(): Promise<void>; keep(): void };

/** A folder under the system's temporary one that goes away with this process unless kept. */
export function temporaryDir(prefix: string): TemporaryDir {
  const path = mkdtempSync(join(tmpdir(), prefix));
  const sweeper = spawn('sh', [sweepScript, path], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  unref(sweeper);
  return {
    path,
    keep: () => void sweeper.kill('SIGKILL'),
    remove: async () => {
      sweeper.kill('SIGKILL');
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function unref(child: ChildProcess): void {
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
}
