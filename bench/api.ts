// How fast the list endpoints answer from a synthetic snapshot: 8 clients over HTTP, snapshots arriving each second. Prints one JSON line.
// Without Next in between: it adds its own 2–5 ms of CPU a request. Run: npx tsx bench/api.ts [--mirrors 1000] [--partitions 4]
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as mirrorsRoute from '@/app/api/links/[destination]/[name]/mirrors/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as linksRoute from '@/app/api/links/route';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import { Secret } from '@/server/access/secret';
import { defaultAudit } from '@/server/audit-config';
import { defaultMonitoring } from '@/server/health-config';
import { setRuntime } from '@/server/running';
import { createRuntime } from '@/server/runtime';
import { defaultSignIn } from '@/server/sign-in-config';
import { EngineMessages } from '@/server/testing/engine-messages';
import { MonitorInProcess } from '@/server/testing/monitor-in-process';
import { snapshotOf } from '@/server/testing/snapshots';

const { values } = parseArgs({
  options: {
    mirrors: { type: 'string', default: '1000' },
    partitions: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '10' },
  },
});
const mirrorCount = Number(values.mirrors);
const partitionCount = Number(values.partitions);
const clients = 8;

const dataDir = mkdtempSync(join(tmpdir(), 'landbridge-bench-'));
const engine = new EngineMessages();
const runtime = await createRuntime({
  config: {
    host: '127.0.0.1',
    port: 1,
    address: { origin: 'http://127.0.0.1:1', host: '127.0.0.1:1', secure: false, exposed: false },
    dataDir,
    configFile: null,
    clusters: [],
    outgoing: { allow: null },
    secretKey: { value: new Secret(randomBytes(32).toString('hex')), file: '', dataDir },
    signIn: defaultSignIn,
    audit: defaultAudit,
    monitoring: defaultMonitoring,
    apiKey: null,
    keepBootstrapKey: false,
    // The bench asks as fast as it can.
    requestsPerSecond: 1_000_000,
    historyLimitBytes: 64 * 1_048_576,
  },
  spawn: engine.spawn,
  spawnMonitor: new MonitorInProcess().spawn,
  log: (level, message, error) => level === 'error' && console.error(message, error),
});
setRuntime(runtime);
const me = { kind: 'system' } as const;
for (const name of ['west', 'east']) {
  await runtime.clusters.add(me, {
    name,
    bootstrapServers: [`${name}:9092`],
    security: { protocol: 'PLAINTEXT' },
  });
}
const topics = Array.from({ length: mirrorCount }, (_, index) => `business.domain.topic-${index}`);
const createdAt = performance.now();
const { link } = await runtime.links.create(
  me,
  {
    name: 'bench',
    source: 'west',
    destination: 'east',
    settings: {},
    topics,
    mirrorOptions: { replicationFactor: null, configs: {} },
  },
  { validateOnly: false },
);
const createMs = performance.now() - createdAt;
const id = link?.id ?? '';

let tick = 0;
const ingestMs: number[] = [];
function ingest(at: number): void {
  tick++;
  const mirrors = topics.map((topic, index) => ({
    topic,
    numbers: Array.from({ length: partitionCount }, (_, partition) => ({
      stable: BigInt(1_000_000 * tick + partition),
      end: BigInt(1_000_000 * tick - (index % 97)),
      lagSeconds: (index % 97) / 10,
      lagBytes: BigInt(index * 100),
      bytesTotal: BigInt(tick * index * 1_000),
      recordsTotal: BigInt(tick * index),
    })),
  }));
  const snapshot = snapshotOf(at, [{ id, mirrors }]);
  const from = performance.now();
  engine.say(snapshot);
  ingestMs.push(performance.now() - from);
}
// A full hour of history first, so that trends are as long as they get.
const start = Date.now() - 3_600_000;
for (let at = start; at < Date.now(); at += 10_000) {
  ingest(at);
  runtime.metrics.tick(at, true);
}
ingestMs.length = 0;
const live = setInterval(() => ingest(Date.now()), 1_000);

const params = { destination: 'east', name: 'bench' };
const endpoints: Record<string, (request: Request) => Promise<Response>> = {
  '/api/links': (request) => linksRoute.GET(request, { params: Promise.resolve({}) }),
  '/api/links/east/bench': (request) => linkRoute.GET(request, { params: Promise.resolve(params) }),
  '/api/links/east/bench/mirrors': (request) =>
    mirrorsRoute.GET(request, { params: Promise.resolve(params) }),
  '/kafka/v3/clusters/id-of-east/links/bench/mirrors': (request) => rest.GET(request),
};
const { key, secret } = await runtime.keys.create(me, {
  name: 'bench',
  grant: { role: 'viewer', scope: { kind: 'everywhere' } },
  expiresAt: null,
});
const authorization = `Bearer ${key.id}.${secret}`;
const server = createServer((incoming, outgoing) => {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1:1');
  const request = new Request(url, { headers: { host: '127.0.0.1:1', authorization } });
  const handler = endpoints[url.pathname];
  if (!handler) throw new Error(`No handler for ${url.pathname}`);
  handler(request)
    .then(async (response) => outgoing.writeHead(response.status).end(await response.text()))
    .catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

const paths = [
  '/api/links',
  '/api/links/east/bench',
  '/api/links/east/bench/mirrors?limit=100',
  '/api/links/east/bench/mirrors?limit=500&sort=lagSeconds&filter=topic-1',
  '/kafka/v3/clusters/id-of-east/links/bench/mirrors',
];
const results: Record<string, object> = {};
for (const path of paths) results[path] = await measure(path);
clearInterval(live);

console.log(
  JSON.stringify({
    mirrors: mirrorCount,
    partitions: partitionCount,
    clients,
    createLinkMs: round(createMs),
    ingestMs: quantiles(ingestMs),
    memoryMb: round(process.memoryUsage().rss / 1e6),
    results,
  }),
);
server.close();
await runtime.stop();
rmSync(dataDir, { recursive: true, force: true });

async function measure(path: string) {
  const times: number[] = [];
  let bytes = 0;
  const until = performance.now() + (Number(values.seconds) * 1_000) / paths.length;
  const client = async () => {
    while (performance.now() < until) {
      const from = performance.now();
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      bytes = (await response.text()).length;
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { requests: times.length, bytes, ...quantiles(times) };
}

function quantiles(times: number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
