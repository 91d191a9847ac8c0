import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GET as getAlerts } from '@/app/api/hub/consoles/[name]/alerts/route';
import type { Observation } from '@/lib/monitoring/observation';
import {
  consoles,
  eachWithHub,
  keyOf,
  minute,
  none,
  reportOf,
  send,
  server,
} from '@/server/testing/hub-server';
import { callRoute } from '@/server/testing/test-server';
import { Hub } from './hub';
import { HubStore } from './hub-store';

eachWithHub();

describe('alerts of consoles', () => {
  it('are raised for each by itself, with its name, and cleared when it is well again', async () => {
    const [west, north] = [await keyOf('west'), await keyOf('north')];
    const nowMs = Date.now();
    const reachable = (value: number, ago: number) =>
      reportOf('west', nowMs - ago, {
        series: [{ metric: 'landbridge_cluster_reachable', labels: { cluster: 'a' }, values: [value] }],
        whole: ['cluster/a'],
      });
    await send(north, reportOf('north'));
    for (const ago of [170_000, 120_000, 60_000]) await send(west, reachable(0, ago));
    const alertsOf = async (name: string) => {
      const params = { name };
      return (await callRoute(getAlerts, `/api/hub/consoles/${name}/alerts`, { params })).json;
    };
    const { alerts } = await alertsOf('west');
    expect(alerts).toMatchObject([
      { rule: 'cluster.unreachable', console: 'west', labels: { cluster: 'a' } },
    ]);
    expect((await alertsOf('north')).alerts.map(({ console }: { console: string }) => console)).not.toContain(
      'west',
    );
    const countsOf = async (console: string) =>
      (await consoles()).find(({ name }: { name: string }) => name === console).alerts;
    expect(await countsOf('west')).toEqual({ ...none, [alerts[0].severity]: 1 });
    expect(await countsOf('north')).toEqual(none);
    expect((await alertsOf('north')).open).toEqual(none);
  });

  it('say that a console is silent after three intervals without a report, until one comes', async () => {
    const west = await keyOf('west');
    let nowMs = Date.now();
    const { hub, observed } = hubAlone(() => nowMs);
    const take = () =>
      hub.answer({
        op: 'take',
        console: 'west',
        report: reportOf('west', nowMs),
        sentAt: nowMs,
        receivedAt: nowMs,
      });
    expect(west.id).toContain('LBS');
    take();
    nowMs += 2.9 * minute;
    hub.lookForSilence(nowMs);
    expect(observed.map(ageIn)).toEqual([0]);
    nowMs += 0.2 * minute;
    hub.lookForSilence(nowMs);
    expect(observed.map(ageIn)).toEqual([0, 186]);
    expect(hub.answer({ op: 'consoles', names: ['west'] })).toMatchObject([{ state: 'SILENT' }]);
    take();
    expect(observed.map(ageIn)).toEqual([0, 186, 0]);
    hub.stop();
  });
});

const ageIn = ({ series, values }: Observation) =>
  values[series.findIndex(({ metric }) => metric === 'landbridge_console_report_age_seconds')];

/** Without a server around it, and with a clock that a test moves. */
function hubAlone(nowMs: () => number) {
  const observed: Observation[] = [];
  const hub = new Hub({
    store: new HubStore(join(server.dataDir, 'alone.db')),
    histories: {
      *prepare() {
        yield;
      },
      append: () => undefined,
      replacedBy: () => [],
      identify: () => true,
      read: () => expect.unreachable(),
      remove: () => undefined,
      close: () => undefined,
    },
    health: {
      *judging(observation) {
        observed.push(observation);
        yield;
      },
      alerts: () => ({ alerts: [], next: null, open: none }),
      openIn: () => none,
      clustersReplaced: () => undefined,
      forget: () => undefined,
    },
    log: () => undefined,
    nowMs,
  });
  return { hub, observed };
}
