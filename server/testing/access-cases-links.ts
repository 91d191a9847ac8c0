// For the access matrix: the rows of the server itself, of clusters, links and mirrors.
import { expect } from 'vitest';
import type { AclBinding, HeldAcls } from '@/lib/contracts/acl';
import { operationOptions } from '@/lib/contracts/operation';
import { recordVerification } from '@/server/store/verification';
import { type Case, expectNothingUnseen, names, seenClusters, seenLinks } from './access-cases';
import { type AccessWorld, mirroring } from './access-world';
import { plain } from './requests';
import { snapshotOf } from './snapshots';

const orders = { destination: 'east', name: 'orders' };
const mirror = { ...orders, topic: 'orders' };
const orderLink = (world: AccessWorld) => world.server.runtime.catalog.findLink('east', 'orders');
const paused = (world: AccessWorld) => orderLink(world)?.mirrors.get('orders')?.paused;

const health: Case = () => ({ effect: ({ json }) => expect(json.status).toBe('OK') });

const newLink = { name: 'second', source: 'west', destination: 'east' };

const pausing =
  (wanted: boolean): Case =>
  async (world) => {
    const system = { kind: 'system' } as const;
    await world.server.runtime.mirrors.setOnePaused(system, mirror, !wanted, false);
    return {
      params: mirror,
      effect: ({ json }) => {
        expect(json.paused).toBe(wanted);
        expect(paused(world)).toBe(wanted);
      },
    };
  };

const swept = (world: AccessWorld, topic: string) => orderLink(world)?.mirrors.get(topic)?.sweep;
const sweeping =
  (path: typeof orders | typeof mirror, begin: boolean): Case =>
  async (world) => {
    const system = { kind: 'system' } as const;
    const { verification } = world.server.runtime;
    // The other way round before, so that there is something to do.
    await verification.startSweep(system, path, false);
    if (begin) await verification.cancelSweep(system, path, false);
    return {
      params: path,
      effect: ({ json }) => {
        const topics = 'topic' in path ? ['orders'] : ['clicks', 'orders'];
        expect(json.topics.toSorted()).toEqual(topics);
        for (const topic of topics) expect(swept(world, topic)?.endedAt === null).toBe(begin);
      },
    };
  };

const difference: Case = async (world) => {
  const { store, catalog } = world.server.runtime;
  const { id: linkId } = catalog.link('east', 'orders');
  const message = 'orders partition 0 differs from its source at offset 7.';
  const found = { topic: 'orders', sourceTopic: 'orders', partition: 0, foundAt: 1, message };
  const range = { comparedFrom: '7', comparedTo: '8', linkProducerId: '3', producer: null, more: false };
  const record = { offset: '7', kind: 'MISSING' as const, source: null, mirror: null };
  await store.transaction((trx) =>
    recordVerification(trx, {
      linkId,
      topic: 'orders',
      progress: '',
      sweepEnded: null,
      difference: { ...found, ...range, foundBy: 'SWEEP', records: [record] },
    }),
  );
  return {
    params: mirror,
    effect: ({ text }) => expect(JSON.parse(text).partitions[0].records[0].offset).toBe('7'),
  };
};
const failover = { kind: 'FAILOVER' as const, topics: ['orders'], reason: 'The source is gone for good.' };
const operationOf = (world: AccessWorld) => orderLink(world)?.mirrors.get('orders')?.operation;

/** As the engine would say; of a mirror that no other row does anything with. */
function failing({ server }: AccessWorld): void {
  const { id } = server.runtime.catalog.link('east', 'orders');
  const failed = { state: 'FAILED' as const, error: 'RECORD_TOO_LARGE' as const, message: 'Too large.' };
  const mirrors = [{ topic: 'clicks', ...failed, numbers: [{ stable: 5n, end: 5n }] }];
  server.engine.say(snapshotOf(Date.now(), [{ id, mirrors }]));
}

/** Begun by the server itself. */
async function failingOver(world: AccessWorld): Promise<string> {
  await mirroring(world);
  if (!operationOf(world)) {
    const options = operationOptions.parse({});
    const { operations } = world.server.runtime;
    await operations.start({ kind: 'system' }, orders, { ...failover, options }, false);
  }
  return operationOf(world)?.id ?? 'none';
}

/** The mirror "orders" was failed over. */
async function stoppedMirror({ server }: AccessWorld): Promise<void> {
  const { store, catalog } = server.runtime;
  const stopped = { at: 1, how: 'FAILOVER', operationId: 'none', partitions: 1, missing: null };
  await store.db
    .updateTable('mirror')
    .set({ created: 1, stopped: JSON.stringify(stopped) })
    .where('topic', '=', 'orders')
    .execute();
  await catalog.load();
}
const because = 'The old site is back.';

export const linkCases: Record<string, Case> = {
  'GET /healthz': health,
  'GET /readyz': health,
  'GET /metrics': (_, actor) => ({
    effect: ({ text }) => {
      const links = [...text.matchAll(/^landbridge_link_state\{link="([^"]+)",.*state="ACTIVE"/gm)].map(
        ([, name]) => name,
      );
      expect(links.sort()).toEqual(seenLinks(actor));
      expectNothingUnseen(actor, text);
    },
  }),
  'GET /api/health-report/preview': () => ({ effect: ({ json }) => expect(json.reporting).toBe(false) }),
  'GET /api/meta': () => ({ effect: ({ json }) => expect(json.engine).toBe('RUNNING') }),
  'GET /api/openapi.json': () => ({ effect: ({ json }) => expect(json.openapi).toMatch(/^3\.1/) }),
  'GET /api/{unknown}': () => ({ effect: () => expect.unreachable('nothing is there') }),

  'GET /api/clusters': (_, actor) => ({
    effect: ({ json, text }) => {
      expect(names(json.clusters, 'name')).toEqual(seenClusters(actor));
      const east = json.clusters.find((cluster: { name: string }) => cluster.name === 'east');
      if (east) expect(east.linksTo.toSorted()).toEqual(seenLinks(actor));
      expectNothingUnseen(actor, text);
    },
  }),
  'POST /api/clusters': (world) => ({
    body: plain('added'),
    effect: () => expect(world.server.runtime.catalog.findCluster('added')).toBeDefined(),
  }),
  'POST /api/clusters/test': () => ({
    body: plain('tried'),
    effect: ({ json }) => expect(json.clusterId).toBe('id-of-tried'),
  }),
  'GET /api/clusters/{name}': (_, actor) => ({
    params: { name: 'west' },
    effect: ({ json, text }) => {
      expect(json.linksFrom.toSorted()).toEqual(['guarded', 'orders']);
      expectNothingUnseen(actor, text);
    },
  }),
  'PUT /api/clusters/{name}': (world) => ({
    params: { name: 'unused' },
    body: { bootstrapServers: ['moved.example.com:9092'] },
    effect: () => {
      const { config } = world.server.runtime.catalog.cluster('unused');
      expect(config.bootstrapServers).toEqual(['moved.example.com:9092']);
    },
  }),
  'PATCH /api/clusters/{name}': (world) => ({
    params: { name: 'west' },
    body: { password: 'new-of-west' },
    effect: () => {
      const { config } = world.server.runtime.catalog.cluster('west');
      expect(config.security.sasl).toMatchObject({ password: 'new-of-west' });
    },
  }),
  'DELETE /api/clusters/{name}': (world) => ({
    params: { name: 'unused' },
    effect: () => expect(world.server.runtime.catalog.findCluster('unused')).toBeUndefined(),
  }),
  'POST /api/clusters/{name}/probe': () => ({
    params: { name: 'west' },
    effect: ({ json }) => expect(json.clusterId).toBe('id-of-west'),
  }),
  'GET /api/clusters/{name}/topics': () => ({
    params: { name: 'west' },
    effect: ({ json }) => expect(names(json.topics, 'name')).toEqual(['orders']),
  }),

  'GET /api/clusters/{name}/observed/summary': () => ({
    params: { name: 'west' },
    effect: ({ json }) => expect(json.clusterId).toBe('id-of-west'),
  }),
  'GET /api/clusters/{name}/observed/topics': () => ({
    params: { name: 'west' },
    effect: ({ json }) => expect(names(json.rows, 'name')).toEqual(['orders']),
  }),
  'GET /api/clusters/{name}/observed/topics/{topic}': () => ({
    params: { name: 'west', topic: 'orders' },
    effect: ({ json }) => expect(json.topic.name).toBe('orders'),
  }),
  'GET /api/clusters/{name}/observed/topics/{topic}/configs': () => ({
    params: { name: 'west', topic: 'orders' },
    effect: ({ json }) => expect(names(json.configs, 'name')).toEqual(['retention.ms']),
  }),
  'GET /api/clusters/{name}/observed/groups': () => ({
    params: { name: 'west' },
    effect: ({ json }) => expect(names(json.rows, 'group')).toEqual(['billing']),
  }),
  'GET /api/clusters/{name}/observed/groups/{group}': () => ({
    params: { name: 'west', group: 'billing' },
    effect: ({ json }) => expect(json.row.lagMessages).toBe('20'),
  }),
  'GET /api/clusters/{name}/observed/brokers': () => ({
    params: { name: 'west' },
    effect: ({ json }) => expect(names(json.rows, 'id')).toEqual([1]),
  }),
  'GET /api/clusters/{name}/observed/brokers/{broker}': () => ({
    params: { name: 'west', broker: '1' },
    effect: ({ json }) => expect(json.broker.id).toBe(1),
  }),
  'GET /api/clusters/{name}/observed/quorum': () => ({
    params: { name: 'west' },
    effect: ({ json }) => expect(json.leader).toBe(1),
  }),

  'GET /api/history': () => ({
    query: `?metric=landbridge_cluster_topics&labels=${encodeURIComponent('{"cluster":"west"}')}&fromMs=0&toMs=1000`,
    effect: ({ json }) => expect(json.series).toEqual([]),
  }),

  'GET /api/links': (_, actor) => ({
    effect: ({ json, text }) => {
      expect(names(json.links, 'name')).toEqual(seenLinks(actor));
      expectNothingUnseen(actor, text);
    },
  }),
  'POST /api/links': (world) => ({
    body: { ...newLink, topics: ['more'] },
    status: 201,
    effect: () =>
      expect([...world.server.runtime.catalog.link('east', 'second').mirrors.keys()]).toEqual(['more']),
  }),
  'POST /api/links/check': () => ({
    body: { ...newLink, scratch: true },
    effect: ({ json }) => expect(json).toMatchObject({ ok: true, sourceClusterId: 'id-of-west' }),
  }),
  // The topic is a mirror of the link "hidden": it is refused to all, and named to those only who may see it.
  'POST /api/links/preview': (_, actor) => ({
    body: { source: 'west', destination: 'east', topics: ['more', 'hidden-topic'] },
    effect: ({ json }) => {
      expect(json.verdicts.map((verdict: { ok: boolean }) => verdict.ok)).toEqual([true, false]);
      const named = json.verdicts[1].message.includes('link "hidden"');
      expect(named).toBe(seenLinks(actor).includes('hidden'));
    },
  }),
  'POST /api/links/preview/auto-create': () => ({
    body: {
      source: 'west',
      destination: 'east',
      filters: '{"topicFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}',
    },
    effect: ({ json }) => expect(json.total).toBe(1),
  }),
  'GET /api/links/{destination}/{name}': (_, actor) => ({
    params: orders,
    effect: ({ json, text }) => {
      expect(json.link).toMatchObject({ name: 'orders', mirrors: 2 });
      expectNothingUnseen(actor, text);
    },
  }),
  'PATCH /api/links/{destination}/{name}': (world) => ({
    params: orders,
    body: { 'cluster.link.paused': true },
    effect: () => expect(orderLink(world)?.settings['cluster.link.paused']).toBe(true),
  }),
  'DELETE /api/links/{destination}/{name}': (world) => ({
    params: orders,
    effect: () => expect(orderLink(world)).toBeUndefined(),
  }),
  'GET /api/links/{destination}/{name}/acls': () => ({
    params: orders,
    effect: ({ json }) => expect(json).toMatchObject({ source: 2, destination: 3 }),
  }),
  'DELETE /api/links/{destination}/{name}/fences/{topic}': (world) => {
    const binding: AclBinding = {
      ...{ resourceType: 'TOPIC', resourceName: 'orders', patternType: 'LITERAL' },
      ...{ principal: 'User:*', host: '*', operation: 'WRITE', permission: 'DENY' },
    };
    const fenced: HeldAcls = { purpose: 'FENCE', name: 'orders', bindings: [binding] };
    world.server.runtime.catalog.applyHeldAcls(orderLink(world)?.id ?? '', [fenced]);
    return {
      params: mirror,
      effect: ({ json }) => expect(json).toMatchObject({ topic: 'orders', lifted: true }),
    };
  },
  'GET /api/links/{destination}/{name}/mirrors': () => ({
    params: orders,
    effect: ({ json }) => expect(names(json.rows, 'topic')).toEqual(['clicks', 'orders']),
  }),
  'POST /api/links/{destination}/{name}/mirror-pauses': (world) => ({
    params: orders,
    body: { paused: true, pattern: 'ord.*' },
    effect: ({ json }) => {
      expect(json).toMatchObject({ changed: 1, mirrors: [{ topic: 'orders', ok: true }] });
      expect(paused(world)).toBe(true);
    },
  }),
  'POST /api/links/{destination}/{name}/mirror-removals': (world) => ({
    params: orders,
    body: { topics: ['orders'] },
    effect: () => expect([...(orderLink(world)?.mirrors.keys() ?? [])]).toEqual(['clicks']),
  }),
  'GET /api/links/{destination}/{name}/mirror-names': () => ({
    params: orders,
    effect: ({ json }) => expect(json.topics).toEqual(['clicks', 'orders']),
  }),
  'POST /api/links/{destination}/{name}/mirrors': (world) => ({
    params: orders,
    body: { topics: ['more'] },
    status: 201,
    effect: () => expect(orderLink(world)?.mirrors.has('more')).toBe(true),
  }),
  'GET /api/links/{destination}/{name}/mirrors/{topic}': () => ({
    params: mirror,
    effect: ({ json }) => expect(json.mirror.topic).toBe('orders'),
  }),
  'DELETE /api/links/{destination}/{name}/mirrors/{topic}': (world) => ({
    params: mirror,
    effect: () => expect([...(orderLink(world)?.mirrors.keys() ?? [])]).toEqual(['clicks']),
  }),
  'GET /api/links/{destination}/{name}/groups': () => ({
    params: orders,
    effect: ({ json }) => expect(names(json.rows, 'group')).toEqual(['billing']),
  }),
  'GET /api/links/{destination}/{name}/groups/{group}': () => ({
    params: { ...orders, group: 'billing' },
    effect: ({ json }) => expect(json.group.group).toBe('billing'),
  }),
  'POST /api/links/{destination}/{name}/group-preview': () => ({
    params: orders,
    body: { filters: '' },
    effect: ({ json }) => expect(json.matched).toBe(1),
  }),
  'POST /api/links/{destination}/{name}/tasks/{task}/run': () => ({
    params: { ...orders, task: 'TopicConfigsSync' },
    effect: ({ json }) => expect(json).toMatchObject({ name: 'TopicConfigsSync', state: 'ACTIVE' }),
  }),
  'POST /api/links/{destination}/{name}/sweep': sweeping(orders, true),
  'DELETE /api/links/{destination}/{name}/sweep': sweeping(orders, false),
  'POST /api/links/{destination}/{name}/mirrors/{topic}/sweep': sweeping(mirror, true),
  'DELETE /api/links/{destination}/{name}/mirrors/{topic}/sweep': sweeping(mirror, false),
  'GET /api/links/{destination}/{name}/mirrors/{topic}/difference': difference,
  'GET /api/links/{destination}/{name}/mirrors/{topic}/configs': () => ({
    params: mirror,
    effect: ({ json }) => expect(json.include).toEqual(['segment.ms']),
  }),
  'GET /api/links/{destination}/{name}/mirrors/{topic}/failback': async (world) => {
    await stoppedMirror(world);
    return { params: mirror, effect: ({ json }) => expect(json.parting).toMatchObject({ records: '2' }) };
  },
  'POST /api/links/{destination}/{name}/mirrors/{topic}/failback': async (world) => {
    await stoppedMirror(world);
    return {
      params: mirror,
      body: { confirm: 'orders', topicId: 'id-of-topic', reason: because },
      status: 202,
      effect: ({ json }) => {
        const back = world.server.runtime.catalog.link('west', 'orders');
        expect(back.mirrors.get('orders')?.operation).toMatchObject({
          kind: 'FAILBACK',
          id: json.operationId,
        });
      },
    };
  },
  'GET /api/links/{destination}/{name}/mirrors/{topic}/failback/records': async (world) => {
    await stoppedMirror(world);
    return {
      params: mirror,
      query: `?reason=${encodeURIComponent(because)}`,
      effect: ({ text }) => expect(text).toBe('{"partition":0}\n'),
    };
  },
  'GET /api/links/{destination}/{name}/mirrors/{topic}/repair': () => ({
    params: mirror,
    effect: ({ json }) => expect(names(json.ways, 'way')).toEqual(['CHECK_AGAIN', 'DECLARE_LOST', 'RESEED']),
  }),
  'POST /api/links/{destination}/{name}/mirrors/{topic}/repair': (world) => {
    failing(world);
    return {
      params: { ...orders, topic: 'clicks' },
      body: { way: 'CHECK_AGAIN', reason: 'The cause was mended.' },
      effect: ({ json }) => expect(json).toMatchObject({ way: 'CHECK_AGAIN', done: true }),
    };
  },
  'GET /api/links/{destination}/{name}/operations': async (world) => {
    const id = await failingOver(world);
    return { params: orders, effect: ({ json }) => expect(names(json.operations, 'id')).toEqual([id]) };
  },
  'POST /api/links/{destination}/{name}/operations': async (world) => {
    await mirroring(world);
    return {
      params: orders,
      body: failover,
      status: 202,
      effect: ({ json }) => {
        expect(json.started).toBe(1);
        expect(operationOf(world)).toMatchObject({ kind: 'FAILOVER', id: json.plans[0].operationId });
      },
    };
  },
  'GET /api/links/{destination}/{name}/operations/{id}': async (world) => {
    const id = await failingOver(world);
    return { params: { ...orders, id }, effect: ({ json }) => expect(json.topic).toBe('orders') };
  },
  'POST /api/links/{destination}/{name}/operations/{id}/cancel': async (world) => {
    const id = await failingOver(world);
    return {
      params: { ...orders, id },
      status: 202,
      effect: () => expect(operationOf(world)?.cancelAskedAtMs).not.toBeNull(),
    };
  },
  'GET /api/links/{destination}/{name}/operations/{id}/statement': async (world) => {
    const id = await failingOver(world);
    const statement = {
      ...{ at: 1, kind: 'FAILOVER', topic: 'orders', sourceTopic: 'orders', notes: [], missing: null },
      ...{ knownAt: null, configs: {}, partitions: [] },
    };
    const ended = { outcome: 'DONE', endedAtMs: 1, statement: JSON.stringify(statement) };
    await world.server.runtime.store.db.updateTable('operation').set(ended).where('id', '=', id).execute();
    return { params: { ...orders, id }, effect: ({ text }) => expect(text).toContain('"missing": null') };
  },
  'POST /api/links/{destination}/{name}/mirrors/{topic}/pause': pausing(true),
  'POST /api/links/{destination}/{name}/mirrors/{topic}/resume': pausing(false),
};
