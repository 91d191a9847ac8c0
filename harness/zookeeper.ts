// The ZooKeeper of a test cluster of a release that is run with one. One node, gone with the process that started it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { GuardedProcess } from './guarded-process';
import { findJava } from './java';
import type { KafkaDistribution } from './kafka-distribution';
import { freePorts } from './ports';
import { waitFor } from './wait-for';

const KILL_LIMIT_MS = 30_000;

export class ZooKeeper {
  readonly address: string;
  readonly #process: GuardedProcess;

  private constructor(address: string, process: GuardedProcess) {
    this.address = address;
    this.#process = process;
  }

  /** @throws with the end of its output when it doesn't serve in time */
  static async start(distribution: KafkaDistribution, dir: string): Promise<ZooKeeper> {
    const [java, [port]] = await Promise.all([findJava(), freePorts(1) as Promise<[number]>]);
    await mkdir(join(dir, 'data'), { recursive: true });
    const config = join(dir, 'zookeeper.properties');
    await writeFile(
      config,
      [
        `dataDir=${join(dir, 'data')}`,
        `clientPort=${port}`,
        'clientPortAddress=127.0.0.1',
        'admin.enableServer=false',
        'maxClientCnxns=0',
        'tickTime=1000',
      ].join('\n'),
    );
    const outputFile = join(dir, 'jvm.log');
    const process = await GuardedProcess.start({
      command: java.command,
      args: [
        ...[
          '-Xmx64m',
          '-XX:+UseSerialGC',
          '-XX:-UsePerfData',
          '-XX:TieredStopAtLevel=1',
          '-Dlog4j2.level=WARN',
        ],
        ...['-cp', distribution.classpath, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', config],
      ],
      outputFile,
      orphanGraceSeconds: 0,
    });
    try {
      await waitFor('ZooKeeper to serve', () => !process.running || accepts(port), { limitMs: 60_000 });
      if (!process.running) throw new Error('ZooKeeper ended while starting.');
    } catch (error) {
      const output = await readFile(outputFile, 'utf8').catch(() => '');
      throw new Error(`${(error as Error).message}\n${output.slice(-4000)}`, { cause: error });
    }
    return new ZooKeeper(`127.0.0.1:${port}`, process);
  }

  async kill(): Promise<void> {
    this.#process.signal('SIGKILL');
    if (!(await this.#process.waitForExit(KILL_LIMIT_MS)))
      throw new Error(
        `ZooKeeper (process ${this.#process.pid}) did not end ${KILL_LIMIT_MS} ms after SIGKILL.`,
      );
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
