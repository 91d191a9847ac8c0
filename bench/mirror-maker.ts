// MirrorMaker 2 as its operators run it: standalone, from the harness's own jars, tuned for throughput, without the syncs that the engine isn't asked for either.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { propertiesText } from '@/harness/broker-properties';
import type { KafkaCluster } from '@/harness/cluster';
import { GuardedProcess } from '@/harness/guarded-process';
import { findJava } from '@/harness/java';
import { kafkaDistribution } from '@/harness/kafka-distribution';
import { workDir } from './engine-side';
import type { Side } from './side';

const STOP_LIMIT_MS = 20_000;

export async function startMirrorMaker(options: {
  source: KafkaCluster;
  destination: KafkaCluster;
  name: string;
  topic: string;
  codec: string;
  replication: number;
  heapMb: number;
}): Promise<Side> {
  const dir = join(workDir, options.name);
  await mkdir(dir, { recursive: true });
  const logFile = join(dir, 'mm2.log');
  await writeFile(join(dir, 'mm2.properties'), propertiesText(properties(options)));
  await writeFile(join(dir, 'log4j2.properties'), LOG4J_CONFIG);
  const [java, distribution] = await Promise.all([findJava(), kafkaDistribution()]);
  const startedMs = performance.now();
  const child = await GuardedProcess.start({
    command: java.command,
    args: [
      // kafka-run-class.sh's own JVM settings, and a heap that four tasks of 4 MiB fetches don't fill.
      ...['-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:InitiatingHeapOccupancyPercent=35'],
      ...['-Xms256m', `-Xmx${options.heapMb}m`, '-Djava.awt.headless=true'],
      ...[`-Dlog4j2.configurationFile=${join(dir, 'log4j2.properties')}`, `-Dlandbridge.log=${logFile}`],
      ...['-cp', distribution.classpath, 'org.apache.kafka.connect.mirror.MirrorMaker'],
      join(dir, 'mm2.properties'),
    ],
    outputFile: join(dir, 'jvm.log'),
    orphanGraceSeconds: 0,
  });
  return {
    ...{ pid: child.pid, startedMs, mirrorTopic: `${options.name}.${options.topic}`, logFile },
    running: () => child.running,
    stop: async () => {
      child.signal('SIGTERM');
      if (!(await child.waitForExit(STOP_LIMIT_MS))) child.signal('SIGKILL');
    },
  };
}

function properties(options: Parameters<typeof startMirrorMaker>[0]): Record<string, string> {
  const replication = String(options.replication);
  // The source's alias names mirror topics and stored positions: with one of its own, every run begins from nothing.
  const alias = options.name;
  return {
    clusters: `${alias}, destination`,
    [`${alias}.bootstrap.servers`]: options.source.bootstrap,
    'destination.bootstrap.servers': options.destination.bootstrap,
    [`${alias}->destination.enabled`]: 'true',
    [`${alias}->destination.topics`]: options.topic,
    [`destination->${alias}.enabled`]: 'false',
    'tasks.max': '4',

    [`${alias}.consumer.max.partition.fetch.bytes`]: String(4 * 1024 * 1024),
    'destination.producer.batch.size': String(256 * 1024),
    'destination.producer.linger.ms': '5',
    'destination.producer.compression.type': options.codec,

    'replication.factor': replication,
    'offset-syncs.topic.replication.factor': replication,
    'offset.storage.replication.factor': replication,
    'config.storage.replication.factor': replication,
    'status.storage.replication.factor': replication,
    'heartbeats.topic.replication.factor': replication,
    'checkpoints.topic.replication.factor': replication,
    'emit.heartbeats.enabled': 'false',
    'emit.checkpoints.enabled': 'false',
    'sync.topic.acls.enabled': 'false',
    'sync.topic.configs.enabled': 'false',
  };
}

const LOG4J_CONFIG = `rootLogger.level=INFO
rootLogger.appenderRef.file.ref=file
appender.file.type=File
appender.file.name=file
appender.file.fileName=\${sys:landbridge.log}
appender.file.append=false
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=[%d] %p %m (%c)%n
`;
