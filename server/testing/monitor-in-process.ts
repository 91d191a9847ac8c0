// For tests: the real monitor without a thread of its own; messages pass through a structured clone and the contract, as between threads.
import { join } from 'node:path';
import { type MonitoringMode, toMonitor } from '@/lib/contracts/monitoring/thread';
import { HistoryStore } from '@/server/metrics/store/history-store';
import { type ClusterWatch, noClusters } from '@/server/monitoring/cluster-watch';
import { Monitor, type MonitorOptions } from '@/server/monitoring/monitor';
import type { SpawnMonitor } from '@/server/monitoring/monitor-supervisor';
import type { ThreadEvents } from '@/server/threads/thread-supervisor';

export class MonitorInProcess {
  /** Whom the next monitor has watching clusters; nobody by default. */
  clusters: ClusterWatch = noClusters;
  readonly #options: Omit<MonitorOptions, 'send' | 'collector'>;
  #monitor: Monitor | null = null;
  #events: ThreadEvents | null = null;

  constructor(dataDir: string, mode: MonitoringMode = 'normal') {
    this.#options = { dataDir, mode };
  }

  /** The running one, to let it tick when a test says so. */
  get monitor(): Monitor {
    if (this.#monitor) return this.#monitor;
    throw new Error('The monitor was not started.');
  }

  readonly spawn: SpawnMonitor = (events) => {
    const say = (message: unknown) => queueMicrotask(() => events.onMessage(structuredClone(message)));
    const history = new HistoryStore({
      ...{ file: join(this.#options.dataDir, 'history.db'), limitBytes: 64 * 1_048_576 },
      log: (level, message) => say({ type: 'log', level, message }),
    });
    const monitor = new Monitor({ ...this.#options, collector: this.clusters, send: say, history });
    const beat = setInterval(() => say({ type: 'heartbeat', at: Date.now() }), 200);
    say({ type: 'heartbeat', at: Date.now() });
    monitor.start();
    this.#monitor = monitor;
    this.#events = events;
    return {
      post: (message) => monitor.receive(toMonitor.parse(structuredClone(message))),
      terminate: async () => clearInterval(beat),
    };
  };

  /** The thread ends by itself. */
  die(): void {
    this.#events?.onExit();
  }
}
