import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpointStatus, type HealthReport, healthReport } from '@/lib/contracts/monitoring/health-report';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { ReportBudgets } from '@/server/control/report-budgets';
import type { LandbridgeError } from '@/server/errors';
import type { ReportConfig } from '@/server/health-config';
import { OutgoingError } from '@/server/outgoing/errors';
import type { Answer } from './answers';
import { backOffMs } from './endpoint';
import { defaultReportMetrics } from './report-metrics';
import { Reporter } from './reporter';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'landbridge-reporter-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const minute = 60_000;
const day = 24 * 60 * minute;

const config = (more: Partial<ReportConfig> = {}): ReportConfig => ({
  consoleName: 'west',
  endpoints: [{ url: 'https://hub.example.com/api/health-reports?key=hidden', proxy: null }],
  format: 'json',
  ...{ token: null, ca: null, client: null, topicNames: 'plain' as const },
  intervalMs: minute,
  metrics: [...defaultReportMetrics],
  bufferBytes: 10 * 1024 * 1024,
  ...more,
});

/** An endpoint whose answers a test decides, and a clock that only a test moves. */
class World {
  nowMs = 1_700_000_000_000;
  answer: (report: HealthReport) => Answer | OutgoingError | Promise<Answer> = () => ok;
  readonly taken: HealthReport[] = [];
  readonly logged: string[] = [];
  readonly #registry = new SeriesRegistry();

  reporter(more: Partial<ReportConfig> = {}, others: World[] = []): Reporter {
    const ends = [this, ...others];
    const endpoints = ends.map((_, i) => ({
      url: `https://hub${i}.example.com/reports?key=hidden`,
      proxy: null,
    }));
    return new Reporter({
      config: config({ ...(others.length > 0 ? { endpoints } : {}), ...more }),
      dataDir,
      ...{ mode: 'reduced', version: '1.0', key: Buffer.alloc(32), random: () => 1 },
      sends: ends.map((end) => (body) => end.#receive(body)),
      log: (level, message) => this.logged.push(`${level} ${message}`),
      nowMs: () => this.nowMs,
    });
  }

  async #receive(body: Buffer): Promise<Answer> {
    const report = healthReport.parse(JSON.parse(gunzipSync(body).toString('utf8')));
    const answer = await this.answer(report);
    if (answer instanceof OutgoingError) throw answer;
    if (answer.status === 200) this.taken.push(report);
    return answer;
  }

  observation() {
    const builder = new ObservationBuilder(this.#registry);
    for (let i = 0; i < 20; i++) builder.add('landbridge_cluster_topics', [`cluster-${i}`], this.nowMs % 977);
    return builder.build(this.nowMs);
  }

  /** One tick of the thread every 10 s, for as long. */
  async pass(reporter: Reporter, ms: number, tickMs = minute): Promise<void> {
    for (const end = this.nowMs + ms; this.nowMs < end; this.nowMs += tickMs) {
      reporter.take(this.observation());
      await reporter.settled();
    }
  }

  get ats(): number[] {
    return this.taken.map(({ at }) => at);
  }
}

const ok: Answer = { status: 200, retryAfter: undefined, said: '' };
const answer = (status: number, said = ''): Answer => ({ status, retryAfter: undefined, said });
const gone = () => new OutgoingError('CONNECT', 'No connection to hub.example.com port 443.');
const statusOf = async (reporter: Reporter) => (await reporter.preview()).endpoints[0];

describe('the health reporter', () => {
  it('tries again when the clock was set back, and does not wait until it is as late as it was', async () => {
    const world = new World();
    const reporter = world.reporter();
    world.answer = () => answer(503);
    await world.pass(reporter, 3 * minute);
    world.nowMs -= 365 * 24 * 60 * minute;
    world.answer = () => ok;
    await world.pass(reporter, 3 * minute);
    expect(world.taken).toHaveLength(6);
    expect(await statusOf(reporter)).toMatchObject({ state: 'REACHABLE', waiting: 0 });
  });

  it('reports once an interval, however often there is something to see', async () => {
    const world = new World();
    const reporter = world.reporter();
    await world.pass(reporter, 5 * minute, 10_000);
    expect(world.taken).toHaveLength(5);
    expect(new Set(world.taken.map(({ id }) => id)).size).toBe(5);
    expect(new Set(world.taken.map((report) => report.console.id)).size).toBe(1);
    expect(await statusOf(reporter)).toMatchObject({ state: 'REACHABLE', waiting: 0 });
  });

  it('tells a hub of hours of reports each 10 s within its budget, all of them, and in their order', async () => {
    const world = new World();
    const reporter = world.reporter({ intervalMs: 10_000 });
    const budgets = new ReportBudgets(() => world.nowMs);
    world.answer = gone;
    await world.pass(reporter, day / 8, 10_000);
    expect(await statusOf(reporter)).toMatchObject({ waiting: 1_080, dropped: 0 });
    let putOff = 0;
    world.answer = () =>
      budgets
        // As many series as it might have.
        .reading('west', async (spend) => spend(20_000))
        .then(
          () => ok,
          (error: LandbridgeError) => {
            putOff++;
            return { status: 429, retryAfter: String(error.retryAfterSeconds), said: error.message };
          },
        );
    await world.pass(reporter, 3 * 60 * minute, 10_000);
    expect(putOff).toBeGreaterThan(0);
    // Gone, and back: that it is asked to wait now and then is no news.
    expect(world.logged).toHaveLength(2);
    // Not again and again before it may.
    expect(putOff).toBeLessThan(500);
    expect(await statusOf(reporter)).toMatchObject({ waiting: 0, dropped: 0, refused: 0 });
    expect(world.taken).toHaveLength(2 * 1_080);
    expect(world.ats).toEqual(world.ats.toSorted((a, b) => a - b));
  }, 120_000);

  it('loses nothing when the endpoint is gone for a day, and keeps the order', async () => {
    const world = new World();
    const reporter = world.reporter();
    await world.pass(reporter, 3 * minute);
    world.answer = gone;
    await world.pass(reporter, day);
    expect(await statusOf(reporter)).toMatchObject({ state: 'UNREACHABLE', waiting: 1_440, dropped: 0 });
    world.answer = () => ok;
    await world.pass(reporter, 10 * minute);
    expect(world.taken).toHaveLength(3 + 1_440 + 10);
    expect(world.ats).toEqual(world.ats.toSorted((a, b) => a - b));
    expect(new Set(world.ats).size).toBe(world.ats.length);
    expect(world.logged).toEqual([
      expect.stringContaining(
        'warn Health reports are not taken by https://hub.example.com/api/health-reports. No connection',
      ),
      expect.stringContaining(
        'info Health reports are taken by https://hub.example.com/api/health-reports again.',
      ),
    ]);
  }, 120_000);

  it('drops the oldest beyond the limit of its buffer, and counts them, over a restart too', async () => {
    const world = new World();
    world.answer = gone;
    const reporter = world.reporter({ bufferBytes: 20_000 });
    await world.pass(reporter, 200 * minute);
    const before = await statusOf(reporter);
    expect(before?.dropped).toBeGreaterThan(50);
    expect(before?.waitingBytes).toBeLessThanOrEqual(20_000);
    expect((before?.dropped ?? 0) + (before?.waiting ?? 0)).toBe(200);
    await reporter.stop();
    const next = world.reporter({ bufferBytes: 20_000 });
    expect(await statusOf(next)).toMatchObject({ waiting: before?.waiting, dropped: before?.dropped });
    world.answer = () => ok;
    await next.settled();
    expect(world.taken).toHaveLength(before?.waiting ?? 0);
    expect(world.ats.at(-1)).toBe(world.nowMs - minute);
    await world.pass(next, minute);
    expect(world.taken.at(-1)?.dropped).toBe(before?.dropped);
  });

  it('sends after a kill what was kept before it, and clears away what was half written', async () => {
    const world = new World();
    world.answer = gone;
    await world.pass(world.reporter(), 5 * minute);
    const [folder = ''] = readdirSync(join(dataDir, 'reports')).filter((name) => name !== 'console-id');
    writeFileSync(join(dataDir, 'reports', folder, '999999999999999.report.gz.tmp'), 'half');
    world.answer = () => ok;
    const next = world.reporter();
    await next.settled();
    expect(world.taken).toHaveLength(5);
    expect(readdirSync(join(dataDir, 'reports', folder)).filter((name) => name.includes('.report'))).toEqual(
      [],
    );
  });

  it('sends what waited because of a wrong address to the right one', async () => {
    const world = new World();
    world.answer = () => answer(404);
    await world.pass(world.reporter(), 3 * minute);
    world.answer = () => ok;
    const endpoints = [{ url: 'https://right.example.com/', proxy: null }];
    await world.reporter({ endpoints }).settled();
    expect(world.taken).toHaveLength(3);
  });

  it('puts aside a report that is refused as malformed or too large, and goes on with the next', async () => {
    const world = new World();
    const bad = world.nowMs + 2 * minute;
    world.answer = ({ at }) => (at === bad ? answer(400, 'series: no array') : ok);
    const reporter = world.reporter();
    await world.pass(reporter, 3 * minute);
    expect(await statusOf(reporter)).toMatchObject({
      state: 'REFUSING',
      why: expect.stringContaining('malformed (400). It said: series: no array'),
      ...{ waiting: 0, refused: 1, dropped: 0 },
    });
    await world.pass(reporter, minute);
    expect(world.taken).toHaveLength(3);
    expect(world.taken.at(-1)?.refused).toBe(1);
  });

  it('tells of OTLP that only some data points were taken', async () => {
    const world = new World();
    world.answer = () => ({ ...answer(200, 'full'), rejected: 3 });
    const reporter = world.reporter();
    await world.pass(reporter, minute);
    expect(await statusOf(reporter)).toMatchObject({
      ...{ state: 'REFUSING', waiting: 0, refused: 1 },
      why: 'The endpoint has left out 3 data points of a report. It said: full',
    });
  });

  it.each([
    [401, 'UNAUTHENTICATED', 'LANDBRIDGE_HEALTH_TOKEN'],
    [403, 'FORBIDDEN', 'does not allow'],
    [404, 'WRONG_ADDRESS', 'LANDBRIDGE_HEALTH_ENDPOINT'],
    [301, 'WRONG_ADDRESS', 'final address'],
    [409, 'CONFLICT', 'Another console'],
    [503, 'FAILING', 'trouble of its own'],
  ])('keeps all reports when the answer is %i, and says %s', async (status, state, why) => {
    const world = new World();
    world.answer = () => answer(status);
    const reporter = world.reporter();
    await world.pass(reporter, 10 * minute);
    expect(await statusOf(reporter)).toMatchObject({ state, why: expect.stringContaining(why), waiting: 10 });
    world.answer = () => ok;
    await world.pass(reporter, 10 * minute);
    expect(world.taken).toHaveLength(20);
  });

  it('waits as long as it is asked to', async () => {
    const world = new World();
    let asked = 0;
    world.answer = () => {
      asked++;
      return { status: 429, retryAfter: '1800', said: '' };
    };
    const reporter = world.reporter();
    await world.pass(reporter, 20 * minute);
    expect(asked).toBe(1);
    expect(await statusOf(reporter)).toMatchObject({ state: 'BUSY' });
    expect(world.logged).toEqual([]);
    await world.pass(reporter, 20 * minute);
    expect(world.logged).toEqual([expect.stringContaining('asks for fewer reports (429)')]);
  });

  it('lets no endpoint wait for the other', async () => {
    const [first, second] = [new World(), new World()];
    first.answer = gone;
    const reporter = first.reporter({}, [second]);
    await first.pass(reporter, 20 * minute);
    expect([first.taken.length, second.taken.length]).toEqual([0, 20]);
    first.answer = () => ok;
    await first.pass(reporter, 10 * minute);
    expect(first.ats).toEqual(second.ats);
  });

  it('shows exactly what leaves the house next, and no key of the address', async () => {
    const world = new World();
    const reporter = world.reporter();
    expect(await reporter.preview()).toMatchObject({ of: 'NONE', body: null });
    world.answer = gone;
    await world.pass(reporter, 2 * minute);
    const shown = await reporter.preview();
    expect(shown.of).toBe('WAITING');
    expect(JSON.stringify(shown)).not.toContain('hidden');
    world.answer = () => ok;
    await world.pass(reporter, 10 * minute);
    expect(JSON.parse(shown.body ?? '')).toEqual(world.taken[0]);
    expect((await reporter.preview()).of).toBe('NEXT');
  });
});

it('backs off twice as long each time, up to five minutes, and never in step', () => {
  expect([0, 1, 2, 30].map((failures) => backOffMs(failures, 1))).toEqual([1_000, 2_000, 4_000, 300_000]);
  expect(backOffMs(30, 0)).toBe(150_000);
});

it('waits whole milliseconds, or nobody could be told how long', () => {
  const nextTryAt = Date.now() + backOffMs(0, 1 / 3);
  expect(endpointStatus.shape.nextTryAt.parse(nextTryAt)).toBe(nextTryAt);
});
