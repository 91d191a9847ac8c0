import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { DELETE as deleteConsole } from '@/app/api/hub/consoles/[name]/route';
import { HistoryShards } from '@/server/metrics/store/history-shards';
import {
  consoleOf,
  consoles,
  eachWithHub,
  keyOf,
  minute,
  reportOf,
  send,
  server,
  unreachable,
} from '@/server/testing/hub-server';
import { callRoute } from '@/server/testing/test-server';

eachWithHub();

describe('a console that is removed', () => {
  const remove = (name: string) =>
    callRoute(deleteConsole, `/api/hub/consoles/${name}`, { method: 'DELETE', params: { name } });
  const historyOf = (name: string) => join(server.dataDir, 'consoles', `${name}.history.db`);

  it('is gone with its keys, its history, its alerts and what was decided for it, and others are as before', async () => {
    const [west, spare, north] = [await keyOf('west'), await keyOf('west'), await keyOf('north')];
    const nowMs = Date.now();
    for (const ago of [170_000, 120_000, 60_000])
      for (const [key, name] of [
        [west, 'west'],
        [north, 'north'],
      ] as const)
        await send(key, reportOf(name, nowMs - ago, unreachable));
    const { runtime } = server;
    const system = { kind: 'system' } as const;
    for (const console of ['west', 'north']) {
      const matchers = [{ label: 'console', op: 'is' as const, value: console }];
      await runtime.healthSettings.silence(system, { matchers, until: nowMs + minute, why: 'Work.' });
      const scope = { kind: 'console' as const, console };
      await runtime.healthSettings.setOverride(system, {
        rule: 'cluster.unreachable',
        scope,
        forSeconds: 90,
      });
    }
    const [alert] = (await runtime.alerts.list(system, { console: 'west' })).alerts;
    expect(alert?.rule).toBe('cluster.unreachable');
    expect(existsSync(historyOf('west'))).toBe(true);

    expect((await remove('west')).status).toBe(204);

    for (const key of [west, spare]) expect((await send(key, reportOf('west'))).status).toBe(401);
    expect(existsSync(historyOf('west'))).toBe(false);
    expect((await consoleOf('west')).json.code).toBe('CONSOLE_NOT_FOUND');
    expect(await consoles()).toMatchObject([{ name: 'north', state: 'REPORTING' }]);
    await expect(runtime.alerts.one(system, alert?.id ?? '')).rejects.toThrow('There is no alert');
    const all = await runtime.alerts.list(system, { status: 'ALL', withChildren: true });
    expect([...new Set(all.alerts.map(({ console }) => console))]).toEqual(['north']);
    const { told } = runtime.healthSettings;
    expect(told.silences.map(({ matchers }) => matchers[0]?.value)).toEqual(['north']);
    expect(told.overrides).toMatchObject([{ scope: { console: 'north' } }]);
    expect((await remove('west')).status).toBe(404);
    await server.restart();
    expect(await consoles()).toMatchObject([{ name: 'north' }]);
  });

  it('stands in the audit log with its keys', async () => {
    const west = await keyOf('west');
    await remove('west');
    const rows = await server.runtime.store.db
      .selectFrom('audit')
      .selectAll()
      .where('operation', '=', 'remove console')
      .orderBy('seq')
      .execute();
    expect(rows).toMatchObject([
      { objectType: 'console', objectName: 'west', kind: 'INTENT' },
      { kind: 'OUTCOME', result: 'OK' },
    ]);
    expect(rows[0]?.before).toContain(west.id);
  });

  it('begins anew, with nothing of the one before, when its name is given again', async () => {
    await send(await keyOf('west'), reportOf('west'));
    await remove('west');
    const again = await keyOf('west');
    expect(await consoles()).toMatchObject([{ name: 'west', state: 'NEVER', heardAt: null, clusters: null }]);
    expect((await send(again, reportOf('west'))).json).toEqual({ taken: 'NEW' });
  });

  it('takes no report any more that was on its way', async () => {
    const west = await keyOf('west');
    const { runtime } = server;
    const actor = { kind: 'hubSender' as const, id: west.id, console: 'west', address: null };
    await remove('west');
    await expect(runtime.hub?.take(actor, reportOf('west'), null)).rejects.toThrow('was revoked');
    expect(existsSync(historyOf('west'))).toBe(false);
  });

  it('stays listed, without a key that holds, while its history cannot be deleted; and is removed by the next try', async () => {
    const west = await keyOf('west');
    await send(west, reportOf('west'));
    const fault = vi.spyOn(HistoryShards.prototype, 'remove').mockImplementation(() => {
      throw new Error('EACCES');
    });
    expect(await remove('west')).toMatchObject({
      status: 503,
      json: { message: expect.stringContaining('EACCES') },
    });
    fault.mockRestore();
    expect((await send(west, reportOf('west'))).status).toBe(401);
    expect(await consoles()).toMatchObject([{ name: 'west', state: 'REVOKED' }]);
    expect((await remove('west')).status).toBe(204);
    expect(await consoles()).toEqual([]);
  });
});
