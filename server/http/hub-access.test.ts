// All routes of a hub × all actors, as docs/access-matrix-hub.md has it. What is there on every server is in access-matrix.test.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modules } from '@/app/api/openapi.json/modules';
import { type HubActor, HubWorld } from '@/server/testing/hub-world';
import { callRoute } from '@/server/testing/test-server';
import { type MethodName, methodNames } from './methods';

type Answer = Awaited<ReturnType<typeof callRoute>>;
type Asked = {
  params?: Record<string, string>;
  query?: string;
  body?: object;
  /** Of one that is allowed. */
  status?: number;
  effect: (answer: Answer) => unknown;
};
type Case = (world: HubWorld, actor: HubActor) => Asked | Promise<Asked>;

const system = { kind: 'system' } as const;
const columns = ['nobody', 'key', 'no role', 'everywhere', 'west', 'north'];
const name = { name: 'west' };
const westIs = [{ label: 'console', op: 'is' as const, value: 'west' }];
const override = {
  rule: 'cluster.unreachable',
  scope: { kind: 'console' as const, console: 'west' },
  forSeconds: 120,
};
const webhook = {
  kind: 'webhook',
  name: 'ops',
  url: 'https://127.0.0.1:9/a',
  secret: 'of-the-webhook-itself',
};
const inAnHour = () => Date.now() + 3_600_000;
const settings = (world: HubWorld) => world.server.runtime.healthSettings;
/** Of other consoles nobody but who sees everything hears. */
const expectOwn = (actor: HubActor, text: string) => {
  if (actor.column === 'west') expect(text).not.toContain('north');
  if (actor.column === 'north') expect(text).not.toContain('west');
};

async function channelId(world: HubWorld): Promise<string> {
  const before = settings(world).told.channels.find((one) => one.name === 'made before');
  if (before) return before.id;
  return (await settings(world).addChannel(system, { ...webhook, name: 'made before' } as never)).id;
}

async function silenceId(world: HubWorld): Promise<string> {
  const asked = { matchers: westIs, from: Date.now() - 1_000, until: inAnHour(), why: 'Planned work.' };
  return (await settings(world).silence(system, asked)).id;
}

const history = () => {
  const nowMs = Date.now();
  return `?metric=landbridge_cluster_reachable&fromMs=${nowMs - 600_000}&toMs=${nowMs}`;
};

const cases: Record<string, Case> = {
  'POST /api/health-reports': (world) => ({
    body: world.body('west', 0, 0),
    effect: ({ json }) => expect(json.taken).toBe('NEW'),
  }),
  'GET /api/hub/clusters': (_, actor) => ({ effect: ({ text }) => expectOwn(actor, text) }),
  'GET /api/hub/consoles': (_, actor) => ({ effect: ({ text }) => expectOwn(actor, text) }),
  'GET /api/hub/consoles/{name}': (_, actor) => ({
    params: name,
    effect: ({ json, text }) => {
      expect(json.clusters).toMatchObject([{ name: 'west-a' }]);
      expectOwn(actor, text);
    },
  }),
  'DELETE /api/hub/consoles/{name}': (world) => ({
    params: name,
    effect: async () => {
      expect(world.server.runtime.hub?.senders.knows('west')).toBe(false);
      expect(await world.alertId()).toBe(null);
    },
  }),
  'GET /api/hub/consoles/{name}/alerts': () => ({
    params: name,
    effect: ({ json }) => expect(json.alerts).toMatchObject([{ console: 'west' }]),
  }),
  'GET /api/hub/consoles/{name}/history': () => ({
    params: name,
    query: history(),
    effect: ({ json }) => expect(json.series).toMatchObject([{ labels: { cluster: 'west-a' } }]),
  }),
  'GET /api/hub/senders': () => ({ effect: ({ text }) => expect(text).toContain('north') }),
  'POST /api/hub/senders': (world) => ({
    body: { console: 'west' },
    effect: ({ json }) => expect(world.server.runtime.hub?.senders.holds(json.sender.id)).toBe(true),
  }),
  'DELETE /api/hub/senders/{id}': (world) => ({
    params: { id: world.keyOf('north').id },
    effect: () => expect(world.server.runtime.hub?.senders.holds(world.keyOf('north').id)).toBe(false),
  }),
  'GET /api/health/alerts': (_, actor) => ({
    effect: ({ json, text }) => {
      expect(json.alerts).toHaveLength(actor.column === 'north' ? 0 : 1);
      expectOwn(actor, text);
    },
  }),
  'GET /api/health/alerts/{id}': async (world) => ({
    params: { id: (await world.alertId()) ?? '' },
    effect: ({ json }) => expect(json.alert.labels).toEqual({ cluster: 'west-a', console: 'west' }),
  }),
  'POST /api/health/alerts/{id}/acknowledge': async (world) => {
    const id = (await world.alertId()) ?? '';
    const { alert } = await world.server.runtime.alerts.one(system, id);
    return {
      params: { id },
      // Taken over from whoever was before, of those that may.
      body: { why: 'On it.', from: alert.acknowledged?.by },
      effect: ({ json }) => expect(json.alert.acknowledged.why).toBe('On it.'),
    };
  },
  'GET /api/health/rules': () => ({
    query: '?console=west',
    effect: ({ json }) => {
      const rule = json.rules.find(({ id }: { id: string }) => id === 'cluster.unreachable');
      expect(rule.subjects).toMatchObject([{ labels: { console: 'west' }, state: 'RAISED' }]);
    },
  }),
  'GET /api/health/overrides': async (world, actor) => {
    await settings(world).setOverride(system, override);
    return {
      effect: ({ json }) => expect(json.overrides).toEqual(actor.column === 'north' ? [] : [override]),
    };
  },
  'PUT /api/health/overrides': () => ({
    body: { ...override, forSeconds: 300 },
    effect: ({ json }) => expect(json.overrides).toMatchObject([{ forSeconds: 300 }]),
  }),
  'GET /api/health/silences': async (world, actor) => {
    await silenceId(world);
    return {
      effect: ({ json, text }) => {
        expect(json.silences.length > 0).toBe(actor.column !== 'north');
        expectOwn(actor, text);
      },
    };
  },
  'POST /api/health/silences': (world) => ({
    body: { matchers: westIs, until: inAnHour(), why: 'Just now.' },
    effect: () => expect(settings(world).told.silences.some(({ why }) => why === 'Just now.')).toBe(true),
  }),
  'POST /api/health/silences/{id}/end': async (world) => {
    const id = await silenceId(world);
    const untilOf = () => settings(world).told.silences.find((one) => one.id === id)?.until ?? 0;
    return { params: { id }, effect: () => expect(untilOf()).toBeLessThanOrEqual(Date.now()) };
  },
  'GET /api/health/channels': async (world) => {
    await channelId(world);
    return { effect: ({ text }) => expect(text).not.toContain(webhook.secret) };
  },
  'POST /api/health/channels': (world) => {
    const own = `ops ${settings(world).told.channels.length}`;
    return { body: { ...webhook, name: own }, effect: ({ json }) => expect(json.name).toBe(own) };
  },
  'POST /api/health/channels/test': () => ({
    body: { channel: webhook },
    effect: ({ json }) => expect(json.ok).toBe(false),
  }),
  'GET /api/health/channels/{id}': async (world) => ({
    params: { id: await channelId(world) },
    effect: ({ json }) => expect(json.kept).toEqual(['secret', 'url']),
  }),
  'PUT /api/health/channels/{id}': async (world) => {
    const { secret: _, ...kept } = webhook;
    return {
      params: { id: await channelId(world) },
      body: { ...kept, name: 'made before', enabled: false },
      effect: ({ json }) => expect(json.enabled).toBe(false),
    };
  },
  'DELETE /api/health/channels/{id}': async (world) => {
    const id = await channelId(world);
    return {
      params: { id },
      effect: () => expect(settings(world).told.channels.some((one) => one.id === id)).toBe(false),
    };
  },
  'POST /api/health/channels/{id}/test': async (world) => ({
    params: { id: await channelId(world) },
    effect: ({ json }) => expect(json.ok).toBe(false),
  }),
  'GET /api/health/routes': () => ({ effect: ({ json }) => expect(json.routes).toEqual([]) }),
  'PUT /api/health/routes': () => ({
    body: { routes: [] },
    effect: ({ json }) => expect(json.routes).toEqual([]),
  }),
  'GET /api/health/deliveries': () => ({ effect: ({ json }) => expect(json.deliveries).toEqual([]) }),
  'POST /api/health/deliveries/{id}/again': () => ({
    params: { id: '1' },
    // There is no message that was given up.
    status: 404,
    effect: ({ json }) => expect(json.code).toBe('NOT_FOUND'),
  }),
};

const rows = readFileSync(join(process.cwd(), 'docs/access-matrix-hub.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, route, ...cells] = line.split('|').map((cell) => cell.trim());
    const named = /^`([A-Z]+ \/.*)`$/.exec(route ?? '')?.[1];
    return named ? [{ route: named, cells }] : [];
  });

let world: HubWorld;
beforeAll(async () => {
  world = await HubWorld.start();
});
afterAll(() => world.server.close());

describe('the access matrix of a hub', () => {
  it('has every route of hubs and of Health, each with a case', () => {
    const wanted = Object.entries(modules)
      .filter(([path]) => /^\/(hub|health|health-reports)(\/|$)/.test(path))
      .flatMap(([path, module]) =>
        Object.entries(module)
          .filter(([method, own]) => methodNames.includes(method as MethodName) && 'definition' in own)
          .map(([method]) => `${method} /api${path}`),
      );
    expect(rows.map(({ route }) => route).toSorted()).toEqual(wanted.toSorted());
    expect(Object.keys(cases).toSorted()).toEqual(wanted.toSorted());
  });

  it.each(rows)('$route does for each actor what is written', async ({ route, cells }) => {
    const wrong: string[] = [];
    for (const actor of world.actors) {
      await world.ensure();
      world.server.monitoring.beat();
      const letter = cells[columns.indexOf(actor.column)]?.[actor.letter];
      const complaint = await tryCell(route, actor, letter);
      if (complaint) wrong.push(`${actor.label}: ${complaint}`);
    }
    expect(wrong).toEqual([]);
  });
});

const refusals: Record<string, { status: number; codes: string[] }> = {
  U: { status: 401, codes: ['UNAUTHENTICATED'] },
  F: { status: 403, codes: ['FORBIDDEN'] },
  N: { status: 404, codes: ['NOT_FOUND', 'CONSOLE_NOT_FOUND'] },
};

async function tryCell(route: string, actor: HubActor, letter: string | undefined): Promise<string | null> {
  const call = await cases[route]!(world, actor);
  const before = await world.fingerprint();
  const answer = await ask(route, call, actor);
  if (letter === 'Y') {
    const right = call.status ? answer.status === call.status : answer.status >= 200 && answer.status < 300;
    if (!right) return `${answer.status} ${answer.text}, where it is allowed`;
    try {
      await call.effect(answer);
      return null;
    } catch (error) {
      return `allowed, but without its effect: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  const expected = refusals[letter ?? ''];
  if (!expected || answer.status !== expected.status || !expected.codes.includes(answer.json?.code))
    return `${answer.status} ${answer.text}, where ${letter} is written`;
  return (await world.fingerprint()) === before ? null : 'refused, but something has changed';
}

let addresses = 0;
function ask(route: string, { params = {}, query = '', body }: Asked, actor: HubActor): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const as = actor.column === 'key' ? world.keyOf('west').as : actor.as;
  const headers: Record<string, string> = {
    host: '127.0.0.1:3000',
    'x-forwarded-for': `10.0.${(++addresses >> 8) & 255}.${addresses & 255}`,
    // Programs have none.
    ...(actor.column === 'key' ? {} : { origin: 'http://127.0.0.1:3000' }),
  };
  const filled = path.replace(/\{([^}]+)\}/g, (_, key: string) => params[key] ?? key);
  const handler = Object.entries(modules[path.slice('/api'.length)]!).find(([own]) => own === method)?.[1];
  if (!handler) throw new Error(`No handler for ${route}`);
  return callRoute(handler, `${filled}${query}`, { method, headers, as, params, body });
}
