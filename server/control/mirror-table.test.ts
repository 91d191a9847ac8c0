import { describe, expect, it } from 'vitest';
import { mirrorQuery } from '@/lib/contracts/link';
import { emptyLag } from '@/server/metrics/lag';
import type { MirrorFact } from './mirror-facts';
import { longestOperation, matchingNames, sliceMirrors, worstMirror } from './mirror-table';

const fact = (
  topic: string,
  more: Partial<MirrorFact> & { seconds?: number | null; messages?: bigint | null } = {},
) => {
  const { seconds = null, messages = null, ...rest } = more;
  const own: MirrorFact = {
    topic,
    sourceTopic: topic,
    state: 'ACTIVE',
    error: 'NO_ERROR',
    message: null,
    since: 0,
    partitions: 1,
    compacted: false,
    lag: { ...emptyLag(), messages, seconds },
    bytesPerSecond: null,
    recordsPerSecond: null,
    attention: false,
    operation: null,
    stopped: null,
    lock: null,
    ...rest,
  };
  return own;
};
const topics = (facts: MirrorFact[], query: object) =>
  sliceMirrors(facts, mirrorQuery.parse(query)).rows.map((row) => row.topic);

describe('the table of mirrors', () => {
  const facts = [
    fact('slow', { seconds: 90, messages: 10n }),
    fact('fast', { seconds: 0, messages: 0n }),
    fact('broken', { state: 'FAILED', attention: true }),
    fact('unknown'),
    fact('huge', { seconds: 5, messages: 2n ** 60n }),
  ];

  it('finds a mirror by the name of its source, whatever it is called itself', () => {
    const renamed = [fact('bestellungen', { sourceTopic: 'shop.Orders' }), fact('clicks')];
    expect(topics(renamed, { filter: 'shop.orders' })).toEqual(['bestellungen']);
  });

  it('shows the worst first: attention, state, lag in seconds, lag in messages', () => {
    expect(topics(facts, {})).toEqual(['broken', 'slow', 'huge', 'fast', 'unknown']);
    expect(topics(facts, { order: 'asc' })).toEqual(['unknown', 'fast', 'huge', 'slow', 'broken']);
  });

  it('puts unknown values last in both orders', () => {
    expect(topics(facts, { sort: 'lagMessages' })).toEqual(['huge', 'slow', 'fast', 'broken', 'unknown']);
    expect(topics(facts, { sort: 'lagMessages', order: 'asc' })).toEqual([
      'fast',
      'slow',
      'huge',
      'broken',
      'unknown',
    ]);
  });

  it('gives the names of all that a filter lets through, however many a page shows', () => {
    const { filter, attention, state } = mirrorQuery.parse({ filter: 'O', limit: 1 });
    expect(matchingNames(facts, { filter, attention, state })).toEqual(['broken', 'slow', 'unknown']);
    expect(matchingNames(facts, { filter: '', attention: '1', state })).toEqual(['broken']);
  });

  it('filters by name, state and attention, and tells how many there are', () => {
    expect(topics(facts, { filter: ' SL' })).toEqual(['slow']);
    expect(topics(facts, { state: 'FAILED' })).toEqual(['broken']);
    expect(topics(facts, { attention: '1' })).toEqual(['broken']);
    const page = sliceMirrors(facts, mirrorQuery.parse({ sort: 'topic', order: 'asc', offset: 1, limit: 2 }));
    expect(page).toMatchObject({ total: 5, matched: 5, attention: 1 });
    expect(page.rows.map((row) => row.topic)).toEqual(['fast', 'huge']);
  });

  it('names as worst mirror the one with most seconds, or most messages where no seconds are known', () => {
    expect(worstMirror(facts)?.topic).toBe('slow');
    expect(worstMirror([fact('a', { messages: 3n }), fact('b', { messages: 9n })])?.topic).toBe('b');
    expect(worstMirror([fact('a')])).toBe(null);
  });
});

describe('the operations of a link', () => {
  const operation = (since: number | null, startedAt = 10) => ({
    ...{ id: 'o', kind: 'PROMOTE' as const, startedAt },
    ...{ step: null, since, detail: null },
  });

  it('are counted, and the one that has been at its step for longest is named', () => {
    const waiting = [
      fact('a', { operation: operation(50) }),
      fact('b', { operation: operation(30) }),
      fact('c', { operation: operation(null, 40) }),
      fact('d'),
    ];
    expect(longestOperation(waiting)).toMatchObject({ open: 3, longest: { topic: 'b', since: 30 } });
    expect(longestOperation([fact('d')])).toEqual({ open: 0, longest: null });
  });
});
