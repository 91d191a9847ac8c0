import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LATENCY_BOUNDS_SECONDS } from '@/lib/contracts/engine';
import { snapshotOf } from '@/server/testing/snapshots';
import { type ExposedLink, exposed, exposedMetrics, MAX_PARTITION_SERIES } from './exposed';
import { expositionText } from './exposition';
import { buildFrame } from './frame';
import { unitWords } from './units';

const link: ExposedLink = {
  id: 'l',
  name: 'dc1-to-cloud',
  source: 'dc1',
  destination: 'cloud',
  state: 'ACTIVE',
};
const of = 'link="dc1-to-cloud",source="dc1",destination="cloud"';
type Numbers = Parameters<typeof snapshotOf>[1][0]['mirrors'][0]['numbers'];
const frameOf = (numbers: Numbers, topic = 'orders') =>
  buildFrame(snapshotOf(1_700_000_000_000, [{ id: 'l', mirrors: [{ topic, numbers }] }]), null);
const up = { engine: true, monitoring: true };
const linesOf = async (...told: Parameters<typeof exposed>) =>
  (await expositionText(exposed(...told))).split('\n');

describe('/metrics', () => {
  it('tells lag of each partition in three units, and counters of the mirror', async () => {
    const frame = frameOf([
      { stable: 10n, end: 4n, lagBytes: 600n, lagSeconds: 3.5, bytesTotal: 5_000n, recordsTotal: 40n },
      { stable: 7n, end: 7n, bytesTotal: 500n, recordsTotal: 2n },
    ]);
    const lines = await linesOf([link], frame, up);
    const first = `{${of},topic="orders",partition="0"}`;
    expect(lines).toContain(`landbridge_mirror_lag_messages${first} 6`);
    expect(lines).toContain(`landbridge_mirror_lag_bytes${first} 600`);
    expect(lines).toContain(`landbridge_mirror_lag_seconds${first} 3.5`);
    expect(lines).toContain(`landbridge_mirror_lag_messages{${of},topic="orders",partition="1"} 0`);
    expect(lines).toContain(`landbridge_mirror_bytes_total{${of},topic="orders"} 5500`);
    expect(lines).toContain(`landbridge_mirror_records_total{${of},topic="orders"} 42`);
    expect(lines).toContain(`landbridge_link_state{${of},state="ACTIVE"} 1`);
    expect(lines).toContain(`landbridge_link_state{${of},state="FAILED"} 0`);
    expect(lines).toContain('landbridge_snapshot_timestamp_seconds 1700000000');
  });

  it('leaves out what is not known: no sample, never −1 or 0', async () => {
    const lines = await linesOf([link], frameOf([{ stable: -1n, end: 4n }]), up);
    expect(lines.filter((line) => /^landbridge_mirror_(lag|verified)/.test(line))).toEqual([]);
  });

  it('tells verified offsets', async () => {
    const frame = frameOf([{ stable: 10n, end: 10n }]);
    frame.columns.verifiedTo[0] = 8n;
    expect(await linesOf([link], frame, up)).toContain(
      `landbridge_mirror_verified_offset{${of},topic="orders",partition="0"} 8`,
    );
  });

  it('tells latency as buckets that add up', async () => {
    const frame = frameOf([{}]);
    const counts = [...LATENCY_BOUNDS_SECONDS.map(() => 1), 2];
    Object.assign(frame.links.get('l')?.link ?? {}, { latencyHistogram: { counts, sumSeconds: 99.5 } });
    const lines = await linesOf([link], frame, up);
    const name = 'landbridge_mirror_replication_latency_seconds';
    expect(lines).toContain(`${name}_bucket{${of},le="0.001"} 1`);
    expect(lines).toContain(`${name}_bucket{${of},le="60"} ${LATENCY_BOUNDS_SECONDS.length}`);
    expect(lines).toContain(`${name}_bucket{${of},le="+Inf"} ${counts.length + 1}`);
    expect(lines).toContain(`${name}_sum{${of}} 99.5`);
    expect(lines).toContain(`${name}_count{${of}} ${counts.length + 1}`);
  });

  it('of a silent engine tells its silence, and no old numbers', async () => {
    const lines = await linesOf([{ ...link, state: 'UNKNOWN' }], null, { engine: false, monitoring: true });
    expect(lines).toContain('landbridge_engine_up 0');
    expect(lines).toContain(`landbridge_link_state{${of},state="UNKNOWN"} 1`);
    expect(lines.filter((line) => line.startsWith('landbridge_mirror'))).toEqual([]);
  });

  it('keeps the number of series bounded, and says how many partitions it leaves out', async () => {
    const frame = frameOf(Array.from({ length: MAX_PARTITION_SERIES + 3 }, () => ({})));
    const lines = await linesOf([link], frame, up);
    expect(lines.filter((line) => line.startsWith('landbridge_mirror_lag_messages{'))).toHaveLength(
      MAX_PARTITION_SERIES,
    );
    expect(lines).toContain('landbridge_partition_series_dropped 3');
  });

  it('escapes names', async () => {
    const lines = await linesOf([{ ...link, name: 'a"b\\c' }], null, up);
    expect(lines.some((line) => line.includes('link="a\\"b\\\\c"'))).toBe(true);
  });

  it('is what docs/metrics.md says', () => {
    const told = readFileSync(join(process.cwd(), 'docs/metrics.md'), 'utf8');
    const [table = ''] = told.split('<!-- observed metrics');
    const rows = [...table.matchAll(/^\| `(landbridge_\w+)` \| (\w+) \| [^|]*\| ([^|]+?) \| ([^|]+?) \|$/gm)];
    expect(rows.map(([, name, type, unit, help]) => [name, type, unit, help])).toEqual(
      Object.entries(exposedMetrics).map(([name, [type, unit, help]]) => [name, type, unitWords[unit], help]),
    );
  });
});
