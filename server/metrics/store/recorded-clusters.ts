// Tells history which Kafka cluster it records under each name, once and whenever it is another one.
import type { ClusterIds } from './cluster-identity';
import type { HistoryStore } from './history-store';

export class RecordedClusters {
  readonly #history: Pick<HistoryStore, 'replacedBy' | 'identify'>;
  /** As history has them. */
  #known = new Map<string, string>();
  /** Of what history has not taken yet. */
  readonly #ended = new Map<string, string>();

  constructor(history: Pick<HistoryStore, 'replacedBy' | 'identify'>) {
    this.#history = history;
  }

  /**
   * @param ids all that are known now
   * @param end ends whatever else says something of the clusters that were known by these names; before history knows of the new ones, so that
   * it is called again after a kill in between
   */
  identify(ids: ClusterIds, end: (clusters: string[]) => void): void {
    const fresh = new Map([...ids].filter(([name, id]) => this.#known.get(name) !== id));
    if (fresh.size === 0) return;
    const replaced = this.#history.replacedBy(fresh);
    if (replaced === null) return;
    const ends = replaced.filter((name) => this.#ended.get(name) !== fresh.get(name));
    if (ends.length > 0) end(ends);
    if (this.#history.identify(fresh)) {
      this.#ended.clear();
      // Those that are not told of just now are asked about again.
      this.#known = new Map(ids);
    } else for (const name of ends) this.#ended.set(name, fresh.get(name) as string);
  }
}
