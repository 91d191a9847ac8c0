import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { empty, full } from './testing/disks';
import { HealthWorld, type Now } from './testing/health-world';

let world: HealthWorld;
beforeEach(() => {
  world = new HealthWorld();
});
afterEach(() => world.close());

describe('a restart', () => {
  it('forgets nothing, and tells nothing twice', async () => {
    await world.looks(7, full);
    await world.restart();
    await world.looks(5, full);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
    await world.looks(13, empty);
    expect(world.told()).toEqual(['CLEAR ops CRITICAL broker.disk']);
  });

  it('counts on with what was pending, without the time that it took', async () => {
    await world.looks(4, full);
    await world.restart();
    world.nowMs += 3_600_000 / 12;
    await world.looks(3, full);
    expect(world.told()).toEqual([]);
    await world.looks(1, full);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });

  it('goes on with a window that it has seen', async () => {
    const lag = (seconds: number): Now => ({ landbridge_link_max_lag_seconds: seconds });
    await world.looks(61, lag(40));
    await world.restart();
    await world.looks(14, lag(140));
    expect(world.told()).toEqual(['RAISED ops WARN link.lag-beyond-rpo', 'RAISED ops WARN link.lag-growing']);
  });

  it('after a crash sends what was queued and not taken', async () => {
    world.answers = () => ({ ok: false, said: 'no', refused: false });
    await world.looks(7, full);
    await world.crash();
    world.answers = () => ({ ok: true, said: 'yes', refused: false });
    await world.looks(13, empty);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
  });

  it('after a crash clears what is over meanwhile', async () => {
    await world.looks(7, full);
    await world.crash();
    await world.looks(13, empty);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
  });
});

describe('alerts.db', () => {
  it('that is damaged is told, and left as it is', async () => {
    await world.look(full);
    await world.health.stop();
    writeFileSync(world.file, 'this is no database, but it may be somebody’s only copy of one');
    const before = readFileSync(world.file);
    await world.restart();
    expect(world.health.problem).toContain('damaged');
    expect(world.health.problem).toContain('restore it from a backup');
    expect(() => world.health.alerts()).toThrow(/damaged/);
    await world.look(full);
    expect(readFileSync(world.file)).toEqual(before);
  });

  it('of a newer program is refused', async () => {
    await world.health.stop();
    const db = new Database(world.file);
    db.exec('pragma user_version = 99');
    db.close();
    await world.restart();
    expect(world.health.problem).toContain('newer Landbridge');
  });

  it('that takes no changes for a while delays messages and loses none', async () => {
    const other = new Database(world.file);
    other.exec('begin immediate');
    await world.looks(7, full);
    expect(world.health.problem).not.toBeNull();
    expect(world.told()).toEqual([]);
    other.exec('rollback');
    other.close();
    await world.look(full);
    expect(world.health.problem).toBeNull();
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  }, 60_000);

  it('keeps old alerts for 400 days, and does not believe the clock alone', async () => {
    const kept = () => {
      world.health.prune();
      return [
        world.health.alerts({ status: 'CLEARED' }).alerts.length,
        world.health.deliveries().deliveries.length,
      ];
    };
    await world.looks(7, full);
    await world.looks(13, empty);
    world.nowMs += 399 * 86_400_000;
    await world.looks(7, full);
    // Messages are kept for 90 days only.
    expect(kept()).toEqual([1, 1]);
    world.nowMs += 2 * 86_400_000;
    expect(kept()).toEqual([1, 1]);
    await world.looks(13, empty);
    expect(kept()).toEqual([1, 2]);
  });
});
