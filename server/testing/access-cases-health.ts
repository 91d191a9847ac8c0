// For the access matrix: the rows of health rules, silences, channels and alerts.
import { expect } from 'vitest';
import { type Case, seenClusters } from './access-cases';
import type { AccessWorld } from './access-world';

const system = { kind: 'system' } as const;
const westIs = [{ label: 'cluster', op: 'is' as const, value: 'west' }];
const inAnHour = () => Date.now() + 3_600_000;
const override = {
  rule: 'cluster.unreachable',
  scope: { kind: 'cluster' as const, cluster: 'west' },
  enabled: false,
};
const webhook = {
  kind: 'webhook',
  name: 'ops',
  url: 'https://127.0.0.1:9/a',
  secret: 'of-the-webhook-itself',
};

const settings = (world: AccessWorld) => world.server.runtime.healthSettings;
const channelNames = (world: AccessWorld) => settings(world).told.channels.map(({ name }) => name);

async function withChannel(world: AccessWorld): Promise<string> {
  const before = settings(world).told.channels.find(({ name }) => name === 'made before');
  if (before) return before.id;
  const { id } = await settings(world).addChannel(system, { ...webhook, name: 'made before' } as never);
  return id;
}

/** The alert that cluster "west" has. */
async function alertOfWest(world: AccessWorld): Promise<string> {
  const { alerts } = await world.server.runtime.alerts.list(system, { rule: 'cluster.unreachable' });
  return alerts[0]?.id ?? 'there is none';
}

/** Who has acknowledged the alert that cluster "west" has: each actor takes it over. */
async function acknowledgedBy(world: AccessWorld): Promise<string | null> {
  const { alert } = await world.server.runtime.alerts.one(system, await alertOfWest(world));
  return alert.acknowledged?.by ?? null;
}

export const healthCases: Record<string, Case> = {
  'GET /api/health/alerts': (_, actor) => ({
    effect: ({ json }) => {
      const seen = seenClusters(actor).includes('west') ? [{ labels: { cluster: 'west' } }] : [];
      expect(
        json.alerts.filter(({ rule }: { rule: string }) => rule === 'cluster.unreachable'),
      ).toMatchObject(seen);
    },
  }),
  'GET /api/health/alerts/{id}': async (world) => ({
    params: { id: await alertOfWest(world) },
    effect: ({ json }) => expect(json.alert.labels).toEqual({ cluster: 'west' }),
  }),
  'POST /api/health/alerts/{id}/acknowledge': async (world) => ({
    params: { id: await alertOfWest(world) },
    body: { why: 'On it.', from: await acknowledgedBy(world) },
    effect: ({ json }) => expect(json.alert.acknowledged.why).toBe('On it.'),
  }),
  'GET /api/health/rules': (_, actor) => ({
    effect: ({ json }) => {
      const rule = json.rules.find(({ id }: { id: string }) => id === 'cluster.unreachable');
      expect(rule.subjects).toHaveLength(seenClusters(actor).includes('west') ? 1 : 0);
    },
  }),
  'GET /api/health/deliveries': () => ({ effect: ({ json }) => expect(json.deliveries).toEqual([]) }),
  'POST /api/health/deliveries/{id}/again': () => ({
    params: { id: '1' },
    // There is no message that was given up.
    status: 404,
    effect: ({ json }) => expect(json.code).toBe('NOT_FOUND'),
  }),
  'POST /api/health/channels/test': () => ({
    body: { channel: webhook },
    effect: ({ json }) => expect(json.ok).toBe(false),
  }),
  'POST /api/health/channels/{id}/test': async (world) => ({
    params: { id: await withChannel(world) },
    effect: ({ json }) => expect(json.ok).toBe(false),
  }),
  'GET /api/health/overrides': () => ({ effect: ({ json }) => expect(json.overrides).toEqual([]) }),
  'PUT /api/health/overrides': () => ({
    body: override,
    effect: ({ json }) => expect(json.overrides).toEqual([override]),
  }),
  'GET /api/health/silences': () => ({ effect: ({ json }) => expect(json.silences).toEqual([]) }),
  'POST /api/health/silences': (world) => ({
    body: { matchers: westIs, until: inAnHour(), why: 'Planned work.' },
    effect: () => expect(settings(world).told.silences).toMatchObject([{ why: 'Planned work.' }]),
  }),
  'POST /api/health/silences/{id}/end': async (world) => {
    const asked = { matchers: westIs, from: Date.now() - 1_000, until: inAnHour(), why: 'Planned work.' };
    const { id } = await settings(world).silence(system, asked);
    return {
      params: { id },
      effect: () => expect(settings(world).told.silences[0]?.until).toBeLessThanOrEqual(Date.now()),
    };
  },
  'GET /api/health/channels': async (world) => {
    await withChannel(world);
    return {
      effect: ({ json, text }) => {
        expect(json.channels).toMatchObject([{ name: 'made before', signed: true }]);
        expect(text).not.toContain(webhook.secret);
      },
    };
  },
  'POST /api/health/channels': (world) => ({
    body: webhook,
    effect: () => expect(channelNames(world)).toEqual(['ops']),
  }),
  'GET /api/health/channels/{id}': async (world) => ({
    params: { id: await withChannel(world) },
    effect: ({ json, text }) => {
      expect(json).toMatchObject({ url: null, kept: ['secret', 'url'] });
      expect(text).not.toContain(webhook.secret);
    },
  }),
  'PUT /api/health/channels/{id}': async (world) => {
    const { secret: _, ...kept } = webhook;
    return {
      params: { id: await withChannel(world) },
      body: kept,
      effect: () =>
        expect(settings(world).told.channels).toMatchObject([{ name: 'ops', secret: webhook.secret }]),
    };
  },
  'DELETE /api/health/channels/{id}': async (world) => ({
    params: { id: await withChannel(world) },
    effect: () => expect(channelNames(world)).toEqual([]),
  }),
  'GET /api/health/routes': () => ({ effect: ({ json }) => expect(json.routes).toEqual([]) }),
  'PUT /api/health/routes': async (world) => {
    const id = await withChannel(world);
    return {
      body: { routes: [{ id: 'all', matchers: [], channels: [id] }] },
      effect: () => expect(settings(world).told.routes).toMatchObject([{ id: 'all', atLeast: 'WARN' }]),
    };
  },
};
