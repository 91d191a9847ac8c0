// For the access matrix: the rows of /kafka/v3.
import { expect } from 'vitest';
import { type Case, expectNothingUnseen, names, seenClusters, seenLinks } from './access-cases';
import { type AccessWorld, mirroring } from './access-world';

const clusters = '/kafka/v3/clusters';
const cluster = `${clusters}/{cluster_id}`;
const link = `${cluster}/links/{link_name}`;

const east = { cluster_id: 'id-of-east' };
const orders = { ...east, link_name: 'orders' };
const throttle = { ...orders, config_name: 'link.throttle.bytes.per.second' };
const orderLink = (world: AccessWorld) => world.server.runtime.catalog.findLink('east', 'orders');
const throttled = (world: AccessWorld) => orderLink(world)?.settings['link.throttle.bytes.per.second'];

const ending =
  (kind: string): Case =>
  async (world) => {
    await mirroring(world);
    return {
      params: orders,
      body: { mirror_topic_names: ['orders', 'none'] },
      effect: ({ json }) => {
        expect(json.data.map((row: { error_code: number | null }) => row.error_code)).toEqual([null, 40_403]);
        expect(orderLink(world)?.mirrors.get('orders')?.operation?.kind).toBe(kind);
      },
    };
  };

const pausing =
  (wanted: boolean): Case =>
  async (world) => {
    const path = { destination: 'east', name: 'orders', topic: 'orders' };
    await world.server.runtime.mirrors.setOnePaused({ kind: 'system' }, path, !wanted, false);
    return {
      params: orders,
      body: { mirror_topic_names: ['orders'] },
      effect: () => expect(orderLink(world)?.mirrors.get('orders')?.paused).toBe(wanted),
    };
  };

export const restCases: Record<string, Case> = {
  'GET /kafka/v3/openapi.json': () => ({ effect: ({ json }) => expect(json.openapi).toMatch(/^3\.1/) }),
  [`GET ${clusters}`]: (_, actor) => ({
    effect: ({ json, text }) => {
      // A cluster whose address another row has changed is known by its id only once it was probed there.
      const ids = names(json.data, 'cluster_id').filter((id) => id !== 'id-of-unused');
      const seen = seenClusters(actor).filter((name) => name !== 'unused');
      expect(ids).toEqual(seen.map((name) => `id-of-${name}`));
      expectNothingUnseen(actor, text);
    },
  }),
  [`GET ${cluster}`]: () => ({
    params: { cluster_id: 'id-of-west' },
    effect: ({ json }) => expect(json.cluster_id).toBe('id-of-west'),
  }),
  [`GET ${cluster}/links`]: (_, actor) => ({
    params: east,
    effect: ({ json, text }) => {
      expect(names(json.data, 'link_name')).toEqual(seenLinks(actor));
      expectNothingUnseen(actor, text);
    },
  }),
  [`POST ${cluster}/links`]: (world) => ({
    params: east,
    query: '?link_name=second',
    body: { source_cluster_id: 'id-of-west', configs: [] },
    effect: () => expect(world.server.runtime.catalog.findLink('east', 'second')).toBeDefined(),
  }),
  [`GET ${cluster}/links/-/mirrors`]: (_, actor) => ({
    params: east,
    effect: ({ json, text }) => {
      expect([...new Set(names(json.data, 'link_name'))]).toEqual(seenLinks(actor));
      expectNothingUnseen(actor, text);
    },
  }),
  [`GET ${link}`]: () => ({
    params: orders,
    effect: ({ json }) => expect(json.topic_names).toEqual(['clicks', 'orders']),
  }),
  [`DELETE ${link}`]: (world) => ({
    params: orders,
    effect: () => expect(orderLink(world)).toBeUndefined(),
  }),
  [`GET ${link}/configs`]: () => ({
    params: orders,
    effect: ({ json }) => expect(names(json.data, 'name')).toContain('bootstrap.servers'),
  }),
  [`PUT ${link}/configs:alter`]: (world) => ({
    params: orders,
    body: { data: [{ name: throttle.config_name, value: '7000' }] },
    effect: () => expect(throttled(world)).toBe(7000),
  }),
  [`GET ${link}/configs/{config_name}`]: () => ({
    params: throttle,
    effect: ({ json }) => expect(json.name).toBe(throttle.config_name),
  }),
  [`PUT ${link}/configs/{config_name}`]: (world) => ({
    params: throttle,
    body: { value: '8000' },
    effect: () => expect(throttled(world)).toBe(8000),
  }),
  [`DELETE ${link}/configs/{config_name}`]: async (world) => {
    const path = { destination: 'east', name: 'orders' };
    const patch = { 'link.throttle.bytes.per.second': 9000 };
    await world.server.runtime.links.patchSettings({ kind: 'system' }, path, patch, false);
    return { params: throttle, effect: () => expect(throttled(world)).toBe(null) };
  },
  [`GET ${link}/mirrors`]: () => ({
    params: orders,
    effect: ({ json }) => expect(names(json.data, 'mirror_topic_name')).toEqual(['clicks', 'orders']),
  }),
  [`POST ${link}/mirrors`]: (world) => ({
    params: orders,
    body: { source_topic_name: 'more' },
    effect: () => expect(orderLink(world)?.mirrors.has('more')).toBe(true),
  }),
  [`GET ${link}/mirrors/{mirror_topic_name}`]: () => ({
    params: { ...orders, mirror_topic_name: 'clicks' },
    effect: ({ json }) => expect(json.mirror_topic_name).toBe('clicks'),
  }),
  [`POST ${link}/mirrors:pause`]: pausing(true),
  [`POST ${link}/mirrors:resume`]: pausing(false),
  [`POST ${link}/mirrors:promote`]: ending('PROMOTE'),
  [`POST ${link}/mirrors:failover`]: ending('FAILOVER'),
  [`POST ${link}/mirrors:reverse-and-start-mirror`]: ending('REVERSE'),
  [`POST ${link}/mirrors:reverse-and-pause-mirror`]: ending('REVERSE'),
  [`POST ${link}/mirrors:truncate-and-restore`]: () => ({
    params: orders,
    body: { mirror_topic_names: ['orders'] },
    effect: ({ json }) => expect(json.data[0].error_code).toBe(40_002),
  }),
};
