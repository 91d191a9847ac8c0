// Keeps producers from the source while a mirror is turned round, or promoted where asked for, and lets them back where that comes to nothing.
import type { EndingWish } from '@/lib/contracts/operation';
import { KafkaError } from '@/server/kafka/wire/errors';
import type { Ending } from './ending';
import { OperationFailed } from './interruptions';

const LIFT_LIMIT_MS = 30_000;
const LIFT_RETRY_MS = 500;

export const fencesSource = ({ kind, options }: Pick<EndingWish, 'kind' | 'options'>): boolean =>
  kind === 'REVERSE' || (kind === 'PROMOTE' && options.fenceSource);

export async function fenceSource(ending: Ending): Promise<void> {
  const { topic, parts, steps, core } = ending;
  const { sourceTopic } = topic.desired;
  if (!fencesSource(ending.wish)) return;
  if (ending.kind === 'REVERSE' && ending.wish.options.sourceFence === 'none') {
    const said = `${sourceTopic} on ${core.desired.source.name} was not fenced: somebody gave the word that its producers are stopped.`;
    ending.note(said);
    steps.skip('FENCE_SOURCE', said);
    return;
  }
  await ending.until('FENCE_SOURCE', async () => {
    try {
      const { message } = await parts.ports.sourceFence.fence([sourceTopic]);
      steps.done('FENCE_SOURCE', message);
      return null;
    } catch (error) {
      if (error instanceof KafkaError && !error.retriable)
        throw new OperationFailed(`The source could not be fenced: ${error.message}`);
      throw error;
    }
  });
}

/** Must not matter how often, nor whether there is one. @returns what is left to be done by hand; null when nothing is */
export async function liftSourceFence(ending: Ending): Promise<string | null> {
  if (!ending.fencesSource) return null;
  const { sourceTopic } = ending.topic.desired;
  const deadlineMs = performance.now() + LIFT_LIMIT_MS;
  for (;;) {
    try {
      await ending.parts.ports.sourceFence.unfence([sourceTopic]);
      return null;
    } catch (error) {
      if (performance.now() > deadlineMs || ending.core.context.stopping)
        return `The fence of ${sourceTopic} on ${ending.core.desired.source.name} still stands: ${(error as Error).message} Lift it on the link’s page, under Access.`;
      await new Promise((resolve) => setTimeout(resolve, LIFT_RETRY_MS));
    }
  }
}
