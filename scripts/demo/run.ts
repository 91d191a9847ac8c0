// The demo's course: two clusters, traffic, the console, one link. Called by demo.mjs once the packages are there.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { type KafkaCluster, startCluster } from '@/harness/cluster';
import { keepFree } from '@/harness/ports';
import { registerCodecs } from './codecs';
import { DemoConsole } from './console';
import { LinkApi, type MirrorStatus } from './link';
import { Shop } from './shop';
import { loadState, saveState } from './state';
import { createTopics, TOPICS, writeHistory } from './topics';
import { Traffic } from './traffic';

const CLUSTERS_KNOWN_LIMIT_MS = 60_000;
const MIRRORS_ACTIVE_LIMIT_MS = 120_000;

export type DemoContext = {
  root: string;
  /** Where everything is kept between two starts. */
  dir: string;
  port: number;
  /** One line of progress. */
  step: (text: string) => void;
  /** Resolves when the console is built. */
  built: Promise<void>;
  /** Registers what must be ended, last first. Ends it at once when the demo is stopping already. */
  onStop: (what: string, end: () => Promise<void>) => Promise<void>;
};

/** @returns the address that signs in to the console, and a promise that ends with the console. */
export async function runDemo(
  context: DemoContext,
): Promise<{ address: string; ended: Promise<number | null> }> {
  const { root, dir, port, step, built } = context;
  keepFree(port);
  const state = loadState(dir);
  await saveState(dir, { ...state, runs: state.runs + 1 });

  step(`Starting two Kafka clusters (data in ${dir}) …`);
  const [source, destination] = await bothClusters(context);
  step(`Cluster dc1 is up at ${source.bootstrap}, cluster cloud at ${destination.bootstrap}`);

  await registerCodecs();
  const log = (line: string) =>
    appendFileSync(join(dir, 'traffic.log'), `${new Date().toISOString()} ${line}\n`);
  const kafka = new kafkajs.Kafka({
    clientId: 'demo-shop',
    brokers: source.bootstrap.split(','),
    logLevel: kafkajs.logLevel.ERROR,
    logCreator:
      () =>
      ({ log: { message, ...rest } }) =>
        log(`${message} ${JSON.stringify(rest)}`),
    retry: { retries: 20, maxRetryTime: 5_000 },
  });
  const shop = new Shop(state.runs);
  const admin = kafka.admin();
  await admin.connect();
  await createTopics(admin);
  if (!state.historyWritten) {
    step(
      'Writing some history: orders, customers, clicks, and shipments whose first records are deleted again …',
    );
    await writeHistory(kafka, admin, shop);
    await saveState(dir, { runs: state.runs + 1, historyWritten: true });
  }
  await admin.disconnect();

  const traffic = new Traffic(kafka, shop, log);
  await context.onStop('traffic', () => traffic.stop());
  await traffic.start();
  step('Traffic is running: orders, payments, customers, clicks, shipments; three consumer groups');

  await built;
  step(`Starting the console on port ${port} …`);
  const console = await DemoConsole.launch(root, dir, port, [source, destination]);
  await context.onStop('console', () => console.stop());
  await console.untilReady();

  try {
    await link(new LinkApi(console.address, console.key, destination.clusterId), source, destination, step);
  } catch (error) {
    // Two clusters with traffic and a console are still worth a look, and the console can create links too.
    step(`The link could not be created. ${error instanceof Error ? error.message : String(error)}`);
  }
  return { address: console.entrance, ended: console.ended };
}

async function link(
  api: LinkApi,
  source: KafkaCluster,
  destination: KafkaCluster,
  step: (text: string) => void,
): Promise<void> {
  await api.untilClustersKnown([source.clusterId, destination.clusterId], CLUSTERS_KNOWN_LIMIT_MS);
  step(
    (await api.ensureLink(source.clusterId))
      ? 'Created the link dc1 → cloud'
      : 'The link dc1 → cloud is there',
  );
  for (const topic of TOPICS) await api.ensureMirror(topic);
  await untilActive(api, step);
}

async function bothClusters(context: DemoContext): Promise<[KafkaCluster, KafkaCluster]> {
  const start = async (name: string) => {
    const cluster = await startCluster({
      name,
      dir: join(context.dir, name),
      longRunning: true,
      heapMb: 384,
      // The harness is impatient for the tests' sake; a demo that runs all day should not be.
      properties: { 'log.retention.check.interval.ms': '5000', 'log.cleaner.backoff.ms': '5000' },
    });
    await context.onStop(`cluster ${name}`, () => cluster.stop());
    return cluster;
  };
  return Promise.all([start('dc1'), start('cloud')]);
}

/** Waits until every mirror is ACTIVE, and says what it waits for; a mirror that fails is shown in the console. */
async function untilActive(api: LinkApi, step: (text: string) => void): Promise<void> {
  const deadline = Date.now() + MIRRORS_ACTIVE_LIMIT_MS;
  let said = '';
  for (;;) {
    const mirrors = await api.mirrors();
    const text = describe(mirrors);
    if (text !== said) step(text);
    said = text;
    const settled = (status: string) => status === 'ACTIVE' || status === 'FAILED' || status === 'PAUSED';
    if (mirrors.length > 0 && mirrors.every(({ mirror_status }) => settled(mirror_status))) return;
    if (Date.now() > deadline) {
      step('Not all mirrors are active yet; the console shows why.');
      return;
    }
    await sleep(500);
  }
}

function describe(mirrors: readonly MirrorStatus[]): string {
  const active = mirrors.filter(({ mirror_status }) => mirror_status === 'ACTIVE').length;
  const others = mirrors
    .filter(({ mirror_status }) => mirror_status !== 'ACTIVE')
    .map(({ mirror_topic_name, mirror_status }) => `${mirror_topic_name} ${mirror_status}`);
  return `${active} of ${mirrors.length} mirrors are active${others.length > 0 ? ` (${others.join(', ')})` : ''}`;
}
