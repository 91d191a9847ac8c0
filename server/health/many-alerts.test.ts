// One console of a hub that tells of trouble with tens of thousands of things neither fills the list of alerts nor holds up the others.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { alertsPerConsole } from './intervals';
import { HealthWorld } from './testing/health-world';

let world: HealthWorld;
beforeEach(() => {
  world = new HealthWorld();
});
afterEach(() => world.close());

const place = { tenant: '', console: 'west' };
const certificates = (from: number, count: number) =>
  Array.from({ length: count }, (_, i): [Record<string, string>, number] => [
    { cluster: 'c', certificate: `certificate-${from + i}` },
    60,
  ]);

it('has so many alerts at most, and further ones when some are over', async () => {
  const look = (from: number, count: number) =>
    world.look({ landbridge_cluster_certificate_expiry_seconds: certificates(from, count) }, { place });
  const open = () => {
    const page = (after?: string) => world.health.alerts({ withChildren: true, limit: 500, after });
    let [count, one] = [0, page()];
    for (; one.next !== null; one = page(one.next)) count += one.alerts.length;
    return count + one.alerts.length;
  };
  for (let i = 0; i < 3; i++) await look(0, alertsPerConsole + 30);
  expect(open()).toBe(alertsPerConsole);
  for (let i = 0; i < 40 && open() === alertsPerConsole; i++) await look(100, alertsPerConsole - 70);
  await look(100, alertsPerConsole - 70);
  expect(open()).toBe(alertsPerConsole - 70);
}, 60_000);

it('is judged to the end also where nobody goes on with it, so that no half of it is remembered', async () => {
  const builder = new ObservationBuilder(new SeriesRegistry());
  for (let i = 0; i < 3_000; i++)
    builder.add('landbridge_mirror_foreign_write', ['l', 'x', 'y', `topic-${i}`], 1);
  const seen = builder.build(world.nowMs);
  const judging = (console: string) => world.health.judging(seen, { tenant: '', console }, 60_000);
  const steps = judging('west');
  for (const _ of judging('north')) expect(steps.next().done).toBe(false);
  steps.return();
  await world.restart();
  world.health.observe({ ...seen, atMs: world.nowMs + 60_000 }, place, 60_000);
  const found = world.health
    .alerts()
    .alerts.map((one) => [one.console, one.affected.count])
    .sort();
  expect(found).toEqual([
    ['north', 3_000],
    ['west', 3_000],
  ]);
});
