// Runs the console of the demo as a process of its own, with both clusters in its landbridge.yaml.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { KafkaCluster } from '@/harness/cluster';

const READY_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 10_000;

export type DemoKey = { id: string; secret: string };

export class DemoConsole {
  readonly address: string;
  /** Of this start only: the console's bootstrap key, with which the demo creates its link. */
  readonly key: DemoKey;
  #child: ChildProcess;
  #logFile: string;

  private constructor(child: ChildProcess, address: string, logFile: string, key: DemoKey) {
    this.key = key;
    this.#child = child;
    this.address = address;
    this.#logFile = logFile;
  }

  /** Resolves with the code when the console ends, whoever ended it. */
  get ended(): Promise<number | null> {
    if (this.#child.exitCode !== null) return Promise.resolve(this.#child.exitCode);
    return new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)));
  }

  /** Starts the process only. */
  static async launch(
    root: string,
    dir: string,
    port: number,
    clusters: readonly KafkaCluster[],
  ): Promise<DemoConsole> {
    const configFile = join(dir, 'landbridge.yaml');
    const logFile = join(dir, 'console.log');
    await mkdir(dir, { recursive: true });
    await writeFile(configFile, configuration(clusters));
    const key: DemoKey = { id: 'demo', secret: randomBytes(32).toString('base64url') };
    // It holds the link to sign in with.
    const log = openSync(logFile, 'w', 0o600);
    const child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
      cwd: root,
      // A group of its own: Ctrl-C reaches the demo only, which ends its parts in order.
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: String(port),
        LANDBRIDGE_CONFIG: configFile,
        LANDBRIDGE_DATA_DIR: join(dir, 'data'),
        // Of this demo only, and removed with it.
        LANDBRIDGE_SECRET_KEY: '',
        LANDBRIDGE_SECRET_KEY_FILE: join(dir, 'secret.key'),
        LANDBRIDGE_DEMO: '1',
        LANDBRIDGE_API_KEY: key.id,
        LANDBRIDGE_API_SECRET: key.secret,
        // Whoever plays with keys in the demo keeps it startable.
        LANDBRIDGE_KEEP_BOOTSTRAP_KEY: '1',
      },
    });
    closeSync(log);
    return new DemoConsole(child, `http://127.0.0.1:${port}`, logFile, key);
  }

  /** The link that signs in once; the plain address where the demo's account has been given a password. */
  get entrance(): string {
    return /^Sign in to the demo: (http\S+)$/m.exec(readFileSync(this.#logFile, 'utf8'))?.[1] ?? this.address;
  }

  /** As a person would: SIGTERM, and SIGKILL when it hangs. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** @throws with the end of its log when it ends or does not answer */
  async untilReady(): Promise<void> {
    const deadline = Date.now() + READY_LIMIT_MS;
    let last = 'no answer yet';
    while (Date.now() < deadline) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`The console ended while starting.\n${this.#endOfLog()}`);
      }
      try {
        const response = await fetch(`${this.address}/readyz`, { signal: AbortSignal.timeout(2_000) });
        last = `${response.status} ${(await response.text()).slice(0, 200)}`;
        if (response.ok) return;
      } catch (error) {
        last = error instanceof Error ? error.message : String(error);
      }
      await sleep(100);
    }
    throw new Error(
      `The console was not ready at ${this.address} after ${READY_LIMIT_MS / 1000} s: ${last}\n${this.#endOfLog()}`,
    );
  }

  #endOfLog(): string {
    return `--- end of ${this.#logFile}\n${readFileSync(this.#logFile, 'utf8').slice(-3_000)}`;
  }
}

function configuration(clusters: readonly KafkaCluster[]): string {
  const entries = clusters.map(({ name, bootstrap }) => ({ name, bootstrapServers: bootstrap.split(',') }));
  return `# Written by the demo at each start.\n${stringify({ clusters: entries })}`;
}
