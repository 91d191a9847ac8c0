// Real Kafka clusters for tests, the demo and the bench: 1–3 KRaft brokers on loopback, gone when this process is.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Broker } from './broker';
import { brokerProperties } from './broker-properties';
import { classArchive } from './class-archive';
import { choosePorts, loadSavedCluster, saveCluster, waitForPreviousBroker } from './cluster-folder';
import { type TemporaryDir, temporaryDir } from './guarded-process';
import { DEFAULT_KAFKA_VERSION, kafkaDistribution } from './kafka-distribution';
import { type ExternalListeners, externalListeners } from './listeners';
import { formatStorage, randomKafkaId } from './storage-format';

const START_ATTEMPTS = 3;

export type ClusterOptions = {
  /** Shown in errors and in the folder's name. */
  name?: string;
  brokers?: 1 | 2 | 3;
  version?: string;
  /** server.properties that differ from the harness's own. */
  properties?: Record<string, string>;
  /** Kept, and used again with its data, cluster id and ports; without it a temporary folder is removed at the end. */
  dir?: string;
  /** Client ports, one for each broker; without them free ones are taken. */
  ports?: number[];
  /** What clients are told instead of the brokers' own ports, one for each broker: ports of proxies in front of them. */
  advertisedPorts?: number[];
  /** A further listener with SASL PLAIN over plain TCP; user name → password. Single broker only. */
  saslPlain?: { users: Record<string, string> };
  /** A further listener with TLS, its certificate signed by a test CA. Single broker only. */
  tls?: boolean;
  heapMb?: number;
  /** For the demo and the bench: the full compiler, which starts slower and then runs faster. */
  longRunning?: boolean;
};

/**
 * Starts a cluster and waits until every broker serves and sees all the others.
 * @throws naming what is missing (Java, Maven, a free port), or with the end of the broker's log.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<KafkaCluster> {
  const count = options.brokers ?? 1;
  if ((options.saslPlain || options.tls) && count !== 1)
    throw new Error('SASL and TLS listeners of the harness exist for single-broker clusters only.');
  if (options.ports && options.ports.length !== count)
    throw new Error(`${options.ports.length} ports were given for ${count} brokers.`);
  const name = options.name ?? 'cluster';
  const temporary = options.dir ? undefined : temporaryDir(`landbridge-${name}-`);
  const dir = options.dir ? resolve(options.dir) : (temporary as TemporaryDir).path;
  for (let attempt = 1; ; attempt++) {
    try {
      return await startIn(dir, temporary, name, count, options);
    } catch (error) {
      // Somebody else took the port between our look and the broker's bind: other ports.
      const portLost = error instanceof Error && /BindException|Address already in use/.test(error.message);
      if (options.ports || !portLost || attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startIn(
  dir: string,
  temporary: TemporaryDir | undefined,
  name: string,
  count: number,
  options: ClusterOptions,
): Promise<KafkaCluster> {
  await mkdir(dir, { recursive: true });
  const saved = await loadSavedCluster(dir, count);
  const version = options.version ?? saved?.version ?? DEFAULT_KAFKA_VERSION;
  const distribution = await kafkaDistribution(version);
  const archive = await classArchive(distribution);
  const nodeDirs = Array.from({ length: count }, (_, i) => join(dir, `node-${i + 1}`));
  await Promise.all(nodeDirs.map((nodeDir) => waitForPreviousBroker(nodeDir)));
  const ports = await choosePorts(options.ports, saved?.ports, count);
  const controllerPorts = await choosePorts(undefined, saved?.controllerPorts, count);
  const clusterId = saved?.clusterId ?? randomKafkaId();
  const all = nodeDirs.map((_, i) => ({
    id: i + 1,
    port: ports[i] as number,
    controllerPort: controllerPorts[i] as number,
  }));
  const external = await externalListeners(distribution.cacheDir, options);
  const brokers = await Promise.all(
    all.map(async ({ id, port }, i) => {
      const nodeDir = nodeDirs[i] as string;
      const dataDir = join(nodeDir, 'data');
      if (!existsSync(join(dataDir, 'meta.properties')))
        await formatStorage(distribution, { id, dataDir, clusterId });
      return new Broker({
        id,
        port,
        nodeDir,
        clusterId,
        distribution,
        expectedBrokers: count,
        temporary: !options.dir,
        jvmArgs: jvmArgs(archive, options),
        properties: brokerProperties({
          id,
          dataDir,
          brokers: all,
          advertisedPort: options.advertisedPorts?.[i],
          extraListeners: external.listeners,
          overrides: options.properties ?? {},
        }),
      });
    }),
  );
  await saveCluster(dir, { clusterId, version, ports, controllerPorts });
  const cluster = new KafkaCluster({ name, clusterId, dir, temporary, brokers, external });
  try {
    await Promise.all(brokers.map((broker) => broker.launch()));
    await Promise.all(brokers.map((broker) => broker.waitUntilReady()));
  } catch (error) {
    await Promise.all(brokers.map((broker) => broker.kill()));
    throw error;
  }
  return cluster;
}

function jvmArgs(archive: string, options: ClusterOptions): string[] {
  const heapMb = options.heapMb ?? 256;
  return [
    ...[`-Xms${Math.min(heapMb, 128)}m`, `-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-XX:-UsePerfData'],
    ...(options.longRunning ? [] : ['-XX:TieredStopAtLevel=1']),
    ...['-Xlog:cds=off', '-Xlog:cds+dynamic=off', `-XX:SharedArchiveFile=${archive}`],
  ];
}

export class KafkaCluster {
  readonly name: string;
  readonly clusterId: string;
  /** "127.0.0.1:p1,127.0.0.1:p2": the plaintext listeners. */
  readonly bootstrap: string;
  readonly dir: string;
  readonly brokers: readonly Broker[];
  /** Set when the cluster was started with `saslPlain`. */
  readonly saslBootstrap: string | undefined;
  /** Set when the cluster was started with `tls`. */
  readonly tlsBootstrap: string | undefined;
  /** PEM file of the test CA that signed the TLS listener's certificate. */
  readonly caFile: string | undefined;
  #temporary: TemporaryDir | undefined;
  #keepLogs = false;

  constructor(parts: {
    name: string;
    clusterId: string;
    dir: string;
    temporary: TemporaryDir | undefined;
    brokers: Broker[];
    external: ExternalListeners;
  }) {
    this.name = parts.name;
    this.clusterId = parts.clusterId;
    this.dir = parts.dir;
    this.brokers = parts.brokers;
    this.bootstrap = parts.brokers.map((b) => `127.0.0.1:${b.port}`).join(',');
    this.saslBootstrap = parts.external.saslBootstrap;
    this.tlsBootstrap = parts.external.tlsBootstrap;
    this.caFile = parts.external.caFile;
    this.#temporary = parts.temporary;
    if (process.env.LANDBRIDGE_KEEP_CLUSTERS) this.keepLogs();
  }

  /** The broker with this id. */
  broker(id: number): Broker {
    const found = this.brokers.find((b) => b.id === id);
    if (!found)
      throw new Error(
        `Cluster ${this.name} has brokers ${this.brokers.map((b) => b.id).join(', ')}, not ${id}.`,
      );
    return found;
  }

  /** Keeps the folder of a temporary cluster beyond `stop`, because a test failed; its path is printed. LANDBRIDGE_KEEP_CLUSTERS=1 keeps all. */
  keepLogs(): void {
    if (this.#keepLogs || !this.#temporary) return;
    this.#keepLogs = true;
    this.#temporary.keep();
    console.error(`Keeping the brokers' logs of cluster ${this.name}: ${this.dir}`);
  }

  /** A kept cluster is shut down; a temporary one is killed, since its data has no further use, and removed. */
  async stop(): Promise<void> {
    if (!this.#temporary) {
      await Promise.all(this.brokers.map((broker) => broker.stop()));
      return;
    }
    await Promise.all(this.brokers.map((broker) => broker.kill()));
    if (!this.#keepLogs) await this.#temporary.remove();
  }
}
