// For tests: a runtime on a real store in a temporary directory, and a way to call route handlers as Next does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { Passwords } from '@/server/access/passwords';
import { defaultAudit } from '@/server/audit-config';
import { type Config, defaultRequestsPerSecond } from '@/server/config';
import type { SpawnEngine } from '@/server/engine-supervisor';
import { defaultMonitoring } from '@/server/health-config';
import type { RouteHandler, RouteParams } from '@/server/http/define-route';
import type { Times } from '@/server/intervals';
import type { ClusterWatch } from '@/server/monitoring/cluster-watch';
import { setRuntime } from '@/server/running';
import { createRuntime, type Runtime } from '@/server/runtime';
import { defaultSignIn } from '@/server/sign-in-config';
import { EngineMessages } from './engine-messages';
import { MonitorInProcess } from './monitor-in-process';

export const origin = 'http://127.0.0.1:3000';

/** May everything; requests carry it unless they say otherwise. */
export const testKey = { key: 'test-administrator', secret: 'of-the-test-server' };

export type TestServer = {
  runtime: Runtime;
  engine: EngineMessages;
  monitoring: MonitorInProcess;
  dataDir: string;
  logged: string[];
  /** Stops and starts again on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** @param spawn another engine than the one that only answers what a test tells it to */
export async function startTestServer(
  config: Partial<Config> = {},
  spawn?: SpawnEngine,
  clusters?: ClusterWatch,
  times?: Partial<Times>,
): Promise<TestServer> {
  const root = mkdtempSync(join(tmpdir(), 'landbridge-server-'));
  const full: Config = {
    host: '127.0.0.1',
    port: 3000,
    address: { origin, host: '127.0.0.1:3000', secure: false, exposed: false },
    dataDir: join(root, 'data'),
    configFile: null,
    clusters: [],
    outgoing: { allow: null },
    secretKey: { value: null, file: join(root, 'test.key'), dataDir: join(root, 'data') },
    signIn: defaultSignIn,
    audit: defaultAudit,
    monitoring: defaultMonitoring,
    apiKey: testKey,
    keepBootstrapKey: false,
    requestsPerSecond: defaultRequestsPerSecond,
    historyLimitBytes: 64 * 1_048_576,
    ...config,
  };
  const logged: string[] = [];
  const engine = new EngineMessages();
  const monitoring = new MonitorInProcess();
  if (clusters) monitoring.clusters = clusters;
  const start = async () => {
    const log = (level: string, message: string, error?: unknown) => {
      if (level !== 'debug') logged.push(`${level} ${message} ${error ?? ''}`);
    };
    const before = engine.received.length;
    // Hashes that are safe take 0.1 s each; that those of the product are is tested in access/passwords.test.ts.
    const passwords = new Passwords({ memoryCost: 8, timeCost: 1 });
    const spawnMonitor = monitoring.spawn;
    const runtime = await createRuntime({
      config: full,
      spawn: spawn ?? engine.spawn,
      ...{ spawnMonitor, log, passwords },
      ...(times && { times }),
    });
    setRuntime(runtime);
    const isUp = () => {
      if (runtime.hub) return;
      expect(runtime.engine.status).toBe('RUNNING');
      if (spawn) return;
      expect(engine.received.slice(before).some((message) => message.type === 'desired')).toBe(true);
    };
    await vi.waitFor(isUp, { interval: 5, timeout: 60_000 });
    return runtime;
  };
  const server: TestServer = {
    runtime: await start(),
    engine,
    monitoring,
    dataDir: full.dataDir,
    logged,
    async restart() {
      await server.runtime.stop();
      server.runtime = await start();
    },
    async close() {
      await server.runtime.stop();
      setRuntime(null);
      rmSync(root, { recursive: true, force: true });
    },
  };
  return server;
}

export type Call = {
  method?: string;
  body?: unknown;
  /** In place of what the console's own page would send. */
  headers?: Record<string, string>;
  /** Credentials (see actors.ts); null for none. Without `headers` it is `testKey` by default. */
  as?: Credentials | null;
  params?: RouteParams;
};
export type Credentials = { authorization: string } | { cookie: string };

/** As the console's own page would send it, unless `headers` say otherwise. */
export function requestOf(path: string, call: Call = {}): Request {
  const method = call.method ?? 'GET';
  const given = call.headers ?? { host: '127.0.0.1:3000', ...(method === 'GET' ? {} : { origin }) };
  const as = call.as === undefined && !call.headers ? basic(testKey.key, testKey.secret) : call.as;
  const headers = new Headers({ ...given, ...as });
  const body = typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
  return new Request(`${origin}${path}`, { method, headers, ...(call.body === undefined ? {} : { body }) });
}

export async function callRoute(handler: RouteHandler, path: string, call: Call = {}) {
  const response = await handler(requestOf(path, call), { params: Promise.resolve(call.params ?? {}) });
  const text = await response.text();
  const isJson = text !== '' && response.headers.get('content-type')?.startsWith('application/json');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : null,
  };
}

export const basic = (id: string, secret: string): Credentials => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
