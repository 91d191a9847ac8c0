// What a link's filters and the registered links say of each topic of its source. Pure: neither store nor Kafka is asked here.
import type { AutoCreateJudgement, AutoCreateVerdict } from '@/lib/contracts/auto-create';
import { filterText, type NameFilter, whyFiltered } from '@/lib/contracts/name-filters';
import { mirrorNameOf, TOPIC_NAME_AT_MOST } from '@/lib/mirror-name';
import { reservedTopicMessage } from '@/server/link/reserved-topics';
import type { CatalogLink } from './catalog';
import { findConflicts, type Leaving, originsOf } from './conflicts';
import { kindWords } from './operation-plan';

export type AutoCreateRule = {
  prefix: string;
  filters: readonly NameFilter[];
  sourceClusterId: string;
  destinationClusterId: string;
  /** Null while the link is being made. */
  link: CatalogLink | null;
  /** All there are, whoever may see them. */
  links: readonly CatalogLink[];
  /** Topics that are to be deleted. */
  deletions?: readonly Leaving[];
  /** The one who reads the answer may see this one by name. */
  sees: (link: CatalogLink) => boolean;
};

export function judgeTopics(rule: AutoCreateRule, sourceTopics: readonly string[]): AutoCreateJudgement[] {
  const links = rule.links.map((link) => ({
    ...link,
    name: rule.sees(link) ? link.name : null,
    mirrors: [...link.mirrors.values()],
  }));
  const leadsBack = originsOf(links);
  const ends = {
    sourceClusterId: rule.sourceClusterId,
    destinationClusterId: rule.destinationClusterId,
  };
  const known = new Map(
    [...(rule.link?.mirrors.values() ?? [])].map((mirror) => [mirror.sourceTopic, mirror]),
  );
  const judged = sourceTopics.map((sourceTopic): AutoCreateJudgement => {
    const topic = mirrorNameOf(rule.prefix, sourceTopic);
    const as = (verdict: AutoCreateVerdict, message: string) => ({ sourceTopic, topic, verdict, message });
    const filtered = filteredOut(rule.filters, sourceTopic);
    if (filtered) return as(...filtered);
    const reserved = reservedTopicMessage(sourceTopic) ?? reservedTopicMessage(topic);
    if (reserved !== null) return as('RESERVED', reserved);
    const mirror = known.get(sourceTopic);
    if (mirror?.stopped) {
      const how = kindWords[mirror.stopped.how].doing;
      return {
        ...as(
          'STOPPED',
          `It was ${how} at ${new Date(mirror.stopped.at).toISOString()} and is an ordinary topic since: it is not mirrored again by itself. To bring it back, delete ${mirror.topic} on the destination, take the mirror off the link, and add it by hand.`,
        ),
        topic: mirror.topic,
      };
    }
    if (mirror) return { ...as('MIRRORED', 'A mirror of this link already.'), topic: mirror.topic };
    const removed = rule.link?.removed.get(sourceTopic);
    if (removed)
      return as(
        'REMOVED',
        `${removed.actor} took it off the link at ${new Date(removed.atMs).toISOString()}: it is not mirrored again by itself. To bring it back, add it by hand.`,
      );
    if (leadsBack({ clusterId: rule.sourceClusterId, topic: sourceTopic }, rule.destinationClusterId))
      return as('LEADS_BACK', 'Its records come from the destination: mirrored there, they would go round.');
    if (topic.length > TOPIC_NAME_AT_MOST)
      return as(
        'NAME_TOO_LONG',
        `${topic} has ${topic.length} characters; a topic name has at most ${TOPIC_NAME_AT_MOST}. Exclude it, or mirror it by hand under another name.`,
      );
    return as('MATCHED', 'Will be mirrored.');
  });
  const wanted = judged.filter(({ verdict }) => verdict === 'MATCHED');
  const conflicts = new Map(
    findConflicts(
      wanted.map(({ topic, sourceTopic }) => ({ ...ends, topic, sourceTopic })),
      links,
      rule.deletions,
    ).map((conflict) => [conflict.topic, conflict]),
  );
  return judged.map((one) => {
    const conflict = one.verdict === 'MATCHED' ? conflicts.get(one.topic) : undefined;
    if (!conflict) return one;
    const verdict = conflict.code === 'MIRROR_CYCLE' ? 'LEADS_BACK' : 'TAKEN';
    return { ...one, verdict, message: conflict.message };
  });
}

function filteredOut(filters: readonly NameFilter[], name: string): [AutoCreateVerdict, string] | null {
  const { why, by } = whyFiltered(filters, name);
  switch (why) {
    case 'INCLUDED':
      return null;
    case 'EXCLUDED':
      return ['EXCLUDED', `Excluded by the filter on ${by ? filterText(by) : 'its name'}.`];
    case 'INTERNAL':
      return ['INTERNAL', 'Names that begin with "_" are mirrored only where a filter names them literally.'];
    case 'NOT_INCLUDED':
      return ['NOT_INCLUDED', 'No filter includes it.'];
  }
}
