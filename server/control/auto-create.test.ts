// What is said of each topic of a source, from filters and registered links alone.
import { describe, expect, it } from 'vitest';
import { linkSettings } from '@/lib/contracts/link';
import type { NameFilter } from '@/lib/contracts/name-filters';
import { judgeTopics } from './auto-create';
import type { CatalogLink } from './catalog';
import { newMirror } from './link-operations';

const include = (name: string, patternType: NameFilter['patternType'] = 'LITERAL'): NameFilter => ({
  ...{ name, patternType },
  filterType: 'INCLUDE',
});
const exclude = (name: string, patternType: NameFilter['patternType'] = 'LITERAL'): NameFilter => ({
  ...{ name, patternType },
  filterType: 'EXCLUDE',
});
const all = include('*');

/** @param mirrors source topic → name of the mirror */
function linkOf(from: string, to: string, mirrors: Record<string, string>): CatalogLink {
  const options = { replicationFactor: null, configs: {} };
  const rows = Object.entries(mirrors).map(([sourceTopic, topic]) =>
    newMirror(`${from}-${to}`, { topic, sourceTopic }, options, 0),
  );
  return {
    id: `${from}-${to}`,
    name: `${from}-${to}`,
    source: from,
    destination: to,
    sourceClusterId: from,
    destinationClusterId: to,
    settings: linkSettings.parse({}),
    cleanStopEpoch: null,
    createdAtMs: 0,
    mirrors: new Map(rows.map((row) => [row.topic, { ...row, operation: null }])),
    heldAcls: [],
    removed: new Map(),
  };
}

type Wish = { filters?: NameFilter[]; prefix?: string; links?: CatalogLink[]; sees?: boolean };

/** On a link from a to b, the first of the links that lead there. */
function verdicts(topics: string[], { filters = [all], prefix = '', links = [], sees = true }: Wish = {}) {
  const link = links.find((one) => one.id === 'a-b') ?? null;
  const judged = judgeTopics(
    {
      ...{ prefix, filters, link, links },
      sourceClusterId: 'a',
      destinationClusterId: 'b',
      sees: () => sees,
    },
    topics,
  );
  return Object.fromEntries(judged.map(({ sourceTopic, verdict }) => [sourceTopic, verdict]));
}

describe('filters of auto-created mirrors', () => {
  it('include by name and prefix, and exclude wins', () => {
    const filters = [include('orders'), include('shop.', 'PREFIXED'), exclude('shop.secret', 'PREFIXED')];
    expect(verdicts(['orders', 'orders2', 'shop.a', 'shop.secrets'], { filters })).toEqual({
      orders: 'MATCHED',
      orders2: 'NOT_INCLUDED',
      'shop.a': 'MATCHED',
      'shop.secrets': 'EXCLUDED',
    });
  });

  it("take names with a leading _ only literally, and Kafka's own never", () => {
    const filters = [all, include('_schemas'), include('__consumer_offsets')];
    expect(verdicts(['_schemas', '_confluent-metrics', '__consumer_offsets'], { filters })).toEqual({
      _schemas: 'MATCHED',
      '_confluent-metrics': 'INTERNAL',
      __consumer_offsets: 'RESERVED',
    });
  });

  it('take no name that the prefix makes too long', () => {
    expect(verdicts(['x'.repeat(247)], { prefix: 'eu.' })).toEqual({ ['x'.repeat(247)]: 'NAME_TOO_LONG' });
  });
});

describe('a topic that the link knows', () => {
  it('is left alone: mirrored under any name, stopped, or taken off by a person', () => {
    const link = linkOf('a', 'b', { orders: 'renamed', gone: 'gone', over: 'over' });
    const over = link.mirrors.get('over');
    if (over) over.stopped = { at: 0, how: 'FAILOVER', operationId: 'o', partitions: 1, missing: null };
    link.removed.set('off', { linkId: 'a-b', sourceTopic: 'off', topic: 'off', atMs: 0, actor: 'anna' });
    expect(verdicts(['orders', 'over', 'off', 'new'], { links: [link] })).toEqual({
      orders: 'MIRRORED',
      over: 'STOPPED',
      off: 'REMOVED',
      new: 'MATCHED',
    });
  });
});

describe('a topic whose records come from the destination', () => {
  it('is not mirrored back, under whatever name and over however many clusters', () => {
    const links = [
      linkOf('b', 'a', { plain: 'plain', named: 'b.named' }),
      linkOf('b', 'c', { far: 'b.far' }),
      linkOf('c', 'a', { 'b.far': 'c.b.far', own: 'c.own' }),
    ];
    expect(verdicts(['plain', 'b.named', 'c.b.far', 'c.own'], { links, prefix: 'a.' })).toEqual({
      plain: 'LEADS_BACK',
      'b.named': 'LEADS_BACK',
      'c.b.far': 'LEADS_BACK',
      'c.own': 'MATCHED',
    });
  });

  it('is mirrored once the link that brought it has stopped', () => {
    const back = linkOf('b', 'a', { plain: 'plain' });
    const mirror = back.mirrors.get('plain');
    if (mirror) mirror.stopped = { at: 0, how: 'PROMOTE', operationId: 'o', partitions: 1, missing: '0' };
    expect(verdicts(['plain'], { links: [back] })).toEqual({ plain: 'MATCHED' });
  });
});

describe('a name that is taken', () => {
  it('is an error that names no link that may not be seen', () => {
    const other = { ...linkOf('c', 'b', { orders: 'orders' }), name: 'secret' };
    const wish = { filters: [all], links: [other], link: null, prefix: '' };
    const ends = { sourceClusterId: 'a', destinationClusterId: 'b' };
    const said = (sees: boolean) =>
      judgeTopics({ ...wish, ...ends, sees: () => sees }, ['orders'])[0] ?? { verdict: '', message: '' };
    expect(said(true)).toMatchObject({ verdict: 'TAKEN', message: expect.stringContaining('secret') });
    expect(said(false).message).not.toContain('secret');
  });

  it('by the mirror of another of its own topics counts too', () => {
    expect(verdicts(['eu.orders', 'orders'], { filters: [all], prefix: 'eu.' })).toEqual({
      'eu.orders': 'MATCHED',
      orders: 'MATCHED',
    });
    const link = linkOf('a', 'b', { something: 'eu.orders' });
    expect(verdicts(['orders'], { links: [link], prefix: 'eu.' })).toEqual({ orders: 'TAKEN' });
  });
});
