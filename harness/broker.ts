// One broker process of a harness cluster: started, stopped, killed, paused, and started again on its own data and port.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { propertiesText } from './broker-properties';
import { describeCluster } from './describe-cluster';
import { GuardedProcess } from './guarded-process';
import { findJava } from './java';
import type { KafkaDistribution } from './kafka-distribution';

export const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 15_000;
const KILL_LIMIT_MS = 30_000;
const POLL_MS = 25;

export type BrokerOptions = {
  id: number;
  port: number;
  nodeDir: string;
  /** Null until ZooKeeper has given one: then whatever answers is taken. */
  clusterId: string | null;
  properties: Record<string, string>;
  distribution: KafkaDistribution;
  jvmArgs: string[];
  /** Brokers that this one must see alive before it counts as started. */
  expectedBrokers: number;
  /** Nobody needs its data later: killed at once, not shut down, when the process that started it dies. */
  temporary: boolean;
};

export class Broker {
  readonly id: number;
  readonly port: number;
  /** The broker's own log (log4j2); what the JVM itself prints is in jvm.log beside it. */
  readonly logFile: string;
  #options: BrokerOptions;
  #process: GuardedProcess | undefined;
  #paused = false;
  #clusterId: string | null;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#clusterId = options.clusterId;
    this.id = options.id;
    this.port = options.port;
    this.logFile = join(options.nodeDir, 'server.log');
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get pid(): number {
    if (!this.#process) throw new Error(`Broker ${this.id} has never been started.`);
    return this.#process.pid;
  }

  /** Null before a broker with ZooKeeper has started for the first time. */
  get clusterId(): string | null {
    return this.#clusterId;
  }

  get nodeDir(): string {
    return this.#options.nodeDir;
  }

  /** Starts the process and waits until it serves and sees all brokers; does nothing when it is running. */
  async start(): Promise<void> {
    await this.launch();
    await this.waitUntilReady();
  }

  /** Starts the process only. */
  async launch(): Promise<void> {
    if (this.running) return;
    const { nodeDir, properties, distribution, jvmArgs, temporary } = this.#options;
    const [java] = await Promise.all([
      findJava(),
      writeFile(join(nodeDir, 'server.properties'), propertiesText(properties)),
      writeFile(join(nodeDir, 'log4j2.properties'), LOG4J_CONFIG),
    ]);
    this.#paused = false;
    this.#process = await GuardedProcess.start({
      command: java.command,
      args: [
        ...jvmArgs,
        `-Dlog4j2.configurationFile=${join(nodeDir, 'log4j2.properties')}`,
        `-Dlandbridge.log=${this.logFile}`,
        ...['-cp', distribution.classpath, 'kafka.Kafka', join(nodeDir, 'server.properties')],
      ],
      outputFile: join(nodeDir, 'jvm.log'),
      orphanGraceSeconds: temporary ? 0 : STOP_LIMIT_MS / 1000,
    });
    await writeFile(join(nodeDir, 'broker.pid'), `${this.#process.pid}\n`);
  }

  /** @throws with the end of the broker's log when it ends or is not ready within the limit. */
  async waitUntilReady(
    expectedBrokers = this.#options.expectedBrokers,
    limitMs = START_LIMIT_MS,
  ): Promise<void> {
    const deadline = Date.now() + limitMs;
    let last = 'no answer yet';
    while (Date.now() < deadline) {
      if (!this.running) throw new Error(`Broker ${this.id} ended while starting.\n${await this.endOfLog()}`);
      try {
        const seen = await describeCluster('127.0.0.1', this.port, Math.max(1, deadline - Date.now()));
        this.#clusterId ??= seen.clusterId;
        if (seen.clusterId !== this.#clusterId)
          throw new Error(`cluster ${seen.clusterId}, not this one, answers on the port`);
        if (seen.brokerIds.length >= expectedBrokers && seen.brokerIds.includes(this.id)) return;
        last = `it sees brokers ${seen.brokerIds.join(', ') || 'none'} of ${expectedBrokers}`;
      } catch (error) {
        last = error instanceof Error ? error.message : String(error);
      }
      await sleep(POLL_MS);
    }
    throw new Error(
      `Broker ${this.id} on port ${this.port} was not ready after ${limitMs} ms: ${last}.\n${await this.endOfLog()}`,
    );
  }

  /** Controlled shutdown (SIGTERM), SIGKILL when that takes longer than 15 s. */
  async stop(limitMs = STOP_LIMIT_MS): Promise<void> {
    const child = this.#process;
    if (!child?.running) return;
    if (this.#paused) this.resume();
    child.signal('SIGTERM');
    if (!(await child.waitForExit(limitMs))) await this.kill();
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#paused = false;
    if (!child?.running) return;
    child.signal('SIGKILL');
    if (!(await child.waitForExit(KILL_LIMIT_MS)))
      throw new Error(
        `Broker ${this.id} (process ${child.pid}) did not end ${KILL_LIMIT_MS} ms after SIGKILL.`,
      );
  }

  /** SIGSTOP: the sockets stay open and nothing answers. */
  pause(): void {
    this.#process?.signal('SIGSTOP');
    this.#paused = this.running;
  }

  /** The same, and waits until nothing answers: a signal takes a moment until it has stopped every thread. */
  async standStill(): Promise<void> {
    this.pause();
    while (await this.#answers()) await sleep(20);
  }

  #answers(): Promise<boolean> {
    return describeCluster('127.0.0.1', this.port, 300).then(
      () => true,
      () => false,
    );
  }

  /** SIGCONT. */
  resume(): void {
    this.#process?.signal('SIGCONT');
    this.#paused = false;
  }

  async endOfLog(bytes = 4000): Promise<string> {
    const parts: string[] = [];
    for (const file of [this.logFile, join(this.nodeDir, 'jvm.log')]) {
      if (!existsSync(file)) continue;
      const text = await readFile(file, 'utf8');
      parts.push(`--- end of ${file}\n${text.slice(-bytes)}`);
    }
    return parts.join('\n');
  }
}

const LOG4J_CONFIG = `# Written by the harness at each start.
rootLogger.level=INFO
rootLogger.appenderRef.file.ref=file
appender.file.type=File
appender.file.name=file
appender.file.fileName=\${sys:landbridge.log}
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=[%d] %p %m (%c)%n
`;
