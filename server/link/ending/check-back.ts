// The first step of a reverse: may this link write to its source, fence it, and take it over as it is? Refused here, nothing has happened yet.

import type { BackCheck } from '@/lib/contracts/engine';
import { transactionalIdOf } from '../identity';
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import type { Ending } from './ending';
import { Gathered, together } from './gathered';
import { OperationFailed } from './interruptions';
import { backObstacle, checkWayBack } from './way-back';

/** Mirrors that are turned together are looked at together. */
export class BackChecks {
  readonly #checks: Gathered<MirrorTopic, BackCheck>;

  constructor(core: LinkCore) {
    this.#checks = new Gathered((topics) => {
      const { name, source, destination, settings } = core.desired;
      const mirrors = topics.map(({ desired: { topic, sourceTopic } }) => ({ topic, sourceTopic }));
      const groupFilters = settings['consumer.offset.sync.enable']
        ? settings['consumer.offset.group.filters']
        : '';
      const check = checkWayBack({ name, source, destination, mirrors, groupFilters });
      return together(
        topics,
        check.then((found) => new Map(topics.map((topic) => [topic, found]))),
        () => {
          throw new Error('The mirror was not looked at.');
        },
      );
    });
  }

  of(topic: MirrorTopic): Promise<BackCheck> {
    return this.#checks.get(topic);
  }
}

export async function checkBack(ending: Ending): Promise<void> {
  const { core, topic, parts, steps } = ending;
  const { source, sourceClusterId, destinationClusterId, name } = core.desired;
  // Of an engine before this one, or of an earlier reverse: it keeps this link from writing, too.
  const fenced = parts.ports.sourceFence.topics.includes(topic.desired.sourceTopic);
  await ending.until('CHECK_BACK', async () => {
    const found = await parts.back.of(topic);
    const unreachable = [...found.check.destination, ...found.check.source].find(
      ({ status, stage }) => status === 'FAILED' && stage !== 'RIGHTS',
    );
    if (unreachable) return `${unreachable.message} Tried again by itself.`;
    const why = backObstacle(found, source, topic.desired, ending.wish.options, fenced);
    if (why !== null) throw new OperationFailed(why);
    return null;
  });
  const id = transactionalIdOf(destinationClusterId, sourceClusterId, name);
  steps.done('CHECK_BACK', `All that a link needs at ${source.name} is held; it will write there as ${id}.`);
}
