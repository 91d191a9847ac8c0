import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodyText, type Notice } from './channels/notice';
import { HandOver } from './hand-over';
import { HealthWorld, toOps } from './testing/health-world';

/** A console whose health ran in normal mode, and is started in reduced mode then. */
let world: HealthWorld;
const sent: Notice[] = [];
const logged: string[] = [];
let takes: boolean;
beforeEach(() => {
  world = new HealthWorld();
  takes = true;
  sent.length = 0;
  logged.length = 0;
});
afterEach(() => world.close());

const down = { landbridge_cluster_reachable: 0 };
async function begun(): Promise<HandOver> {
  const handOver = new HandOver({
    file: world.file,
    log: (_, message) => logged.push(message),
    now: () => world.nowMs,
    random: () => 0,
    send: async (_, notice) => {
      if (takes) sent.push(notice);
      return takes
        ? { ok: true, said: 'taken', refused: false }
        : { ok: false, said: 'HTTP 503', refused: false };
    },
  });
  handOver.start();
  handOver.setSettings(toOps);
  await handOver.closeWhenTold();
  return handOver;
}
const kinds = () => sent.map(({ kind, rule }) => `${kind} ${rule}`);

describe('a console that goes into reduced mode', () => {
  it('clears at its receivers what is open, says why, once, and lets go of alerts.db', async () => {
    await world.looks(12, down);
    expect(world.told()).toEqual(['RAISED ops CRITICAL cluster.unreachable']);
    await world.health.stop();
    const handOver = await begun();
    expect(kinds()).toEqual(['CLEAR cluster.unreachable']);
    expect(bodyText(sent[0] as Notice)).toMatch(/^Alerting has moved .* may not be over\. It was: No broker/);
    expect(handOver.isOpen).toBe(false);
    const again = await begun();
    expect(again.isOpen).toBe(false);
    expect(sent).toHaveLength(1);
    expect(logged).toEqual([]);
  });

  it('goes on after a restart where a channel has not taken it', async () => {
    await world.looks(12, down);
    await world.health.stop();
    takes = false;
    const handOver = await begun();
    expect(handOver.isOpen).toBe(true);
    await handOver.stop();
    takes = true;
    world.nowMs += 3_600_000;
    expect((await begun()).isOpen).toBe(false);
    expect(kinds()).toEqual(['CLEAR cluster.unreachable']);
  });

  it('sends what waits before it', async () => {
    world.answers = () => ({ ok: false, said: 'HTTP 503', refused: false });
    await world.looks(12, down);
    await world.health.stop();
    world.nowMs += 3_600_000;
    expect((await begun()).isOpen).toBe(false);
    expect(kinds()).toEqual(['RAISED cluster.unreachable', 'CLEAR cluster.unreachable']);
  });

  it('raises what is still so as a new alert when it is back in normal mode', async () => {
    await world.looks(12, down);
    world.told();
    await world.health.stop();
    await begun();
    await world.restart();
    world.nowMs += 3_600_000;
    await world.looks(30, down);
    expect(world.told()).toEqual(['RAISED ops CRITICAL cluster.unreachable']);
    const { alerts } = world.health.alerts({ status: 'CLEARED' });
    expect(alerts.map(({ cleared }) => cleared)).toEqual(['MOVED']);
  });

  it('opens nothing where nothing is left', async () => {
    await world.health.stop();
    expect((await begun()).isOpen).toBe(false);
    world.file = `${world.file}.none`;
    expect((await begun()).isOpen).toBe(false);
    expect(existsSync(world.file)).toBe(false);
  });
});
