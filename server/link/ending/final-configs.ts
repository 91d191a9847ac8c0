// The configs of a topic that mirrors no more: what its source has of those that mirroring had set itself. Pure; setting them is done elsewhere.
import type { TopicConfig } from '@/server/kafka/admin';
import { configValue } from '../topic-configs';

/** Kept of a source, because they are set when the mirror is stopped, and the source may be gone then. */
const REMEMBERED: ReadonlySet<string> = new Set([
  'cleanup.policy',
  'compression.type',
  'message.timestamp.type',
  'message.timestamp.before.max.ms',
  'message.timestamp.after.max.ms',
  'message.timestamp.difference.max.ms',
  'retention.ms',
  'retention.bytes',
]);
const BEFORE = 'message.timestamp.before.max.ms';
const AFTER = 'message.timestamp.after.max.ms';
const DIFFERENCE = 'message.timestamp.difference.max.ms';

/** As in force at the source, whether set on the topic or a default there. */
export function rememberedConfigs(source: readonly TopicConfig[]): Record<string, string> {
  return Object.fromEntries(
    source.flatMap(({ name, value }) => (value !== null && REMEMBERED.has(name) ? [[name, value]] : [])),
  );
}

/**
 * Values in force at the source, not only those that were set there: a broker's default of seven days must not begin to
 * delete what the source's default keeps for ever.
 * @param present of the mirror: which of the timestamp limits exist depends on the broker's version
 * @param wished the mirror's own configs, then those of the operation
 */
export function finalConfigs(
  source: Record<string, string>,
  present: readonly TopicConfig[],
  ...wished: readonly Record<string, string>[]
): Record<string, string> {
  const configs: Record<string, string> = {};
  for (const [name, value] of Object.entries(source))
    if (!name.startsWith('message.timestamp.') || name === 'message.timestamp.type') configs[name] = value;
  const there = (name: string) => configValue([...present], name) !== null;
  for (const name of [BEFORE, AFTER]) {
    const value = source[name] ?? source[DIFFERENCE];
    if (there(name) && value !== undefined) configs[name] = value;
  }
  const difference = source[DIFFERENCE] ?? smaller(source[BEFORE], source[AFTER]);
  if (there(DIFFERENCE) && !there(BEFORE) && difference !== undefined) configs[DIFFERENCE] = difference;
  return Object.assign(configs, ...wished);
}

function smaller(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return BigInt(a) < BigInt(b) ? a : b;
}
