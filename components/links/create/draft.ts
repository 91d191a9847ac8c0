// What has been entered for a new link so far. Kept in this tab's session, so that going back or reloading loses nothing. Pure.
import { z } from 'zod';
import { objectName } from '@/lib/contracts/common';
import { linkCheck } from '@/lib/contracts/engine';
import { type LinkSettings, linkPrefix, type MirrorWish, mirrorOptions } from '@/lib/contracts/link';
import { nameFiltersText, parseNameFilters } from '@/lib/contracts/name-filters';
import { HELD_WHILE_MIRRORING } from '@/lib/contracts/topic-config-sync';
import { mirrorNameOf } from '@/lib/mirror-name';
import { configsIn } from '../config-lines';

export const steps = ['clusters', 'checks', 'topics', 'review'] as const;
export type Step = (typeof steps)[number];

export const topicChoice = z.object({
  topics: z.array(z.string()),
  /** Source topic → name of its mirror, where it is not the usual one. */
  names: z.record(z.string(), z.string()),
  start: z.enum(['earliest', 'latest', 'time']),
  /** As the browser's date field writes it, in local time: `2026-11-23T18:00:00`. */
  startTime: z.string(),
  /** Empty: the destination's default. */
  replicationFactor: z.string(),
  /** Of the mirror topics, one `name=value` a line. */
  configs: z.string(),
});
export type TopicChoice = z.infer<typeof topicChoice>;

export const linkDraft = topicChoice.extend({
  name: z.string(),
  source: z.string(),
  destination: z.string(),
  /** Stands in front of the names of mirrors. */
  prefix: z.string(),
  /** The same link from the destination to the source is made too. */
  bothWays: z.boolean(),
  /** As `prefix`, of the other direction. */
  prefixBack: z.string(),
  autoCreate: z.boolean(),
  /** Which topics are mirrored by themselves, in Confluent's JSON. */
  filters: z.string(),
  /** The last checks, and for which ends they were run. */
  check: z.object({ of: z.string(), result: linkCheck }).nullable(),
});
export type LinkDraft = z.infer<typeof linkDraft>;

export const emptyChoice: TopicChoice = {
  topics: [],
  names: {},
  start: 'earliest',
  startTime: '',
  replicationFactor: '',
  configs: '',
};
export const emptyDraft: LinkDraft = {
  ...emptyChoice,
  ...{ name: '', source: '', destination: '', prefix: '', bothWays: false, prefixBack: '', check: null },
  ...{ autoCreate: false, filters: '' },
};

export const endsKey = (draft: LinkDraft): string => [draft.name, draft.source, draft.destination].join('/');

export type Problems = {
  name?: string;
  source?: string;
  destination?: string;
  prefix?: string;
  prefixBack?: string;
};

/** What keeps the first step from being done. */
export function clusterProblems(draft: LinkDraft): Problems {
  const name = objectName.safeParse(draft.name);
  const prefix = linkPrefix.safeParse(draft.prefix);
  const back = linkPrefix.safeParse(draft.bothWays ? draft.prefixBack : '');
  return {
    ...(prefix.success ? {} : { prefix: prefix.error.issues[0]?.message }),
    ...(back.success ? {} : { prefixBack: back.error.issues[0]?.message }),
    ...(name.success ? {} : { name: name.error.issues[0]?.message }),
    ...(draft.source ? {} : { source: 'Choose the cluster to copy from.' }),
    ...(!draft.destination
      ? { destination: 'Choose the cluster to copy to.' }
      : draft.destination === draft.source
        ? { destination: 'Source and destination are the same cluster.' }
        : {}),
  };
}

/** Checks that were run for exactly these ends and passed. */
export const checksPassed = (draft: LinkDraft): boolean =>
  draft.check?.of === endsKey(draft) && draft.check.result.ok;

export type ChoiceProblems = { startTime?: string; replicationFactor?: string; configs?: string };

export function choiceProblems(choice: TopicChoice, now: number): ChoiceProblems {
  const at = startTimeOf(choice);
  const factor = choice.replicationFactor.trim();
  const wrongFactor = factor !== '' && !/^[1-9]\d{0,2}$/.test(factor);
  return {
    ...(choice.start === 'time' && at === null ? { startTime: 'Give a date and a time.' } : {}),
    ...(choice.start === 'time' && at !== null && at > now
      ? { startTime: 'This time is still to come.' }
      : {}),
    ...(wrongFactor ? { replicationFactor: 'Give a whole number from 1, or leave it empty.' } : {}),
    ...configsProblem(choice),
  };
}

/** Names that Kafka does not know are found by the dry run. */
function configsProblem({ configs: text }: TopicChoice): { configs?: string } {
  const configs = configsIn(text);
  if (typeof configs === 'string') return { configs };
  const held = Object.keys(configs).find((name) => HELD.has(name));
  if (held !== undefined) return { configs: `${held} cannot be chosen: mirroring itself rules it.` };
  const parsed = mirrorOptions.shape.configs.safeParse(configs);
  return parsed.success ? {} : { configs: 'One of these names is not the name of a topic config.' };
}
const HELD: ReadonlySet<string> = new Set([...HELD_WHILE_MIRRORING, 'cleanup.policy']);

function startTimeOf(choice: TopicChoice): number | null {
  const at = choice.startTime === '' ? Number.NaN : new Date(choice.startTime).getTime();
  return Number.isNaN(at) ? null : at;
}

/** What keeps the filters from being sent; null when nothing does. */
export function filtersProblem(draft: LinkDraft): string | null {
  if (!draft.autoCreate) return null;
  const checked = nameFiltersText('topicFilters').safeParse(draft.filters);
  if (!checked.success) return checked.error.issues[0]?.message ?? 'These are no filters.';
  const included = parseNameFilters('topicFilters', draft.filters).some(
    ({ filterType }) => filterType === 'INCLUDE',
  );
  return included ? null : 'Add a filter that includes something, or switch it off.';
}

/** Topics as they are asked for: named where a name was chosen. */
export const wishesOf = ({ topics, names }: TopicChoice, prefix: string): MirrorWish[] =>
  topics.map((sourceTopic) => {
    const topic = names[sourceTopic]?.trim() ?? '';
    return topic === '' || topic === mirrorNameOf(prefix, sourceTopic) ? sourceTopic : { sourceTopic, topic };
  });

/** Only what differs from the defaults travels. */
export function settingsOf(draft: LinkDraft): Partial<LinkSettings> {
  return {
    ...(draft.prefix === '' ? {} : { 'cluster.link.prefix': draft.prefix }),
    ...(draft.bothWays ? { 'link.mode': 'BIDIRECTIONAL' as const } : {}),
    ...(draft.autoCreate
      ? {
          'auto.create.mirror.topics.enable': true,
          'auto.create.mirror.topics.filters': draft.filters,
        }
      : {}),
    ...startSetting(draft),
  };
}

function startSetting(choice: TopicChoice): Partial<LinkSettings> {
  if (choice.start === 'earliest') return {};
  if (choice.start === 'latest') return { 'mirror.start.offset.spec': 'latest' };
  const at = startTimeOf(choice);
  return at === null ? {} : { 'mirror.start.offset.spec': new Date(at).toISOString() };
}

export function mirrorOptionsOf(choice: TopicChoice): {
  replicationFactor: number | null;
  configs: Record<string, string>;
} {
  const factor = choice.replicationFactor.trim();
  const configs = configsIn(choice.configs);
  return {
    replicationFactor: factor === '' ? null : Number(factor),
    configs: typeof configs === 'string' ? {} : configs,
  };
}

/** The furthest step that what was entered allows; a deep link beyond it opens there. */
export function furthestStep(draft: LinkDraft, now: number): Step {
  if (Object.keys(clusterProblems(draft)).length > 0) return 'clusters';
  if (!checksPassed(draft)) return 'checks';
  const done = Object.keys(choiceProblems(draft, now)).length === 0 && filtersProblem(draft) === null;
  return done ? 'review' : 'topics';
}

export function allowedStep(asked: string | null, draft: LinkDraft, now: number): Step {
  const wanted = (steps as readonly string[]).indexOf(asked ?? '');
  return steps[Math.min(Math.max(wanted, 0), steps.indexOf(furthestStep(draft, now)))] ?? 'clusters';
}

/** The link that leads the other way, empty at first; null where one direction is enough. */
export function otherDirectionOf(draft: LinkDraft) {
  if (!draft.bothWays) return null;
  const settings: Partial<LinkSettings> = {
    'link.mode': 'BIDIRECTIONAL',
    ...(draft.prefixBack === '' ? {} : { 'cluster.link.prefix': draft.prefixBack }),
  };
  const ends = { name: draft.name, source: draft.destination, destination: draft.source };
  return { ...ends, settings, topics: [], mirrorOptions: { replicationFactor: null, configs: {} } };
}
