// Tells history which Kafka cluster it records under each name, once and whenever it is another one.
import type { HistoryStore } from '@/server/metrics/store/history-store';

export class RecordedClusters {
  readonly #history: Pick<HistoryStore, 'belongsTo'>;
  readonly #known = new Map<string, string>();
  #clusters: readonly string[] = [];

  constructor(history: Pick<HistoryStore, 'belongsTo'>) {
    this.#history = history;
  }

  setClusters(names: readonly string[]): void {
    this.#clusters = names;
  }

  /**
   * @param idOf the id that a cluster has told of itself; null: not yet
   * @returns names under which another one answers than before
   */
  identify(idOf: (cluster: string) => string | null): string[] {
    const replaced: string[] = [];
    for (const cluster of this.#clusters) {
      const id = idOf(cluster);
      if (id === null || this.#known.get(cluster) === id) continue;
      const belongs = this.#history.belongsTo(cluster, id);
      if (belongs !== null) this.#known.set(cluster, id);
      if (belongs === 'ANOTHER') replaced.push(cluster);
    }
    return replaced;
  }
}
