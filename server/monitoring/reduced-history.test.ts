import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import type { FromMonitor } from '@/lib/contracts/monitoring/thread';
import { assembleMonitor } from './assemble';
import { noClusters } from './cluster-watch';

const dataDir = mkdtempSync(join(tmpdir(), 'landbridge-reduced-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it('draws the last minutes in reduced mode, and writes nothing to the disk for it', async () => {
  const said: FromMonitor[] = [];
  const monitor = assembleMonitor(
    {
      mode: 'reduced',
      dataDir,
      origin: 'http://127.0.0.1:3000',
      historyLimitBytes: 1e9,
      report: null,
      otlp: null,
    },
    (message) => said.push(message),
    noClusters,
  );
  const atMs = Date.now();
  for (const passed of [0, 10_000, 20_000]) monitor.tick(atMs + passed);
  const query = {
    metric: 'landbridge_process_memory_bytes' as const,
    fromMs: atMs,
    toMs: atMs + 20_000,
    maxPoints: 100,
  };
  monitor.receive({ type: 'request', id: 1, request: { op: 'history', query } });
  await vi.waitFor(() => expect(said.some(({ type }) => type === 'answer')).toBe(true));
  expect(said.find(({ type }) => type === 'answer')).toMatchObject({
    ok: true,
    value: { timesMs: [0, 10_000, 20_000].map((passed) => atMs + passed), total: 1, keptFromMs: atMs },
  });
  expect(existsSync(join(dataDir, 'history.db'))).toBe(false);
  await monitor.stop();
});
