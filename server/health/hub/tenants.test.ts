import { describe, expect, it } from 'vitest';
import type { Actor } from '@/server/access/actor';

import {
  consoleOf,
  eachWithHub,
  keyOf,
  minute,
  reportOf,
  send,
  server,
  unreachable,
} from '@/server/testing/hub-server';

eachWithHub();

it('tells programs of no engine, as none runs on a hub', async () => {
  const text = await server.runtime.monitored.exposition({ kind: 'system' });
  expect(text).toContain('landbridge_monitoring_up 1');
  expect(text).not.toContain('landbridge_engine_up');
});

describe('tenants of a hub', () => {
  it('report with their own key as themselves alone, whatever a report says', async () => {
    const [west, north] = [await keyOf('west'), await keyOf('north')];
    await send(north, reportOf('north'));
    const before = (await consoleOf('north')).json;
    const posed = reportOf('north', Date.now(), { console: { ...reportOf('north').console, name: 'north' } });
    expect((await send(west, posed)).status).toBe(200);
    const { console, clusters } = (await consoleOf('north')).json;
    expect({ console, clusters }).toEqual({ console: before.console, clusters: before.clusters });
    expect((await consoleOf('west')).json.console.reportedName).toBe('north');
  });

  it('silence and set thresholds for their own console, and for nothing else', async () => {
    const [west, north] = [await keyOf('west'), await keyOf('north')];
    const { runtime } = server;
    const tenant: Actor = {
      ...{ kind: 'apiKey', id: 'k', name: 'tenant', bootstrap: false, address: null },
      grants: [{ role: 'operator', scope: { kind: 'console', console: 'west' } }],
    };
    const rule = 'cluster.unreachable';
    await runtime.healthSettings.setOverride(tenant, {
      ...{ rule, scope: { kind: 'console', console: 'west' }, enabled: false },
    });
    const nowMs = Date.now();
    for (const ago of [170_000, 120_000, 60_000])
      for (const [key, name] of [
        [west, 'west'],
        [north, 'north'],
      ] as const)
        await send(key, reportOf(name, nowMs - ago, unreachable));
    const open = (await runtime.alerts.list({ kind: 'system' }, { rule })).alerts;
    expect(open.map(({ console }) => console)).toEqual(['north']);

    const silence = (value: string | null) =>
      runtime.healthSettings.silence(tenant, {
        matchers: value === null ? [] : [{ label: 'console', op: 'is', value }],
        ...{ until: nowMs + minute, why: 'Work.' },
      });
    await expect(silence('north')).rejects.toThrow('no console "north"');
    await expect(silence(null)).rejects.toThrow('"console is …"');
    await expect(silence('west')).resolves.toMatchObject({ by: expect.stringContaining('tenant') });
    const here = { rule, enabled: false };
    for (const scope of [
      { kind: 'console', console: 'north' },
      { kind: 'everywhere' },
      { kind: 'cluster', cluster: 'a' },
    ] as const)
      await expect(runtime.healthSettings.setOverride(tenant, { ...here, scope })).rejects.toThrow();

    const one = await runtime.alerts.rules(tenant);
    expect(one.whole).toBe(true);
    expect(JSON.stringify(one)).not.toContain('north');
    await expect(runtime.alerts.rules(tenant, 'north')).rejects.toThrow('no console "north"');
    const all = await runtime.alerts.rules({ kind: 'system' });
    expect(all.whole).toBe(false);
    const found = all.rules.find(({ id }) => id === rule);
    expect(found?.subjects).toMatchObject([{ state: 'RAISED', labels: { cluster: 'a', console: 'north' } }]);
  });
});
