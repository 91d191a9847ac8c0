// Which configs of source topics travel to their mirrors (topic.config.sync.include), and where a mirror's configs differ from its source's.
import { z } from 'zod';
import { timestampMs } from './common';

/** Travel whatever is chosen: a mirror that cleans otherwise, or refuses a batch, would not be one. */
export const ALWAYS_SYNCED = ['cleanup.policy', 'max.message.bytes'] as const;

/** Travel unless an operator chooses others. */
const DEFAULT_SYNCED = [
  'delete.retention.ms',
  'file.delete.delay.ms',
  'index.interval.bytes',
  'max.compaction.lag.ms',
  'min.cleanable.dirty.ratio',
  'min.compaction.lag.ms',
  'segment.bytes',
  'segment.index.bytes',
  'segment.jitter.ms',
  'segment.ms',
] as const;

/** What every release of Kafka since 3.0 knows, and what means the same on another cluster. */
export const CHOOSABLE: readonly string[] = [
  ...DEFAULT_SYNCED,
  'flush.messages',
  'flush.ms',
  'min.insync.replicas',
  'preallocate',
  'unclean.leader.election.enable',
];

/** Mirroring itself rules them; the source's values are set when the mirror is promoted or failed over. */
export const HELD_WHILE_MIRRORING = [
  'compression.type',
  'message.timestamp.type',
  'message.timestamp.before.max.ms',
  'message.timestamp.after.max.ms',
  'message.timestamp.difference.max.ms',
  'retention.ms',
  'retention.bytes',
] as const;

export const DEFAULT_INCLUDE = DEFAULT_SYNCED.join(',');

const held = new Set<string>(HELD_WHILE_MIRRORING);
const always = new Set<string>(ALWAYS_SYNCED);

/** Names of a comma-separated list, as Kafka writes lists. */
export const includedConfigs = (include: string): string[] =>
  include
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

function complaintAbout(name: string): string | null {
  if (always.has(name) || CHOOSABLE.includes(name)) return null;
  return held.has(name)
    ? `${name} cannot be chosen: mirroring itself rules it, and the source's value is set when the mirror is promoted. Leave it out.`
    : `${name} cannot be chosen. These can: ${CHOOSABLE.join(', ')}.`;
}

/** @returns without blanks and repetitions; those that always travel may be named, and need not be */
export const topicConfigInclude = z
  .string()
  .max(2_000, 'At most 2,000 characters.')
  .superRefine((text, context) => {
    for (const name of includedConfigs(text)) {
      const message = complaintAbout(name);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }
  })
  .transform((text) => [...new Set(includedConfigs(text))].join(','));

/**
 * ALWAYS and CHOSEN travel where they are set on the source topic. OWN: this mirror was given one when it was created. HELD: ruled by
 * mirroring until promotion. NOT_CHOSEN could travel. NEVER: means something else, or nothing, on another cluster.
 */
export const configRule = z.enum(['ALWAYS', 'CHOSEN', 'OWN', 'HELD', 'NOT_CHOSEN', 'NEVER']);
export type ConfigRule = z.infer<typeof configRule>;

export const mirrorConfigRow = z.object({
  name: z.string(),
  /** In force there, whether set on the topic or a default; null where that side does not know it. */
  source: z.string().nullable(),
  mirror: z.string().nullable(),
  same: z.boolean(),
  rule: configRule,
  /** Whose value stands on the mirror. BOTH: they are the same. */
  holds: z.enum(['BOTH', 'SOURCE', 'MIRROR', 'LINK', 'OPERATOR']),
  why: z.string(),
});
export type MirrorConfigRow = z.infer<typeof mirrorConfigRow>;

export const mirrorConfigsView = z.object({
  /** When both sides were last read; null before the first look. */
  readAt: timestampMs.nullable(),
  /** Why the mirror's configs cannot follow, or could not be read. */
  trouble: z.string().nullable(),
  include: z.array(z.string()),
  /** What differs, and what is set on the source topic itself; by name. */
  rows: z.array(mirrorConfigRow),
});
export type MirrorConfigsView = z.infer<typeof mirrorConfigsView>;
