// The hub that bench/hub.ts sends reports to, in a process of its own: real store, history, rules, and a data thread as the product has it. Talks over IPC.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import * as reportsRoute from '@/app/api/health-reports/route';
import * as clustersRoute from '@/app/api/hub/clusters/route';
import * as consolesRoute from '@/app/api/hub/consoles/route';
import { bundleEngine } from '@/harness/engine-bundle';
import { Secret } from '@/server/access/secret';
import { defaultAudit } from '@/server/audit-config';
import type { MonitorStart } from '@/server/monitoring/monitor-start';
import type { SpawnMonitor } from '@/server/monitoring/monitor-supervisor';
import { setRuntime } from '@/server/running';
import { createRuntime } from '@/server/runtime';
import { defaultSignIn } from '@/server/sign-in-config';
import { EngineMessages } from '@/server/testing/engine-messages';
import { serveRoutes } from '@/server/testing/serve-routes';
import { endNativeCalls, nativeCalls } from '@/server/threads/native-calls';

const host = '127.0.0.1:3000';
const dataDir = mkdtempSync(join(tmpdir(), 'landbridge-bench-hub-'));
const program = bundleEngine(
  'server/monitoring/data.worker.ts',
  join(process.cwd(), '.cache/bench/data-worker.cjs'),
  ['libsql'],
);
let dataThread: Worker | null = null;
const spawnMonitor =
  (start: MonitorStart): SpawnMonitor =>
  (events) => {
    const calls = nativeCalls();
    const worker = new Worker(program, { workerData: { outgoing: { allow: null }, calls, ...start } });
    worker.on('message', events.onMessage);
    worker.on('error', events.onError);
    worker.on('exit', events.onExit);
    dataThread = worker;
    return {
      post: (message) => worker.postMessage(message),
      terminate: () => endNativeCalls(calls, 2_000).then(() => worker.terminate()),
    };
  };
const runtime = await createRuntime({
  config: {
    host: '127.0.0.1',
    port: 3000,
    address: { origin: `http://${host}`, host, secure: false, exposed: false },
    dataDir,
    configFile: null,
    clusters: [],
    outgoing: { allow: null },
    secretKey: { value: new Secret(randomBytes(32).toString('hex')), file: '', dataDir },
    signIn: defaultSignIn,
    audit: defaultAudit,
    monitoring: { mode: 'hub', report: null, otlp: null, dashboardUrl: null },
    apiKey: null,
    keepBootstrapKey: false,
    requestsPerSecond: 1_000,
    historyLimitBytes: 1_073_741_824,
  },
  spawn: new EngineMessages().spawn,
  spawnMonitor,
  log: (level, message, error) => level === 'error' && console.error(message, error),
});
setRuntime(runtime);
const me = { kind: 'system' } as const;
const tokens: string[] = [];
for (let i = 0; i < Number(process.argv[2]); i++)
  tokens.push((await runtime.hub?.senders.create(me, `console-${i}`))?.token ?? '');
const viewer = await runtime.keys.create(me, {
  name: 'bench',
  grant: { role: 'viewer', scope: { kind: 'everywhere' } },
  expiresAt: null,
});
const front = await serveRoutes(
  {
    'POST /api/health-reports': reportsRoute.POST,
    'GET /api/hub/consoles': consolesRoute.GET,
    'GET /api/hub/clusters': clustersRoute.GET,
  },
  host,
);
// Whoever started it is gone: nobody else would end it.
process.on('disconnect', () => process.exit(1));
let cpu = process.cpuUsage();
const busy = () => ({
  web: performance.eventLoopUtilization(),
  data: dataThread?.performance.eventLoopUtilization(),
});
let begun = busy();
process.on('message', (message) => {
  if (message === 'begin') {
    cpu = process.cpuUsage();
    begun = busy();
  } else if (message === 'cost') {
    const { user, system } = process.cpuUsage(cpu);
    process.send?.({
      ...{ cpuSeconds: (user + system) / 1e6, memoryBytes: process.memoryUsage.rss() },
      webThread: performance.eventLoopUtilization(begun.web).utilization,
      dataThread: begun.data && dataThread?.performance.eventLoopUtilization(begun.data).utilization,
    });
  } else if (message === 'stop') {
    void runtime
      .stop()
      .then(() => front.close())
      .then(() => {
        rmSync(dataDir, { recursive: true, force: true });
        process.exit(0);
      });
  }
});
process.send?.({ origin: front.origin, tokens, viewer: `${viewer.key.id}.${viewer.secret}` });
