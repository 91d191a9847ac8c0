// Which groups of the source the filters let through, where each is coordinated, and what they have committed on topics that the link mirrors.
import { type GroupType, groupType } from '@/lib/contracts/consumer-group';
import { letsThrough, type NameFilter } from '@/lib/contracts/name-filters';
import {
  committedOffsets,
  coordinatorsOf,
  type FoundGroup,
  isRefused,
  listAllGroups,
  shareGroupStarts,
} from '@/server/kafka/groups';
import type { CommittedOffset } from '@/server/kafka/wire/apis/offset-fetch';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import type { KafkaError } from '@/server/kafka/wire/errors';

export type SourceGroup = {
  group: string;
  type: GroupType;
  /** Null: no such group, or it may not be seen. */
  state: string | null;
  /** All that it has committed at the source. */
  offsets: CommittedOffset[];
  error: KafkaError | null;
};

export type SourceGroups = {
  groups: Map<string, SourceGroup>;
  /** What brokers said that did not list their groups. */
  troubles: KafkaError[];
  /** Filters by which nothing can be seen, because the principal may not. */
  refused: NameFilter[];
};

/** Other protocols than consumers', such as Connect's own groups, have no offsets. */
const CONSUMER_PROTOCOLS = new Set(['consumer', '']);
/** For "may anything be seen": a name that no group has. */
const PROBE = 'landbridge-rights-probe';

/** A group name by which a filter's rights can be tried. */
export const probeNameOf = ({ name }: NameFilter): string => (name === '*' ? PROBE : name);

export const isConsumerGroup = ({ type, protocolType }: FoundGroup): boolean =>
  (type !== null && type !== '' && type.toLowerCase() !== 'classic') || CONSUMER_PROTOCOLS.has(protocolType);

export async function sourceGroups(
  client: ClusterClient,
  filters: readonly NameFilter[],
): Promise<SourceGroups> {
  const listed = await listAllGroups(client);
  const groups = new Map<string, SourceGroup>();
  const coordinators = new Map<string, number>();
  const shares = new Map<string, number>();
  for (const found of listed.groups.values()) {
    if (!letsThrough(filters, found.group) || !isConsumerGroup(found)) continue;
    groups.set(found.group, { group: found.group, ...typeAndState(found), offsets: [], error: null });
    (typeOf(found) === 'share' ? shares : coordinators).set(found.group, found.coordinator);
  }
  // A group that was named may be one that we may not see.
  const named = filters
    .filter((f) => f.filterType === 'INCLUDE' && f.patternType === 'LITERAL' && f.name !== '*')
    .map((f) => f.name)
    .filter((name) => !listed.groups.has(name) && letsThrough(filters, name));
  const refused: NameFilter[] = [];
  for (const [group, answer] of await coordinatorsOf(client, [...new Set(named)])) {
    if (answer.error && !isRefused(answer.error)) continue;
    groups.set(group, { group, type: 'unknown', state: null, offsets: [], error: answer.error });
    if (answer.error) refused.push({ name: group, patternType: 'LITERAL', filterType: 'INCLUDE' });
    else coordinators.set(group, answer.value);
  }
  const committed = await committedOffsets(client, coordinators, { requireStable: false });
  for (const [group, { value, error }] of [...committed, ...(await shareGroupStarts(client, shares))]) {
    const found = groups.get(group);
    if (!found) continue;
    if (error) found.error = error;
    else found.offsets = value;
  }
  refused.push(...(await unseen(client, filters, groups)));
  return { groups, troubles: listed.troubles, refused };
}

/** Patterns by which no group was listed because none may be seen: the list itself doesn't tell. */
async function unseen(
  client: ClusterClient,
  filters: readonly NameFilter[],
  groups: ReadonlyMap<string, SourceGroup>,
): Promise<NameFilter[]> {
  const empty = filters.filter(
    (filter) =>
      filter.filterType === 'INCLUDE' &&
      (filter.patternType === 'PREFIXED' || filter.name === '*') &&
      ![...groups.keys()].some((name) => filter.name === '*' || name.startsWith(filter.name)),
  );
  const probes = new Map(empty.map((filter) => [probeNameOf(filter), filter]));
  const refused: NameFilter[] = [];
  for (const [name, { error }] of await coordinatorsOf(client, [...probes.keys()])) {
    const filter = probes.get(name);
    if (filter && error && isRefused(error)) refused.push(filter);
  }
  return refused;
}

/** Before Kafka 3.8 the type isn't told: there are classic groups only. */
export function typeOf({ type }: FoundGroup): GroupType {
  return groupType.catch('unknown').parse(type?.toLowerCase() ?? 'classic');
}

function typeAndState(found: FoundGroup): { type: GroupType; state: string } {
  return { type: typeOf(found), state: found.state };
}
