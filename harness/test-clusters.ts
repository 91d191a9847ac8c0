// Clusters for vitest suites. Their folders, with all logs, stay when a test of the suite fails, and the path is printed.
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type ClusterOptions, type KafkaCluster, startCluster } from './cluster';
import { freePorts } from './ports';
import { TcpProxy } from './tcp-proxy';

/**
 * A cluster of this suite alone: for tests that kill, pause or reconfigure brokers.
 * @returns a getter for use inside tests and hooks
 */
export function suiteCluster(options: ClusterOptions = {}): () => KafkaCluster {
  let cluster: KafkaCluster | undefined;
  beforeAll(async () => {
    cluster = await startCluster(options);
  });
  keepLogsOfFailures(() => cluster);
  afterAll(() => cluster?.stop());
  return getter(() => cluster);
}

/** A cluster of this suite alone with a proxy in front of each broker. @returns getters: the cluster, and the proxy of a broker */
export function proxiedCluster(options: ClusterOptions = {}): {
  cluster: () => KafkaCluster;
  proxy: (brokerId: number) => TcpProxy;
} {
  let cluster: KafkaCluster | undefined;
  const proxies: TcpProxy[] = [];
  beforeAll(async () => {
    for (let i = 0; i < (options.brokers ?? 1); i++) proxies.push(await TcpProxy.start());
    const ports = await freePorts(proxies.length);
    for (const [i, proxy] of proxies.entries()) proxy.targetPort = ports[i] as number;
    cluster = await startCluster({ ...options, ports, advertisedPorts: proxies.map((p) => p.port) });
  });
  keepLogsOfFailures(() => cluster);
  afterAll(async () => {
    await cluster?.stop();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });
  const proxy = (brokerId: number) => proxies[brokerId - 1] as TcpProxy;
  return { cluster: getter(() => cluster), proxy };
}

// On globalThis: test files run one after the other in one process, but each may load this module anew.
const holder = globalThis as { [key: symbol]: Map<string, Promise<KafkaCluster>> | undefined };
const key = Symbol.for('landbridge.harness.shared-clusters');
holder[key] ??= new Map();
const sharedClusters = holder[key];

/**
 * A cluster that all suites asking for the same options share, and nobody stops (it ends with the process): for tests
 * that only need topics of their own. Leave its brokers alone and take names from `uniqueName`.
 */
export function sharedCluster(options: ClusterOptions = {}): () => KafkaCluster {
  let cluster: KafkaCluster | undefined;
  beforeAll(async () => {
    const id = JSON.stringify(options);
    const starting = sharedClusters.get(id) ?? startCluster(options);
    sharedClusters.set(id, starting);
    starting.catch(() => sharedClusters.delete(id));
    cluster = await starting;
  });
  keepLogsOfFailures(() => cluster);
  return getter(() => cluster);
}

let names = 0;
/** A topic, link or group name that no other test of this run has. */
export function uniqueName(prefix: string): string {
  names++;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${names}`;
}

function keepLogsOfFailures(cluster: () => KafkaCluster | undefined): void {
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') cluster()?.keepLogs();
  });
}

function getter(cluster: () => KafkaCluster | undefined): () => KafkaCluster {
  return () => {
    const started = cluster();
    if (!started) throw new Error('The cluster is not there before beforeAll has run.');
    return started;
  };
}
