// The topics that clusters show, asked of Kafka at most once in `topicCacheMs`, however many ask. Whoever asks is authorised elsewhere.
import type { ClusterConfig, TopicView } from '@/lib/contracts/cluster';
import type { EnginePort } from '@/server/engine-port';
import { topicCacheMs } from '@/server/intervals';

export type Topics = { asOf: number; topics: TopicView[] };

export class TopicLists {
  readonly #engine: EnginePort;
  readonly #known = new Map<string, { config: string; atMs: number; answer: Promise<Topics> }>();

  constructor(engine: EnginePort) {
    this.#engine = engine;
  }

  /** @throws LandbridgeError of the engine */
  of(cluster: ClusterConfig): Promise<Topics> {
    const config = JSON.stringify(cluster);
    const known = this.#known.get(cluster.name);
    if (known && known.config === config && Date.now() - known.atMs < topicCacheMs) return known.answer;
    const answer = this.#engine
      .request({ op: 'listTopics', cluster })
      .then((topics) => ({ asOf: Date.now(), topics }));
    const entry = { config, atMs: Date.now(), answer };
    this.#known.set(cluster.name, entry);
    // A failure is not kept: the next one asks again.
    answer.catch(() => {
      if (this.#known.get(cluster.name) === entry) this.#known.delete(cluster.name);
    });
    return answer;
  }
}
