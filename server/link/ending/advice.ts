// Keeps in the store what was last seen of each source: its configs and its ends. A mirror can then be failed over, with a statement of loss, by an engine
// that has never reached the source. Advice only: positions come from the destination's log.
import type { SourceAdvice } from '@/lib/contracts/engine';
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import { rememberedConfigs } from './final-configs';

/** Ends that have changed are stored this often, configs at the next look. */
const ENDS_MS = 60_000;
/** Stored at one look: the store writes them in one go, and others wait for it. */
const AT_ONCE = 500;

export class AdviceKeeper {
  readonly #core: LinkCore;
  readonly #stored = new Map<string, { atMs: number; configs: string; ends: string }>();

  constructor(core: LinkCore) {
    this.#core = core;
  }

  /** @param all also what would not be due yet: the source has gone, or the engine stops */
  keep(all = false): void {
    let count = 0;
    for (const topic of this.#core.topics.values()) {
      if (topic.phase !== 'READY' || topic.ending?.leavesSource || topic.sourceConfigs === null) continue;
      const advice = adviceOf(topic);
      if (!advice || !this.#isDue(topic.name, advice, all)) continue;
      this.#store(topic, advice);
      if (++count >= AT_ONCE && !all) return;
    }
  }

  #isDue(name: string, advice: SourceAdvice, all: boolean): boolean {
    const before = this.#stored.get(name);
    if (!before || before.configs !== JSON.stringify(advice.configs)) return true;
    return before.ends !== JSON.stringify(advice.ends) && (all || performance.now() - before.atMs >= ENDS_MS);
  }

  #store(topic: MirrorTopic, advice: SourceAdvice): void {
    topic.desired = { ...topic.desired, advice };
    this.#stored.set(topic.name, {
      atMs: performance.now(),
      configs: JSON.stringify(advice.configs),
      ends: JSON.stringify(advice.ends),
    });
    this.#core.ports.persist(topic.name, { advice }).catch((error: Error) => {
      this.#stored.delete(topic.name);
      this.#core.context.log('debug', `storing what was seen of ${topic.name}: ${error.message}`);
    });
  }
}

/** Null before the source has told all of its ends. */
export function adviceOf(topic: MirrorTopic): SourceAdvice | null {
  const seen = topic.partitions.filter((p) => p.sourceHighWatermark >= 0n && p.sourceLastStable >= 0n);
  if (seen.length === 0 || topic.sourceConfigs === null) return null;
  return {
    at: Math.min(...seen.map(({ sourceSeenAt }) => sourceSeenAt)),
    configs: rememberedConfigs(topic.sourceConfigs),
    ends: Object.fromEntries(
      seen.map((p) => [
        String(p.index),
        { stable: String(p.sourceLastStable), high: String(p.sourceHighWatermark) },
      ]),
    ),
  };
}
