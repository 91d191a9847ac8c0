// The last steps of a reverse: the mirror on the way back is put into the store, takes the old source over, is locked, and only then the fence goes.
import type { Ending } from './ending';

/** The new source is in use by then: what keeps the old one is said, and left to a person. */
const TAKE_OVER_LIMIT_MS = 10 * 60_000;

export async function turnBack(ending: Ending): Promise<void> {
  const { steps, fenceWork, core, topic } = ending;
  const { source } = core.desired;
  const { sourceTopic } = topic.desired;
  if ([...fenceWork.ends.values()].some(({ turnAt }) => turnAt === null || turnAt === undefined)) {
    ending.back = null;
    const why = `${sourceTopic} on ${source.name} is no mirror of this topic.${fencedStill(ending)}`;
    ending.note(why);
    steps.skip('TURN', why);
    steps.skip('LOCK_BACK', 'There is no mirror on the way back.');
    return;
  }
  const linkId = await turn(ending);
  if (linkId === null) steps.skip('LOCK_BACK', 'There is no mirror on the way back.');
  else await lockBack(ending, linkId);
}

/** @returns the link back; null where there can be none */
async function turn(ending: Ending): Promise<string | null> {
  const { core, topic, operationId, steps } = ending;
  let linkId: string | null = null;
  await ending.until('TURN', async () => {
    const { back, refused } = await core.ports.turn(topic.name, operationId);
    if (back) {
      linkId = back.linkId;
      ending.back = { destination: back.destination, name: back.name, topic: back.topic };
      steps.done('TURN', `${back.topic} is a mirror of link ${back.name} to ${back.destination} now.`);
    } else {
      ending.back = null;
      const why = `There is no mirror on the way back: ${refused}${fencedStill(ending)}`;
      ending.note(why);
      steps.skip('TURN', why);
    }
    return null;
  });
  return linkId;
}

async function lockBack(ending: Ending, linkId: string): Promise<void> {
  const { core, steps, parts, topic } = ending;
  const { sourceTopic } = topic.desired;
  const deadlineMs = performance.now() + TAKE_OVER_LIMIT_MS;
  await ending.until('LOCK_BACK', async () => {
    const there = core.ports.elsewhere(linkId, sourceTopic);
    if (there?.topic.phase === 'FAILED') {
      giveUp(ending, there.topic.message ?? 'it has failed');
      return null;
    }
    const waits = !there
      ? 'The link back is being started.'
      : there.topic.phase !== 'READY'
        ? (there.topic.message ?? `${sourceTopic} is being compared with this topic.`)
        : there.lock === null
          ? 'Whether others can write to it is being looked at.'
          : null;
    if (waits !== null && performance.now() < deadlineMs) return waits;
    if (waits !== null) {
      giveUp(ending, waits);
      return null;
    }
    await parts.ports.sourceFence.unfence([sourceTopic]);
    const lock = there?.lock;
    const open = lock?.state === 'WATCHED' ? ` Watched only: ${lock.message}` : '';
    if (lock?.state === 'WATCHED')
      ending.note(
        `${sourceTopic} on ${core.desired.source.name} is not locked as a mirror:${open.slice(14)}`,
      );
    steps.done('LOCK_BACK', `${sourceTopic} has been taken over without a copy.${open}`);
    return null;
  });
}

function giveUp(ending: Ending, why: string): void {
  const said = `The mirror on the way back has not taken ${ending.topic.desired.sourceTopic} over: ${why}${fencedStill(ending)}`;
  ending.note(said);
  ending.steps.skip('LOCK_BACK', said);
}

/** Two topics that both take writes would part for good. */
function fencedStill({ parts, topic, core }: Ending): string {
  const { sourceTopic } = topic.desired;
  if (!parts.ports.sourceFence.topics.includes(sourceTopic)) return '';
  return ` The fence of ${sourceTopic} on ${core.desired.source.name} still stands, so that nobody writes to it by mistake; lift it on the link’s page, under Access.`;
}
