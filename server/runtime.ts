// The only place where parts are put together: configuration, store, engine, metrics, operations. Started once, from instrumentation.ts.
import { Worker } from 'node:worker_threads';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { version } from '@/package.json';
import { type Administration, createAdministration } from './access/administration';
import type { AuditLog } from './access/audit';
import type { ChainKey } from './access/audit-chain';
import type { Refusal } from './access/audit-refusals';
import { openAudit } from './access/audit-start';
import { AuditUpkeep } from './access/audit-upkeep';
import { AuditViews } from './access/audit-views';
import { createEntrance, type Entrance } from './access/entrance';
import { firstStart } from './access/first-start';
import { HubSenders } from './access/hub-senders';
import { OneTimeLinks } from './access/one-time-links';
import { Passwords } from './access/passwords';
import { rememberSecrets } from './access/scrub';
import type { Secret } from './access/secret';
import { SealError } from './access/secret-box';
import { Sessions } from './access/sessions';
import { type Unlocked, unlockStore } from './access/unlock';
import { type Config, readConfig } from './config';
import { Acls } from './control/acls';
import { Alerts } from './control/alerts';
import { anchorTopic } from './control/anchor-topic';
import { observeIntent } from './control/audit-observations';
import { AutoMirrors } from './control/auto-mirrors';
import { Catalog } from './control/catalog';
import { Changes } from './control/changes';
import { ClusterProber } from './control/cluster-prober';
import { Clusters } from './control/clusters';
import { Credentials } from './control/credentials';
import { EngineLink } from './control/engine-link';
import { Failbacks } from './control/failbacks';
import { Groups } from './control/groups';
import { guardedFacts } from './control/guarded-facts';
import { HealthSettings } from './control/health-settings';
import { HealthTargets } from './control/health-targets';
import { Hub } from './control/hub';
import { LinkViews } from './control/link-views';
import { Links } from './control/links';
import { MirrorConfigs } from './control/mirror-configs';
import { Mirrors } from './control/mirrors';
import { Monitored, monitoredState } from './control/monitored';
import { Operations } from './control/operations';
import { Reload } from './control/reload';
import { Removals } from './control/removals';
import { Repairs } from './control/repairs';
import { Tasks } from './control/tasks';
import { TopicDeletions } from './control/topic-deletions';
import { TopicLists } from './control/topic-lists';
import { Turns } from './control/turns';
import { Verification } from './control/verification';
import { scopeExists } from './control/visible';
import type { EnginePort } from './engine-port';
import { EngineSupervisor, type SpawnEngine } from './engine-supervisor';
import { StartError } from './errors';
import { matcherProblem, overrideProblem } from './health/settings';
import { RateLimits } from './http/rate-limit';
import { nativeCallLimitMs, stopLimitMs, type Times, usualTimes } from './intervals';
import { type Log, log } from './log';
import { historyIntervalMs } from './metrics/history';
import { Metrics } from './metrics/metrics';
import { type MonitorStart, monitorStartOf } from './monitoring/monitor-start';
import { MonitorSupervisor, type SpawnMonitor } from './monitoring/monitor-supervisor';
import { headerSecrets } from './otlp-config';
import { outgoingPolicy, setOutgoingPolicy } from './outgoing/dial';
import { hasRuntime, setRuntime } from './running';
import type { AuditRow } from './store/audit';
import { openStore, type Store } from './store/store';
import { endNativeCalls, nativeCalls } from './threads/native-calls';
import type { ThreadEvents, ThreadHandle } from './threads/thread-supervisor';

export type Runtime = Administration & {
  readonly config: Config;
  readonly version: string;
  readonly startedAt: number;
  readonly stopping: boolean;
  readonly store: Store;
  /** For `deriveKey`: every key of this server comes from it. */
  readonly secretKey: Secret<Buffer>;
  readonly engine: EnginePort;
  readonly metrics: Metrics;
  readonly monitored: Monitored;
  /** Null: this server is none. */
  readonly hub: Hub | null;
  readonly healthSettings: HealthSettings;
  readonly alerts: Alerts;
  readonly catalog: Catalog;
  readonly prober: ClusterProber;
  readonly clusters: Clusters;
  readonly credentials: Credentials;
  readonly reload: Reload;
  readonly links: Links;
  readonly mirrors: Mirrors;
  readonly removals: Removals;
  readonly mirrorConfigs: MirrorConfigs;
  readonly operations: Operations;
  readonly repairs: Repairs;
  readonly failbacks: Failbacks;
  readonly groups: Groups;
  readonly autoMirrors: AutoMirrors;
  readonly tasks: Tasks;
  readonly acls: Acls;
  readonly views: LinkViews;
  readonly verification: Verification;
  readonly rates: RateLimits;
  readonly sessions: Sessions;
  readonly oneTimeLinks: OneTimeLinks;
  readonly entrance: Entrance;
  readonly audit: AuditLog;
  readonly auditViews: AuditViews;
  /** Counts somebody who was turned away; recorded once a minute. */
  refused(refusal: Refusal): void;
  /** Records now who was counted so far. */
  flushRefusals(): Promise<void>;
  readonly log: Log;
  stop(): Promise<void>;
};

/** @throws StartError with what to do; nothing is left open then */
export async function createRuntime(options: {
  config: Config;
  spawn: SpawnEngine;
  spawnMonitor: (start: MonitorStart) => SpawnMonitor;
  log: Log;
  /** Reads landbridge.yaml again. */
  readClusters?: () => ClusterConfig[];
  /** For tests, which sign in hundreds of times. */
  passwords?: Passwords;
  /** For tests, which do not wait as long as people and brokers. */
  times?: Partial<Times>;
}): Promise<Runtime> {
  const { config } = options;
  const times = { ...usualTimes, ...options.times };
  setOutgoingPolicy(config.outgoing);
  rememberSecrets('configuration', [
    ...(config.apiKey ? [config.apiKey.secret] : []),
    ...config.signIn.oidc.map((provider) => provider.clientSecret),
    config.secretKey.value?.reveal() ?? '',
    config.monitoring.report?.token ?? '',
    config.monitoring.report?.client?.key ?? '',
    ...headerSecrets(config.monitoring.otlp?.headers ?? {}),
    config.monitoring.otlp?.client?.key ?? '',
  ]);
  const store = openStore(config.dataDir);
  const closeStore = async (error: unknown): Promise<never> => {
    await store.close();
    throw error;
  };
  const opened = await openCatalog(store, config, options.log).catch(closeStore);
  const { catalog, secretKey, audit } = opened;
  const sessions = new Sessions({ store, limits: config.signIn });
  const links = new OneTimeLinks({ store });
  const administration = await createAdministration({
    ...{ store, audit, sessions, links, config, log: options.log },
    exists: (scope) =>
      scope.kind === 'console' ? (hub?.senders.knows(scope.console) ?? false) : scopeExists(catalog, scope),
    factsOf: (request) => guardedFacts(catalog, request),
  }).catch(closeStore);
  const metrics = new Metrics();
  const engineLink = new EngineLink({ store, catalog, metrics, audit, log: options.log });
  const engine = new EngineSupervisor({
    ...{ spawn: options.spawn, listener: engineLink, log: options.log },
    restartMaxDelayMs: times.engineRestartMaxDelayMs,
  });
  const targets = new HealthTargets(catalog, () => hub?.senders ?? null);
  const healthSettings = new HealthSettings({
    ...{ store, audit, catalog, targets, overrideProblem, matcherProblem },
    changed: () => monitor.post(desired()),
  });
  await healthSettings.load().catch(closeStore);
  const desired = () => monitoredState(catalog, healthSettings, hub);
  const monitor = new MonitorSupervisor({
    spawn: options.spawnMonitor(monitorStartOf(config, secretKey.reveal(), version)),
    log: options.log,
    desired,
    onLinksWanted: () => monitored.tell(),
    onExposedWanted: () => monitored.tellExposed(),
  });
  const isHub = config.monitoring.mode === 'hub';
  const senders = new HubSenders({ store, audit, changed: () => monitor.post(desired()) });
  const hub = isHub
    ? new Hub({
        ...{ senders, monitor, audit },
        dropDecisions: (trx, console) => healthSettings.dropConsole(trx, console),
        changed: async () => {
          await healthSettings.load();
          monitor.post(desired());
        },
      })
    : null;
  await hub?.senders.load().catch(closeStore);
  const send = () => {
    engineLink.sendDesired((message) => engine.post(message));
    monitor.post(desired());
  };
  const changes = new Changes({ store, audit, catalog, send });
  const prober = new ClusterProber({ engine, catalog, log: options.log });
  const views = new LinkViews({ store, catalog, metrics, engine, prober, hasEngine: !isHub });
  const { dataDir } = config;
  const monitored = new Monitored({
    ...{ catalog, metrics, engine, views, monitor, dataDir, monitoring: config.monitoring },
    log: options.log,
  });
  const { approvalGuard } = administration;
  const deps = { catalog, changes, prober, engine, audit, approvalGuard, views };
  const deletions = new TopicDeletions({ catalog, changes, engine, audit, log: options.log, times });
  const topics = new TopicLists(engine);
  const autoMirrors = new AutoMirrors(deps, topics);
  engineLink.takeChangers(autoMirrors, new Turns(deps, store));
  const publish = anchorTopic(config.audit, catalog, engine);
  const upkeep = new AuditUpkeep({ ...opened, store, publish, config: config.audit, log: options.log });
  const passwords = options.passwords ?? new Passwords();
  const entrance = createEntrance({ store, audit, sessions, links, passwords, log: options.log });
  const historyTimer = setInterval(
    () => metrics.tick(Date.now(), engine.status === 'RUNNING'),
    historyIntervalMs,
  );
  historyTimer.unref();

  let stopped: Promise<void> | null = null;
  const stop = async () => {
    clearInterval(historyTimer);
    entrance.stop();
    prober.stop();
    monitored.stop();
    deletions.stop();
    await upkeep.beforeStop();
    await Promise.all([engine.stop(), monitor.stop()]);
    await deletions.settled();
    await engineLink.settle();
    await upkeep.close();
    await store.close();
  };
  const runtime: Runtime = {
    config,
    version,
    startedAt: Date.now(),
    get stopping() {
      return stopped !== null;
    },
    store,
    secretKey,
    engine,
    metrics,
    monitored,
    hub,
    healthSettings,
    alerts: new Alerts({ targets, audit, monitor, settings: healthSettings }),
    catalog,
    prober,
    clusters: new Clusters({ catalog, prober, topics, changes, audit, deletions }),
    credentials: new Credentials({ catalog, prober, engine, changes, audit }),
    reload: new Reload({
      catalog,
      prober,
      engine,
      changes,
      audit,
      read: options.readClusters ?? (() => config.clusters),
    }),
    links: new Links(deps),
    mirrors: new Mirrors(deps),
    removals: new Removals(deps, deletions),
    mirrorConfigs: new MirrorConfigs(deps),
    operations: new Operations(deps, { store, metrics }),
    repairs: new Repairs(deps, metrics),
    failbacks: new Failbacks(deps, store),
    groups: new Groups(deps),
    autoMirrors,
    tasks: new Tasks(deps),
    acls: new Acls(deps),
    views,
    verification: new Verification({ catalog, changes, metrics, store }),
    rates: new RateLimits(config.requestsPerSecond),
    ...administration,
    sessions,
    oneTimeLinks: links,
    entrance,
    audit,
    auditViews: new AuditViews({ store, isOpen: (operationId) => audit.isOpen(operationId) }),
    refused: (refusal) => audit.refused(refusal),
    flushRefusals: () => upkeep.everyMinute(),
    log: options.log,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
  monitor.start();
  monitored.start();
  upkeep.start();
  // A hub mirrors nothing and calls no broker.
  if (!isHub) {
    engine.start();
    prober.start();
    deletions.start();
  }
  return runtime;
}

type Opened = Unlocked & { catalog: Catalog; audit: AuditLog; key: ChainKey };

async function openCatalog(store: Store, config: Config, log: Log): Promise<Opened> {
  const unlocked = await unlockStore(store, config.secretKey, log);
  const catalog = new Catalog(store, unlocked.box, config.clusters);
  await catalog.load().catch((error: unknown) => {
    if (!(error instanceof SealError)) throw error;
    throw new StartError(
      `A secret in ${config.dataDir} cannot be opened. ${error.message} Put the data directory back from a backup (docs/secrets.md).`,
    );
  });
  const secretKey = unlocked.secretKey.reveal();
  const observe = (intent: AuditRow) => observeIntent(catalog, intent);
  const opened = await openAudit({ store, secretKey, version, log, observe });
  return { ...unlocked, ...opened, catalog };
}

/** Starts the server of this process; a second call does nothing. */
export async function startRuntime(): Promise<void> {
  if (hasRuntime()) return;
  const config = readConfig(process.env);
  const readClusters = () => readConfig(process.env).clusters;
  const runtime = await createRuntime({
    config,
    spawn: spawnEngineThread,
    spawnMonitor: monitorThread,
    log,
    readClusters,
  });
  const { store, audit, oneTimeLinks: links, entrance } = runtime;
  const print = (text: string) => void process.stdout.write(text);
  const { origin } = config.address;
  await firstStart({ store, audit, links, passwords: entrance.passwords, origin, log, print }, process.env);
  await entrance.passwords.prepare();
  setRuntime(runtime);
  stopOnSignals(runtime);
  if (config.configFile !== null) reloadOnHangup(runtime);
}

const spawnEngineThread: SpawnEngine = (events) =>
  threadOf(
    new Worker(new URL('./link/engine.worker.ts', import.meta.url), {
      workerData: { outgoing: outgoingPolicy() },
    }),
    events,
  );

const monitorThread =
  (start: MonitorStart): SpawnMonitor =>
  (events) => {
    const calls = nativeCalls();
    const worker = new Worker(new URL('./monitoring/data.worker.ts', import.meta.url), {
      workerData: { outgoing: outgoingPolicy(), calls, ...start },
    });
    const { post, terminate } = threadOf<Parameters<ReturnType<SpawnMonitor>['post']>[0]>(worker, events);
    return { post, terminate: () => endNativeCalls(calls, nativeCallLimitMs).then(terminate) };
  };

function threadOf<In>(worker: Worker, events: ThreadEvents): ThreadHandle<In> {
  worker.on('message', events.onMessage);
  worker.on('error', events.onError);
  worker.on('exit', events.onExit);
  return {
    post: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
  };
}

function reloadOnHangup(runtime: Runtime): void {
  process.on('SIGHUP', () => {
    if (runtime.stopping) return;
    runtime.reload.run().then(
      ({ added, changed, removed }) =>
        log(
          'info',
          `landbridge.yaml was read again; clusters: ${added.length} added, ${changed.length} changed, ${removed.length} removed. Other settings than clusters are taken up at a start.`,
        ),
      (error: unknown) =>
        log('error', 'landbridge.yaml was read again and not taken up; everything is as before.', error),
    );
  });
}

/** Exit code 0 whether or not the engine settled in time: what is left is taken up by its resume rule. */
function stopOnSignals(runtime: Runtime): void {
  const onSignal = (signal: string) => {
    if (runtime.stopping) return;
    log('info', `${signal}: stopping.`);
    const limit = setTimeout(() => {
      log('warn', `Not everything has settled within ${stopLimitMs} ms.`);
      process.exit(0);
    }, stopLimitMs);
    runtime
      .stop()
      .catch((error: unknown) => log('error', 'The stop was not clean.', error))
      .finally(() => {
        clearTimeout(limit);
        process.exit(0);
      });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
