// The last steps, behind the fence: what the source has done since, the configs of an ordinary topic, and the lock. None of them keeps the topic for ever.
import { ProtocolError } from '@/server/kafka/wire/errors';
import { configValue } from '../topic-configs';
import { setTopicConfigs } from '../topic-setup';
import { finalSync, syncFor } from './drain-source';
import type { Ending } from './ending';
import { finalConfigs, rememberedConfigs } from './final-configs';

const LAST_LOOK_MS = 3_000;
const UNLOCK_LIMIT_MS = 30_000;

/** @returns what is said of the operation as a whole */
export async function finishTopic(ending: Ending): Promise<string> {
  if (ending.kind === 'PROMOTE') await lastLook(ending);
  else await finalSync(ending, syncFor(ending, 'SYNC_OFFSETS'));
  await setConfigs(ending);
  await unlock(ending);
  return messageOf(ending);
}

/** Whoever still writes to the source writes what the mirror will never have: said, not hidden. */
async function lastLook({ parts, topic, fenceWork, notes }: Ending): Promise<void> {
  const limit = new Promise<null>((resolve) => setTimeout(() => resolve(null), LAST_LOOK_MS).unref());
  const look = await Promise.race([parts.sources.look(topic.desired.sourceTopic), limit]).catch(() => null);
  if (look === null) {
    notes.push('The source did not answer after the fence: what was written there since is not known.');
    return;
  }
  let since = 0n;
  for (const [index, { lastStable, highWatermark }] of look.ends) {
    const end = fenceWork.ends.get(index);
    if (!end) continue;
    const before = end.source?.high ?? highWatermark;
    if (highWatermark > before) since += highWatermark - before;
    end.source = { stable: lastStable, high: highWatermark, atMs: look.atMs };
  }
  if (since > 0n)
    notes.push(
      `The source was written to after it had been drained: ${since} offsets that this topic does not have. Its producers were not stopped.`,
    );
}

async function setConfigs(ending: Ending): Promise<void> {
  const { core, topic } = ending;
  await ending.until('CONFIGS', async () => {
    const known = topic.sourceConfigs
      ? rememberedConfigs(topic.sourceConfigs)
      : topic.desired.advice?.configs;
    const present = (await core.destinationAdmin.describeTopicConfigs([topic.name])).get(topic.name) ?? [];
    const { configs: own } = topic.desired.options;
    const wanted = finalConfigs(known ?? {}, present, own, ending.wish.options.configs);
    ending.configs = wanted;
    const changed = Object.fromEntries(
      Object.entries(wanted).filter(([name, value]) => configValue(present, name) !== value),
    );
    if (known === undefined)
      ending.notes.push(
        'The source’s configs were never read: retention stays unlimited until somebody sets it.',
      );
    if (Object.keys(changed).length > 0) {
      try {
        await setTopicConfigs(core.context.destination, topic.name, changed);
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.retriable) throw error;
        const list = Object.entries(changed).map(([name, value]) => `${name}=${value}`);
        const why = `The topic's own configs could not be set (${error.message}). Set them: kafka-configs.sh --alter --entity-type topics --entity-name ${topic.name} --add-config ${list.join(',')}`;
        ending.notes.push(why);
        ending.steps.skip('CONFIGS', why);
        return null;
      }
      const before = Object.fromEntries(
        Object.keys(changed).map((name) => [name, configValue(present, name)]),
      );
      core.ports.wrote({ what: 'CONFIGS_SET', items: [{ topic: topic.name, before, after: changed }] });
    }
    const said = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
    ending.steps.done('CONFIGS', said.length > 0 ? said.join(', ') : 'Nothing to set.');
    return null;
  });
}

async function unlock(ending: Ending): Promise<void> {
  const deadlineMs = performance.now() + UNLOCK_LIMIT_MS;
  await ending.until('UNLOCK', async () => {
    try {
      const { state, detail } = await ending.parts.ports.unlock(ending.topic, ending.kind);
      if (state === 'DONE') ending.steps.done('UNLOCK', detail);
      else ending.steps.skip('UNLOCK', detail ?? 'Nothing to take away.');
    } catch (error) {
      if (performance.now() < deadlineMs) throw error;
      const why = `The lock could not be taken away: ${(error as Error).message}.`;
      ending.notes.push(`${why} Remove the link's ACLs on ${ending.topic.name} by hand.`);
      ending.steps.skip('UNLOCK', why);
    }
    return null;
  });
}

function messageOf({ kind, fenceWork }: Ending): string {
  const statement = fenceWork.statement();
  const { missing, partitions, knownAt } = statement;
  const what = `${kind === 'PROMOTE' ? 'Promoted' : 'Failed over'}: ${partitions.length} partitions`;
  const age = knownAt === null ? '' : `, as the source was seen at ${new Date(knownAt).toISOString()}`;
  if (missing === null) return `${what}; what is missing of the source is not known for all of them.`;
  if (missing === '0') return `${what}; nothing is missing${age}.`;
  return `${what}; ${missing} offsets of the source are missing${age}.`;
}
