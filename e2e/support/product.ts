// The built product as a user starts it (scripts/start.mjs), on a free port with its own data folder.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@/harness/ports';
import { waitFor } from '@/harness/wait-for';
import { admin } from './admin';

const script = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));
const START_LIMIT_MS = 150_000;
const STOP_LIMIT_MS = 20_000;

export class Product {
  readonly url: string;
  readonly #port: number;
  readonly #dataDir: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #output = '';

  private constructor(port: number, dataDir: string, env: Readonly<Record<string, string>>) {
    this.#port = port;
    this.#env = env;
    this.#dataDir = dataDir;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts on an empty store and waits until it is ready. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<Product> {
    const port = env.PORT === undefined ? (await freePorts(1))[0]! : Number(env.PORT);
    const product = new Product(port, await mkdtemp(join(tmpdir(), 'landbridge-e2e-')), env);
    await product.launch();
    return product;
  }

  /** Starts again with the same store and port. */
  async launch(): Promise<void> {
    const child = spawn(process.execPath, [script], {
      env: {
        ...process.env,
        PORT: String(this.#port),
        LANDBRIDGE_DATA_DIR: this.#dataDir,
        LANDBRIDGE_SECRET_KEY: '',
        LANDBRIDGE_SECRET_KEY_FILE: `${this.#dataDir}.key`,
        HOST: '127.0.0.1',
        LANDBRIDGE_ADMIN_PASSWORD: admin.password,
        ...this.#env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    await waitFor(
      `the product at ${this.url}`,
      async () => {
        if (child.exitCode !== null)
          throw new Error(`The product ended with code ${child.exitCode} while starting:\n${this.#output}`);
        return this.#answers();
      },
      { limitMs: START_LIMIT_MS, everyMs: 100 },
    );
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false; // not listening yet
    }
  }

  /** SIGTERM, as a service manager does, and waits for the end. The store stays. @returns exit code, and how long it took */
  async end(): Promise<{ code: number | null; ms: number }> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return { code: child?.exitCode ?? null, ms: 0 };
    const askedAt = performance.now();
    child.kill('SIGTERM');
    await waitFor('the product to end', () => child.exitCode !== null || child.signalCode !== null, {
      limitMs: STOP_LIMIT_MS,
    });
    return { code: child.exitCode, ms: performance.now() - askedAt };
  }

  /** As a machine that loses its power ends it: the server has no time to write anything down. */
  async kill(): Promise<void> {
    const child = this.#child;
    for (const pid of this.serverPids()) process.kill(pid, 'SIGKILL');
    await waitFor('the product to end', () => child?.exitCode !== null || child.signalCode !== null, {
      limitMs: STOP_LIMIT_MS,
    });
  }

  /** Of the server, which start.mjs has started. @throws when it does not run */
  serverPids(): number[] {
    const starter = this.#child?.pid;
    if (!starter) throw new Error('The product is not running.');
    const servers = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, parent]) => (pid !== undefined && parent === starter ? [pid] : []));
    if (servers.length === 0) throw new Error('The server of the product was not found.');
    return servers;
  }

  /** As a service manager tells that landbridge.yaml was edited. */
  hangUp(): void {
    this.#child?.kill('SIGHUP');
  }

  /** Ends it and removes its store. */
  async dispose(): Promise<void> {
    await this.end();
    await rm(this.#dataDir, { recursive: true, force: true });
    await rm(`${this.#dataDir}.key`, { force: true });
  }

  get output(): string {
    return this.#output;
  }
}
