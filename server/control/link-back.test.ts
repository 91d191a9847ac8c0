// The way back of mirrors: once, under the names of before, never over somebody else's.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkSettings } from '@/lib/contracts/link';
import { setMirrorStopped } from '@/server/store/mirrors';
import { addClusters, createLink } from '@/server/testing/requests';
import { startTestServer, type TestServer } from '@/server/testing/test-server';
import type { CatalogLink } from './catalog';
import { Changes } from './changes';
import { backNames, findLinkBack, requireWayBack, settingsBack, writeLinkBack } from './link-back';
import { targetOf } from './link-operations';

const actor = { kind: 'engine' } as const;
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink({ topics: ['orders', 'clicks'], settings: { 'two.person.operations': 'reverse' } });
});
afterEach(() => server.close());

const forth = () => linkTo('east');
const linkTo = (destination: string) =>
  server.runtime.catalog.links.find((link) => link.destination === destination) as CatalogLink;

function turn(link: CatalogLink, ...topics: string[]) {
  const { store, audit, catalog } = server.runtime;
  const changes = new Changes({ store, audit, catalog, send: () => undefined });
  const mirrors = topics.map((topic) => {
    const { sourceTopic } = link.mirrors.get(topic) ?? { sourceTopic: topic };
    return { ...backNames({ topic, sourceTopic }), created: true };
  });
  const asked = { actor, operation: 'test', target: targetOf(link) };
  return changes.audited(asked, (trx, entry) => writeLinkBack(trx, catalog, { actor, entry }, link, mirrors));
}

const stop = async (link: CatalogLink, topic: string) => {
  const stopped = { at: 1, how: 'PROMOTE', operationId: 'o', partitions: 1, missing: '0' } as const;
  await setMirrorStopped(server.runtime.store.db, link.id, topic, stopped);
  await server.runtime.catalog.load();
};

describe('the way back', () => {
  it('is a link of the same name in the other direction, made once', async () => {
    const first = await turn(forth(), 'orders');
    expect(first).toMatchObject({ isNew: true, added: ['orders'] });
    const back = linkTo('west');
    expect(back).toMatchObject({ name: forth().name, source: 'east', sourceClusterId: 'id-of-east' });
    expect(back.settings['two.person.operations']).toBe('reverse');
    expect(back.mirrors.get('orders')).toMatchObject({ created: true, stopped: null });
    expect(await turn(forth(), 'orders')).toMatchObject({ isNew: false, added: [] });
    expect(await turn(forth(), 'orders', 'clicks')).toMatchObject({ isNew: false, added: ['clicks'] });
    expect(server.runtime.catalog.links).toHaveLength(2);
  });

  it('leads back again: a stopped mirror gives way to a new one', async () => {
    await turn(forth(), 'orders');
    await stop(forth(), 'orders');
    expect(await turn(linkTo('west'), 'orders')).toMatchObject({ isNew: false, added: ['orders'] });
    expect(forth().mirrors.get('orders')?.stopped).toBeNull();
  });

  it('is refused where another link has the name, or feeds the topic', async () => {
    const other = { ...forth(), id: 'x', source: 'south', sourceClusterId: 'id-of-south' };
    const third: CatalogLink = { ...other, destination: 'west', destinationClusterId: 'id-of-west' };
    const over = (link: CatalogLink) => ({ links: [forth(), link], deletions: [] });
    const names = [{ topic: 'orders', sourceTopic: 'orders' }];
    expect(() => requireWayBack(over(third), forth(), names)).toThrow(/has that name already/);
    expect(() => requireWayBack(over({ ...third, name: 'else' }), forth(), names)).toThrow(
      /is already a mirror topic of link "else"/,
    );
    expect(findLinkBack(forth(), [forth(), third])).toBeNull();
  });

  it('takes over neither names of mirrors nor rights that people were given', () => {
    const settings = linkSettings.parse({
      'cluster.link.prefix': 'west.',
      'consumer.group.prefix.enable': true,
      'consumer.offset.sync.enable': true,
      'acl.sync.enable': true,
      'topic.config.sync.ms': 7_000,
    });
    expect(settingsBack(settings)).toEqual({ ...linkSettings.parse({}), 'topic.config.sync.ms': 7_000 });
    expect(backNames({ topic: 'west.orders', sourceTopic: 'orders' })).toEqual({
      topic: 'orders',
      sourceTopic: 'west.orders',
    });
  });
});
