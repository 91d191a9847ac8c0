// The operations of one link that make topics anew: begun when the wish says so, also after a restart.
import type { LinkCore } from '../link-core';
import { Remake } from './remake';

/** Follows the wish; after each change of it, and from time to time. */
export function lookForRemakes(core: LinkCore): void {
  if (core.context.stopping || core.fatal) return;
  for (const topic of core.topics.values()) {
    const wish = topic.desired.remake ?? null;
    // Ended elsewhere: its own work finds that out at its next step.
    if (topic.remaking && topic.remaking.operationId !== wish?.operationId) topic.remaking = null;
    if (!wish || topic.remaking || topic.setUpRunning || core.endedOperations.has(wish.operationId)) continue;
    const remake = new Remake(core, topic, wish);
    topic.remaking = remake;
    void remake.run();
    core.context.stateChanged();
  }
}
