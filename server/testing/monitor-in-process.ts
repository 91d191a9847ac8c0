// For tests: the real monitor without a thread of its own; messages pass through a structured clone and the contract, as between threads.
import { toMonitor } from '@/lib/contracts/monitoring/thread';
import { assembleMonitor } from '@/server/monitoring/assemble';
import { type ClusterWatch, noClusters } from '@/server/monitoring/cluster-watch';
import type { Monitor } from '@/server/monitoring/monitor';
import type { MonitorStart } from '@/server/monitoring/monitor-start';
import type { SpawnMonitor } from '@/server/monitoring/monitor-supervisor';
import type { ThreadEvents } from '@/server/threads/thread-supervisor';

export class MonitorInProcess {
  /** Whom the next monitor has watching clusters; nobody by default. */
  clusters: ClusterWatch = noClusters;
  #monitor: Monitor | null = null;
  #events: ThreadEvents | null = null;

  /** The running one, to let it tick when a test says so. */
  get monitor(): Monitor {
    if (this.#monitor) return this.#monitor;
    throw new Error('The monitor was not started.');
  }

  readonly spawn =
    (start: MonitorStart): SpawnMonitor =>
    (events) => {
      const say = (message: unknown) => queueMicrotask(() => events.onMessage(structuredClone(message)));
      const monitor = assembleMonitor(start, say, this.clusters);
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

  /** For tests that never let timers run. */
  beat(): void {
    this.#events?.onMessage({ type: 'heartbeat', at: Date.now() });
  }

  /** The thread ends by itself. */
  die(): void {
    this.#events?.onExit();
  }
}
