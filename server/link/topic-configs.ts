// Configs of a mirror topic: what it must have while it mirrors, what it takes from the source, and what an operator may choose.
import { ALWAYS_SYNCED, HELD_WHILE_MIRRORING, includedConfigs } from '@/lib/contracts/topic-config-sync';
import type { TopicConfig } from '@/server/kafka/admin';

/** Kafka's default limit of a batch. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588n;
const LIMIT = 'max.message.bytes';
const NO_LIMIT = '9223372036854775807';

/** Set by mirroring itself; an operator's value would break exactness. */
export const FIXED_WHILE_MIRRORING = [...HELD_WHILE_MIRRORING, 'cleanup.policy'] as const;

/** Configs whose existence depends on the broker's version: from 3.6 two limits, until 3.x one. */
export const WIDE_TIMESTAMPS_NEW = {
  'message.timestamp.before.max.ms': NO_LIMIT,
  'message.timestamp.after.max.ms': NO_LIMIT,
};
export const WIDE_TIMESTAMPS_OLD = { 'message.timestamp.difference.max.ms': NO_LIMIT };

/**
 * Configs for creating or reconciling a mirror. Of what travels, that which is set on the source topic itself; the rest stays the
 * destination's default.
 * @param overrides the operator's choice for this mirror; those of FIXED_WHILE_MIRRORING are refused earlier
 * @param include topic.config.sync.include
 */
export function mirrorConfigs(
  source: TopicConfig[],
  overrides: Record<string, string>,
  include: string,
): Record<string, string> {
  const travels = new Set<string>([...ALWAYS_SYNCED, ...includedConfigs(include)]);
  const configs: Record<string, string> = {};
  for (const { name, value, overridden } of source) {
    if (overridden && value !== null && travels.has(name)) configs[name] = value;
  }
  Object.assign(configs, overrides);
  const wanted = BigInt(configs['max.message.bytes'] ?? '0');
  const sourceLimit = BigInt(configValue(source, 'max.message.bytes') ?? String(DEFAULT_MAX_MESSAGE_BYTES));
  configs['max.message.bytes'] = String(max(wanted, sourceLimit, DEFAULT_MAX_MESSAGE_BYTES));
  configs['cleanup.policy'] = configValue(source, 'cleanup.policy') ?? 'delete';
  configs['compression.type'] = 'producer';
  configs['message.timestamp.type'] = 'CreateTime';
  configs['retention.ms'] = '-1';
  configs['retention.bytes'] = '-1';
  return configs;
}

/**
 * What is to be set on a mirror so that it follows.
 * @param applied what was set last
 * @param deletable the policy holds `delete` for the removal of a head; whoever removes it sets the source's policy again
 * @param atLeastBytes of a batch that was refused: the limit is set in any case, somebody may have lowered it
 */
export function changedConfigs(
  applied: Record<string, string>,
  wanted: Record<string, string>,
  deletable: boolean,
  atLeastBytes?: number,
): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const [name, value] of Object.entries(wanted))
    if (!sameValue(applied[name] ?? null, value)) changed[name] = value;
  if (deletable && !isDeleting(wanted['cleanup.policy'] ?? null)) delete changed['cleanup.policy'];
  const [before, now] = [BigInt(applied[LIMIT] ?? '0'), BigInt(wanted[LIMIT] ?? '0')];
  if (now <= before) delete changed[LIMIT];
  if (atLeastBytes !== undefined) changed[LIMIT] = String(max(before, now, BigInt(atLeastBytes)));
  return changed;
}

/** What was set last, corrected by what stands on the mirror now: others may have changed it. */
export function standing(applied: Record<string, string>, present: TopicConfig[]): Record<string, string> {
  const stands = { ...applied };
  for (const { name, value } of present) if (value !== null) stands[name] = value;
  return stands;
}

/** Brokers tell a value as they understand it: 0.50 comes back as 0.5, "delete, compact" without the blank. */
export function sameValue(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && normalised(a) === normalised(b));
}
function normalised(value: string): string {
  const text = value.trim();
  if (/^-?\d+$/.test(text)) return String(BigInt(text));
  if (/^-?\d*\.\d+(e-?\d+)?$/i.test(text)) return String(Number(text));
  return text
    .split(',')
    .map((part) => part.trim())
    .join(',')
    .toLowerCase();
}

/** The timestamp limits that the destination's version has, as mirroring needs them. */
export function wideTimestamps(present: TopicConfig[]): Record<string, string> {
  const wide = Object.entries({ ...WIDE_TIMESTAMPS_NEW, ...WIDE_TIMESTAMPS_OLD });
  return Object.fromEntries(wide.filter(([name]) => configValue(present, name) !== null));
}

export function configValue(configs: TopicConfig[], name: string): string | null {
  return configs.find((config) => config.name === name)?.value ?? null;
}

export function isCompacted(policy: string | null): boolean {
  return policy?.split(',').some((p) => p.trim() === 'compact') ?? false;
}
export function isDeleting(policy: string | null): boolean {
  return policy?.split(',').some((p) => p.trim() === 'delete') ?? true;
}

function max(...values: bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b));
}
