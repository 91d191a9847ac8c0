// The operations that end mirrors of one link: begun when the wish says so, also after a restart, and given up when it says so no more.
import type { ConfigWatch } from '../config-watch';
import type { HeadFiller } from '../head-filler';
import type { LinkCore } from '../link-core';
import { forget } from '../wish';
import { BackChecks } from './check-back';
import { DestinationLooks } from './destination-look';
import { Ending } from './ending';
import type { EndingParts } from './ending-parts';
import { Fences } from './fences';
import type { EndingPorts } from './ports';
import { SourceLooks } from './source-look';
import { fetchAgain } from './stop-fetching';

export class Endings {
  readonly #core: LinkCore;
  readonly #parts: EndingParts;

  constructor(core: LinkCore, parts: { heads: HeadFiller; configs: ConfigWatch; ports: EndingPorts }) {
    this.#core = core;
    this.#parts = {
      ...parts,
      sources: new SourceLooks(core.context.source),
      destinations: new DestinationLooks(core),
      fences: new Fences(core.context),
      back: new BackChecks(core),
      stopped: (topic) => {
        forget(core, topic);
        core.ports.event(topic.name, null, topic.state, 'STOPPED', null);
        core.context.stateChanged();
      },
      goOn: (topic) => {
        topic.desired = { ...topic.desired, ending: null };
        fetchAgain(core, topic);
        core.context.stateChanged();
      },
    };
  }

  /** Follows the wish; after each change of it, and from time to time. */
  look(): void {
    if (this.#core.context.stopping || this.#core.fatal) return;
    for (const topic of this.#core.topics.values()) {
      const wish = topic.desired.ending;
      const running = topic.ending;
      if (running && running.operationId !== wish?.operationId) {
        // Ended elsewhere: its own work finds that out at its next step.
        topic.ending = null;
        fetchAgain(this.#core, topic);
      }
      if (!wish || topic.ending || this.#core.endedOperations.has(wish.operationId)) continue;
      const ending = new Ending(this.#core, topic, wish, this.#parts);
      topic.ending = ending;
      void ending.run();
      this.#core.context.stateChanged();
    }
  }
}
