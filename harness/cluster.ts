// Real Kafka clusters for tests, the demo and the bench: 1–3 KRaft brokers on loopback, gone when this process is.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setScramUser } from './access';
import { Broker } from './broker';
import { brokerProperties } from './broker-properties';
import { classArchive } from './class-archive';
import { choosePorts, loadSavedCluster, saveCluster, waitForPreviousBroker } from './cluster-folder';
import { type TemporaryDir, temporaryDir } from './guarded-process';
import { DEFAULT_KAFKA_VERSION, kafkaDistribution } from './kafka-distribution';
import { SecuredCluster } from './secured-cluster';
import {
  type ClusterSecurity,
  prepareSecurity,
  type SecurityOptions,
  securedBroker,
  usesZooKeeper,
} from './security';
import { formatStorage, randomKafkaId } from './storage-format';
import { ZooKeeper } from './zookeeper';

const START_ATTEMPTS = 3;

export type ClusterOptions = {
  /** Shown in errors and in the folder's name. */
  name?: string;
  brokers?: 1 | 2 | 3;
  version?: string;
  /** server.properties that differ from the harness's own. */
  properties?: Record<string, string>;
  /** broker.rack of each broker; consumers may then read from the replica in their own. */
  racks?: string[];
  /** Kept, and used again with its data, cluster id and ports; without it a temporary folder is removed at the end. */
  dir?: string;
  /** Client ports, one for each broker; without them free ones are taken. */
  ports?: number[];
  /** What clients are told instead of the brokers' own ports, one for each broker: ports of proxies in front of them. */
  advertisedPorts?: number[];
  /** Further listeners with sign-in and TLS, and ACLs; see `cluster.security`. */
  security?: SecurityOptions;
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
  const withZooKeeper = usesZooKeeper(version);
  if (withZooKeeper && options.dir)
    throw new Error(
      `Kafka ${version} runs with ZooKeeper, whose data the harness does not keep: leave dir out.`,
    );
  const archive = withZooKeeper ? null : await classArchive(distribution);
  const nodeDirs = Array.from({ length: count }, (_, i) => join(dir, `node-${i + 1}`));
  await Promise.all(nodeDirs.map((nodeDir) => waitForPreviousBroker(nodeDir)));
  const ports = await choosePorts(options.ports, saved?.ports, count);
  const controllerPorts = await choosePorts(undefined, saved?.controllerPorts, count);
  const clusterId = withZooKeeper ? null : (saved?.clusterId ?? randomKafkaId());
  const all = nodeDirs.map((_, i) => ({
    id: i + 1,
    port: ports[i] as number,
    controllerPort: controllerPorts[i] as number,
  }));
  const security = options.security ? await prepareSecurity(options.security, count, version) : null;
  const zookeeper = withZooKeeper ? await ZooKeeper.start(distribution, join(dir, 'zookeeper')) : null;
  const brokers = await Promise.all(
    all.map(async ({ id, port }, i) => {
      const nodeDir = nodeDirs[i] as string;
      const dataDir = join(nodeDir, 'data');
      await mkdir(nodeDir, { recursive: true });
      const secured = security ? await securedBroker(security, i, nodeDir) : null;
      if (clusterId !== null && !existsSync(join(dataDir, 'meta.properties')))
        await formatStorage(distribution, { id, dataDir, clusterId });
      return new Broker({
        id,
        port,
        nodeDir,
        clusterId,
        distribution,
        expectedBrokers: count,
        temporary: !options.dir,
        jvmArgs: [...jvmArgs(archive, options), ...(secured?.jvmArgs ?? [])],
        properties: brokerProperties({
          id,
          dataDir,
          brokers: all,
          advertisedPort: options.advertisedPorts?.[i],
          extraListeners: secured?.listeners ?? [],
          zookeeper: zookeeper?.address,
          overrides: { ...secured?.properties, ...rackOf(options.racks?.[i]), ...options.properties },
        }),
      });
    }),
  );
  if (clusterId !== null) await saveCluster(dir, { clusterId, version, ports, controllerPorts });
  try {
    await Promise.all(brokers.map((broker) => broker.launch()));
    await Promise.all(brokers.map((broker) => broker.waitUntilReady()));
  } catch (error) {
    await Promise.all(brokers.map((broker) => broker.kill()));
    await Promise.all([zookeeper?.kill(), security?.tokenServer?.close()]);
    throw error;
  }
  const cluster = new KafkaCluster({ name, dir, temporary, brokers, zookeeper, security });
  for (const [user, password] of Object.entries(options.security?.scramUsers ?? {}))
    await setScramUser({ bootstrap: cluster.bootstrap, user, password });
  return cluster;
}

const rackOf = (rack: string | undefined): Record<string, string> =>
  rack === undefined
    ? {}
    : {
        'broker.rack': rack,
        'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
      };

function jvmArgs(archive: string | null, options: ClusterOptions): string[] {
  const heapMb = options.heapMb ?? 256;
  return [
    ...[`-Xms${Math.min(heapMb, 128)}m`, `-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-XX:-UsePerfData'],
    ...(options.longRunning ? [] : ['-XX:TieredStopAtLevel=1']),
    ...(archive === null
      ? []
      : ['-Xlog:cds=off', '-Xlog:cds+dynamic=off', `-XX:SharedArchiveFile=${archive}`]),
  ];
}

export class KafkaCluster {
  readonly name: string;
  readonly clusterId: string;
  /** "127.0.0.1:p1,127.0.0.1:p2": the plaintext listeners. */
  readonly bootstrap: string;
  readonly dir: string;
  readonly brokers: readonly Broker[];
  /** Listeners, certificates and tokens of a cluster that was started with `security`. */
  readonly #security: SecuredCluster | null;
  readonly #zookeeper: ZooKeeper | null;
  #temporary: TemporaryDir | undefined;
  #keepLogs = false;

  constructor(parts: {
    name: string;
    dir: string;
    temporary: TemporaryDir | undefined;
    brokers: Broker[];
    zookeeper: ZooKeeper | null;
    security: ClusterSecurity | null;
  }) {
    this.name = parts.name;
    this.dir = parts.dir;
    this.brokers = parts.brokers;
    this.clusterId = parts.brokers[0]?.clusterId ?? '';
    this.bootstrap = parts.brokers.map((b) => `127.0.0.1:${b.port}`).join(',');
    this.#zookeeper = parts.zookeeper;
    this.#security = parts.security && new SecuredCluster(parts.security, parts.brokers, this.bootstrap);
    this.#temporary = parts.temporary;
    if (process.env.LANDBRIDGE_KEEP_CLUSTERS) this.keepLogs();
  }

  /** @throws when the cluster was started without `security` */
  get security(): SecuredCluster {
    if (!this.#security) throw new Error(`Cluster ${this.name} was started without security.`);
    return this.#security;
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
    await this.#security?.close();
    if (!this.#temporary) {
      await Promise.all(this.brokers.map((broker) => broker.stop()));
      return;
    }
    await Promise.all(this.brokers.map((broker) => broker.kill()));
    await this.#zookeeper?.kill();
    if (!this.#keepLogs) await this.#temporary.remove();
  }
}
