import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as channelRoute from '@/app/api/health/channels/[id]/route';
import * as channelsRoute from '@/app/api/health/channels/route';
import { PUT as putOverride } from '@/app/api/health/overrides/route';
import { PUT as putRoutes } from '@/app/api/health/routes/route';
import * as silencesRoute from '@/app/api/health/silences/route';
import { onCluster, signedIn } from '@/server/testing/actors';
import { addClusters } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const secret = 'a-secret-of-the-webhook';
const webhook = { kind: 'webhook', name: 'ops', url: 'https://hooks.example.com/in', secret };
const told = () => server.runtime.healthSettings.told;
const addChannel = (body: object = webhook) =>
  callRoute(channelsRoute.POST, '/api/health/channels', { method: 'POST', body });
const change = (id: string, body: object) =>
  callRoute(channelRoute.PUT, `/api/health/channels/${id}`, { method: 'PUT', params: { id }, body });
const form = (id: string) => callRoute(channelRoute.GET, `/api/health/channels/${id}`, { params: { id } });
const audited = async () =>
  JSON.stringify(await server.runtime.store.db.selectFrom('audit').selectAll().execute());
const { secret: _, ...withoutSecret } = webhook;

describe('an alert channel', () => {
  it('keeps its secret when it is changed without one, sealed, and shows it nowhere', async () => {
    const { json, text } = await addChannel();
    const changed = await change(json.id, { ...withoutSecret, name: 'operations' });
    expect(changed.json).toMatchObject({ name: 'operations', signed: true });
    expect(told().channels).toMatchObject([{ name: 'operations', secret }]);
    await server.restart();
    expect(told().channels).toMatchObject([{ name: 'operations', secret }]);
    const rows = await server.runtime.store.db.selectFrom('healthSetting').selectAll().execute();
    for (const place of [text, changed.text, JSON.stringify(rows), await audited()])
      expect(place).not.toContain(secret);
    expect(await audited()).toContain('add alert channel');
  });

  it('does not take its secret to another place', async () => {
    const { json } = await addChannel();
    const answer = await change(json.id, { ...withoutSecret, url: 'https://elsewhere.example.com/in' });
    expect(answer.status).toBe(400);
    expect(answer.json.fields.secret).toContain('another place');
    expect(told().channels).toMatchObject([{ url: webhook.url }]);
  });

  it('does not trust another authority with the secret that it has', async () => {
    const { json } = await addChannel();
    expect((await change(json.id, { ...withoutSecret, ca: 'PEM of somebody' })).status).toBe(400);
  });

  it('is shown to be changed without its secrets, and with what stays when it is left out', async () => {
    const { json } = await addChannel({ ...webhook, headers: { Authorization: 'Bearer of-a-header' } });
    const shown = await form(json.id);
    expect(shown.json).toMatchObject({
      ...{ url: null, headers: ['Authorization'], kept: ['secret', 'headers', 'url'] },
    });
    for (const hidden of [secret, 'of-a-header']) expect(shown.text).not.toContain(hidden);
  });

  it('keeps an address with a key in it that nobody is shown, and gives it to no other authority', async () => {
    const url = 'https://hooks.example.com/in?key=of-the-query';
    const { json } = await addChannel({ ...webhook, url, secret: null });
    const shown = await form(json.id);
    expect(shown.json).toMatchObject({ url: null, kept: ['url'] });
    expect(shown.text).not.toContain('of-the-query');
    const kept = { kind: 'webhook', name: 'renamed', secret: null };
    expect((await change(json.id, kept)).status).toBe(200);
    expect(told().channels).toMatchObject([{ name: 'renamed', url }]);
    expect((await change(json.id, { ...kept, ca: 'PEM of somebody' })).json.fields.url).toContain('again');
  });

  it('shows no more of an address than its host and its end, in pages and in the audit log', async () => {
    const key = 'a-key-in-the-path-1234';
    for (const kind of ['webhook', 'slack', 'teams'] as const) {
      const url = `https://hooks.example.com/services/T000/${key}`;
      const own = kind === 'webhook' ? { secret: null } : {};
      const { json, text } = await addChannel({ kind, name: kind, url, ...own });
      expect(json.target).toBe('hooks.example.com/…1234');
      const moved = await change(json.id, { kind, name: kind, url: url.replace('T000', 'T111'), ...own });
      const kept = await change(json.id, { kind, name: `${kind} renamed`, ...own });
      const shown = await form(json.id);
      expect(shown.json).toMatchObject({ url: null, kept: ['url'] });
      for (const place of [text, moved.text, kept.text, shown.text]) expect(place).not.toContain(key);
    }
    expect(told().channels).toHaveLength(3);
    for (const one of told().channels) expect(JSON.stringify(one)).toContain(`/services/T111/${key}`);
    const rows = await server.runtime.store.db.selectFrom('healthSetting').selectAll().execute();
    for (const place of [JSON.stringify(rows), await audited()]) {
      expect(place).not.toContain(key);
      expect(place).not.toContain('T111');
    }
    expect(await audited()).toContain('hooks.example.com/…1234 (changed)');
  });

  it('says field by field what is wrong with it', async () => {
    const { status, json } = await addChannel({ kind: 'email', name: 'mail', host: 'mx', port: 0, to: [] });
    expect(status).toBe(400);
    expect(Object.keys(json.fields)).toEqual(expect.arrayContaining(['port', 'to', 'from', 'security']));
  });

  it('that a route sends to cannot be removed, and a route to nowhere cannot be made', async () => {
    const { json } = await addChannel();
    const routes = (channels: string[]) => ({
      method: 'PUT',
      body: { routes: [{ id: 'all', matchers: [], channels }] },
    });
    expect((await callRoute(putRoutes, '/api/health/routes', routes(['nowhere']))).status).toBe(400);
    expect((await callRoute(putRoutes, '/api/health/routes', routes([json.id]))).status).toBe(200);
    const rule = { label: 'rule', op: 'is', value: 'broker.unreachble' };
    const misspelt = { routes: [{ id: 'all', matchers: [rule], channels: [json.id] }] };
    const refused = await callRoute(putRoutes, '/api/health/routes', { method: 'PUT', body: misspelt });
    expect([refused.status, refused.json.message]).toEqual([400, 'There is no rule "broker.unreachble".']);
    const gone = await callRoute(channelRoute.DELETE, `/api/health/channels/${json.id}`, {
      method: 'DELETE',
      params: { id: json.id },
    });
    expect(gone.json).toMatchObject({ code: 'CHANNEL_IN_USE' });
  });
});

describe('a threshold', () => {
  const override = (body: object) => callRoute(putOverride, '/api/health/overrides', { method: 'PUT', body });
  const scope = { kind: 'everywhere' };

  it('is changed, and taken back by saying nothing', async () => {
    await override({ rule: 'cluster.unreachable', scope, enabled: false });
    expect(told().overrides).toEqual([{ rule: 'cluster.unreachable', scope, enabled: false }]);
    await server.restart();
    expect((await override({ rule: 'cluster.unreachable', scope })).json.overrides).toEqual([]);
  });

  it('that a rule does not have is refused', async () => {
    const thresholds = { nonsense: 1 };
    const { status, json } = await override({ rule: 'cluster.unreachable', scope, thresholds });
    expect([status, json.message]).toEqual([400, expect.stringContaining('nonsense')]);
  });
});

describe('a silence', () => {
  const begin = (matchers: object[], as?: Parameters<typeof callRoute>[2]) =>
    callRoute(silencesRoute.POST, '/api/health/silences', {
      method: 'POST',
      body: { matchers, until: Date.now() + 60_000, why: 'Planned work.' },
      ...as,
    });

  it('that means no alert, or all of them by mistake, is refused', async () => {
    const refused = async (label: string, op: string, value: string) => {
      const { status, json } = await begin([{ label, op, value }]);
      return [status, json.message];
    };
    const labels =
      'rule, area, severity, broker, certificate, channel, cluster, credential, destination, dir';
    // It would silence everything: no alert has that label, so that of none it is "billing".
    expect(await refused('gruop', 'is not', 'billing')).toEqual([
      400,
      `No alert has a label "gruop". There are ${labels}, endpoint, group, link, source, task, voter, console.`,
    ]);
    expect(await refused('topic', 'is', 'orders')).toEqual([400, expect.stringContaining('label "topic"')]);
    expect(await refused('severity', 'is', 'Critical')).toEqual([
      400,
      'There is no severity "Critical", but INFO, WARN, ERROR, CRITICAL.',
    ]);
    expect(told().silences).toEqual([]);
    expect((await begin([{ label: 'rule', op: 'begins with', value: 'broker.' }])).status).toBe(201);
    expect((await begin([{ label: 'group', op: 'is not', value: '' }])).status).toBe(201);
  });

  it('of an operator of one cluster is for that cluster only', async () => {
    await addClusters();
    const { as } = await signedIn(server, 'westerner', [onCluster('operator', 'west')]);
    const west = { label: 'cluster', op: 'is', value: 'west' };
    expect((await begin([west], { as })).status).toBe(201);
    expect((await begin([], { as })).json.message).toContain('role operator everywhere');
    expect((await begin([{ ...west, op: 'begins with' }], { as })).status).toBe(403);
    expect((await begin([{ ...west, op: 'is not', value: 'east' }], { as })).status).toBe(403);
    expect((await begin([{ ...west, value: 'east' }], { as })).json.code).toBe('CLUSTER_NOT_FOUND');
    expect((await begin([])).status).toBe(201);
  });
});
