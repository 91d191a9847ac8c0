// The hub that bench/hub.ts sends reports to, in a process of its own: real store, history, rules; web and data thread share one. Talks over IPC.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as reportsRoute from '@/app/api/health-reports/route';
import * as clustersRoute from '@/app/api/hub/clusters/route';
import * as consolesRoute from '@/app/api/hub/consoles/route';
import { Secret } from '@/server/access/secret';
import { defaultAudit } from '@/server/audit-config';
import { setRuntime } from '@/server/running';
import { createRuntime } from '@/server/runtime';
import { defaultSignIn } from '@/server/sign-in-config';
import { EngineMessages } from '@/server/testing/engine-messages';
import { MonitorInProcess } from '@/server/testing/monitor-in-process';
import { serveRoutes } from '@/server/testing/serve-routes';

const host = '127.0.0.1:3000';
const dataDir = mkdtempSync(join(tmpdir(), 'landbridge-bench-hub-'));
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
  spawnMonitor: new MonitorInProcess().spawn,
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
process.on('message', (message) => {
  if (message === 'begin') cpu = process.cpuUsage();
  else if (message === 'cost') {
    const { user, system } = process.cpuUsage(cpu);
    process.send?.({ cpuSeconds: (user + system) / 1e6, memoryBytes: process.memoryUsage.rss() });
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
