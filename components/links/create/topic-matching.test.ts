import { describe, expect, it } from 'vitest';
import type { TopicView } from '@/lib/contracts/cluster';
import { matchingTopics, withAll, withoutAll } from './topic-matching';

const topic = (name: string, internal = false): TopicView => ({
  name,
  internal,
  partitions: 1,
  replicationFactor: 1,
  cleanupPolicy: 'delete',
});
const topics = [
  topic('shop.orders'),
  topic('shop.clicks'),
  topic('__consumer_offsets', true),
  topic('_schemas'),
];

describe('choosing topics', () => {
  it('hides internal topics and those with an underscore unless asked for', () => {
    expect(matchingTopics(topics, '', false).map((t) => t.name)).toEqual(['shop.clicks', 'shop.orders']);
    expect(matchingTopics(topics, '', true)).toHaveLength(4);
  });

  it('lets through what holds every word of the filter', () => {
    expect(matchingTopics(topics, 'SHOP ord', false).map((t) => t.name)).toEqual(['shop.orders']);
  });

  it('adds and takes away what matches without touching the rest', () => {
    const all = withAll(['other'], matchingTopics(topics, 'shop', false));
    expect(all).toEqual(['other', 'shop.clicks', 'shop.orders']);
    expect(withoutAll(all, matchingTopics(topics, 'clicks', false))).toEqual(['other', 'shop.orders']);
  });
});
