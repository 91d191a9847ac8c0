// The last steps, behind the fence: what the source has done since, the configs of an ordinary topic, and the lock. None of them keeps the topic for ever.
import type { TopicConfig } from '@/server/kafka/admin';
import { ProtocolError } from '@/server/kafka/wire/errors';
import { configValue, WIDE_TIMESTAMPS_NEW, WIDE_TIMESTAMPS_OLD } from '../topic-configs';
import { setTopicConfigs } from '../topic-setup';
import { finalSync, syncFor } from './drain-source';
import type { Ending } from './ending';
import { finalConfigs, rememberedConfigs } from './final-configs';
import { level } from './level';
import { turnBack } from './turn-back';

const LAST_LOOK_MS = 3_000;
const UNLOCK_LIMIT_MS = 30_000;

/** @returns what is said of the operation as a whole */
export async function finishTopic(ending: Ending): Promise<string> {
  if (ending.kind === 'PROMOTE') await lastLook(ending);
  else if (ending.kind === 'REVERSE') await level(ending);
  else await finalSync(ending, syncFor(ending, 'SYNC_OFFSETS'));
  await setConfigs(ending);
  await unlock(ending);
  if (ending.kind === 'REVERSE') await turnBack(ending);
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
  const { topic, notes, steps } = ending;
  if (!topic.sourceConfigs && !topic.desired.advice)
    notes.push('The source’s configs were never read: retention stays unlimited until somebody sets it.');
  await ending.until('CONFIGS', async () => {
    const present = await presentConfigs(ending);
    let refused: ProtocolError | null = null;
    // Where the topic can't be described, a broker of another release refuses the names that it does not have.
    for (const there of present ? [present] : [NEWER, OLDER]) {
      const wanted = wantedConfigs(ending, there);
      try {
        await set(ending, wanted, present);
        ending.configs = wanted;
        const said = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
        steps.done('CONFIGS', said.length > 0 ? said.join(', ') : 'Nothing to set.');
        return null;
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.retriable) throw error;
        refused = error;
      }
    }
    const list = Object.entries(wantedConfigs(ending, present ?? NEWER)).map(
      ([name, value]) => `${name}=${value}`,
    );
    const why = `The topic's own configs could not be set (${refused?.message}). Set them: kafka-configs.sh --alter --entity-type topics --entity-name ${topic.name} --add-config ${list.join(',')}`;
    notes.push(why);
    steps.skip('CONFIGS', why);
    return null;
  });
}

const unknownValue = (name: string): TopicConfig => ({ name, value: '', overridden: false });
const NEWER = Object.keys(WIDE_TIMESTAMPS_NEW).map(unknownValue);
const OLDER = Object.keys(WIDE_TIMESTAMPS_OLD).map(unknownValue);

/** Null where it can't be told: kafkajs does not describe a topic of which a partition is offline. */
async function presentConfigs({ core, topic }: Ending): Promise<TopicConfig[] | null> {
  try {
    return (await core.destinationAdmin.describeTopicConfigs([topic.name])).get(topic.name) ?? null;
  } catch (error) {
    core.context.log('debug', `the configs of ${topic.name} before its end: ${(error as Error).message}`);
    return null;
  }
}

function wantedConfigs({ topic, wish }: Ending, present: TopicConfig[]): Record<string, string> {
  const known = topic.sourceConfigs
    ? rememberedConfigs(topic.sourceConfigs)
    : (topic.desired.advice?.configs ?? {});
  return finalConfigs(known, present, topic.desired.options.configs, wish.options.configs);
}

async function set(
  { core, topic }: Ending,
  wanted: Record<string, string>,
  present: TopicConfig[] | null,
): Promise<void> {
  const value = (name: string) => (present ? configValue(present, name) : null);
  const changed = Object.entries(wanted).filter(([name, wish]) => value(name) !== wish);
  if (changed.length === 0) return;
  const after = Object.fromEntries(changed);
  await setTopicConfigs(core.context.destination, topic.name, after);
  const before = present && Object.fromEntries(changed.map(([name]) => [name, value(name)]));
  core.ports.wrote({ what: 'CONFIGS_SET', items: [{ topic: topic.name, before, after }] });
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

const done = { PROMOTE: 'Promoted', FAILOVER: 'Failed over', REVERSE: 'Turned round' } as const;

function messageOf({ kind, fenceWork }: Ending): string {
  const statement = fenceWork.statement();
  const { missing, partitions, knownAt, back } = statement;
  if (kind === 'REVERSE' && !back)
    return `Promoted, and not turned: ${partitions.length} partitions. ${statement.notes.at(-1) ?? ''}`.trim();
  const what = `${done[kind]}: ${partitions.length} partitions`;
  const age = knownAt === null ? '' : `, as the source was seen at ${new Date(knownAt).toISOString()}`;
  if (missing === null) return `${what}; what is missing of the source is not known for all of them.`;
  if (missing === '0') return `${what}; nothing is missing${age}.`;
  return `${what}; ${missing} offsets of the source are missing${age}.`;
}
