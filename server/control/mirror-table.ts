// Filters, sorts and cuts the mirrors of a link for one page of the table. Pure; 10,000 mirrors take a few milliseconds.
import type { z } from 'zod';
import type { LinkRow, MirrorState, mirrorQuery } from '@/lib/contracts/link';
import type { MirrorFact } from './mirror-facts';

export type MirrorQuery = z.infer<typeof mirrorQuery>;
export type MirrorSlice = { total: number; matched: number; attention: number; rows: MirrorFact[] };

/** Worst first. */
const severity: Record<MirrorState, number> = {
  FAILED: 0,
  LINK_FAILED: 1,
  SOURCE_UNAVAILABLE: 2,
  PENDING_STOPPED: 3,
  PENDING_SYNCHRONIZE: 4,
  PENDING_MIRROR: 5,
  ACTIVE: 6,
  PAUSED: 7,
  LINK_PAUSED: 8,
  STOPPED: 9,
};

export type MirrorFilter = Pick<MirrorQuery, 'filter' | 'attention' | 'state'>;

export function sliceMirrors(facts: readonly MirrorFact[], query: MirrorQuery): MirrorSlice {
  const matched = sorted(facts, query).filter(letThrough(query));
  return {
    total: facts.length,
    matched: matched.length,
    attention: facts.reduce((count, fact) => count + (fact.attention ? 1 : 0), 0),
    rows: matched.slice(query.offset, query.offset + query.limit),
  };
}

/** Names of all that the filter of the table lets through, in their order. */
export const matchingNames = (facts: readonly MirrorFact[], filter: MirrorFilter): string[] =>
  facts
    .filter(letThrough(filter))
    .map(({ topic }) => topic)
    .sort();

function letThrough({ filter, attention, state }: MirrorFilter): (fact: MirrorFact) => boolean {
  const needle = filter.trim().toLowerCase();
  return (fact) =>
    (needle === '' ||
      fact.topic.toLowerCase().includes(needle) ||
      fact.sourceTopic.toLowerCase().includes(needle)) &&
    (attention === '0' || fact.attention) &&
    (state === undefined || fact.state === state);
}

/** Everybody who looks at one snapshot in one order shares the sorting; it goes with the snapshot. */
const sortedFacts = new WeakMap<readonly MirrorFact[], Map<string, MirrorFact[]>>();

function sorted(facts: readonly MirrorFact[], query: MirrorQuery): readonly MirrorFact[] {
  const orders = sortedFacts.get(facts) ?? new Map<string, MirrorFact[]>();
  sortedFacts.set(facts, orders);
  const key = `${query.sort} ${query.order}`;
  const known = orders.get(key) ?? facts.toSorted(comparator(query));
  orders.set(key, known);
  return known;
}

type Compare = (a: MirrorFact, b: MirrorFact) => number;

/** Unknown values stand last in both orders; ties are in the order of topics, so that a page never shuffles. */
function comparator({ sort, order }: MirrorQuery): Compare {
  const sign = order === 'asc' ? 1 : -1;
  switch (sort) {
    case 'topic':
      return (a, b) => sign * byTopic(a, b);
    case 'state':
      return (a, b) => sign * (severity[b.state] - severity[a.state]) || byTopic(a, b);
    case 'worst':
      return (a, b) => sign * byBadness(a, b) || byTopic(a, b);
    case 'lagMessages':
      return byKnown((fact) => fact.lag.messages, sign);
    case 'lagBytes':
      return byKnown((fact) => fact.lag.bytes, sign);
    case 'lagSeconds':
      return byKnown((fact) => fact.lag.seconds, sign);
    case 'recordsPerSecond':
      return byKnown((fact) => fact.recordsPerSecond, sign);
    case 'partitions':
      return byKnown((fact) => fact.partitions, sign);
  }
}

/** Positive when `a` is worse: attention, then state, then lag in seconds, then in messages. */
function byBadness(a: MirrorFact, b: MirrorFact): number {
  return (
    Number(a.attention) - Number(b.attention) ||
    severity[b.state] - severity[a.state] ||
    (a.lag.seconds ?? -1) - (b.lag.seconds ?? -1) ||
    compare(a.lag.messages ?? -1n, b.lag.messages ?? -1n)
  );
}

function byKnown(value: (fact: MirrorFact) => number | bigint | null, sign: number): Compare {
  return (a, b) => {
    const left = value(a);
    const right = value(b);
    if (left === null || right === null) {
      return Number(left === null) - Number(right === null) || byTopic(a, b);
    }
    return sign * compare(left, right) || byTopic(a, b);
  };
}

const compare = (a: number | bigint, b: number | bigint) => (a < b ? -1 : a > b ? 1 : 0);
const byTopic: Compare = (a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0);

/** The mirror with the highest lag in seconds, or in messages where no seconds are known. */
export function worstMirror(facts: readonly MirrorFact[]): MirrorFact | null {
  let worst: MirrorFact | null = null;
  for (const fact of facts) {
    if (fact.lag.seconds === null && fact.lag.messages === null) continue;
    if (worst === null || isWorse(fact, worst)) worst = fact;
  }
  return worst;
}

function isWorse(a: MirrorFact, b: MirrorFact): boolean {
  if (a.lag.seconds !== null && b.lag.seconds !== null && a.lag.seconds !== b.lag.seconds) {
    return a.lag.seconds > b.lag.seconds;
  }
  if (a.lag.seconds !== null && b.lag.seconds === null) return true;
  if (a.lag.seconds === null && b.lag.seconds !== null) return false;
  return (a.lag.messages ?? -1n) > (b.lag.messages ?? -1n);
}

/** Of the promotes and failovers under way, the one that has been at its step for longest. */
export function longestOperation(facts: readonly MirrorFact[]): LinkRow['operations'] {
  const open = facts.flatMap(({ topic, operation }) => (operation ? [{ topic, ...operation }] : []));
  const since = (one: (typeof open)[number]) => one.since ?? one.startedAt;
  const longest = open.reduce<(typeof open)[number] | null>(
    (before, one) => (before === null || since(one) < since(before) ? one : before),
    null,
  );
  return { open: open.length, longest };
}
