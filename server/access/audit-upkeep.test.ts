// What the audit log gets by the clock: anchors each hour and at the stop, refusals each minute. Real store; only the intervals are advanced by hand.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultAudit } from '@/server/audit-config';
import { auditAnchorIntervalMs, auditRefusalsIntervalMs } from '@/server/intervals';
import { listAudit } from '@/server/store/audit';
import { openStore, type Store } from '@/server/store/store';
import type { AuditLog } from './audit';
import { type AuditAnchor, anchorsIn } from './audit-anchor';
import { openAudit } from './audit-start';
import { AuditUpkeep } from './audit-upkeep';

const operation = {
  actor: { kind: 'system' },
  operation: 'add cluster',
  target: { type: 'cluster', name: 'west', scope: { kind: 'cluster', cluster: 'west' } },
} as const;

let dir: string;
let store: Store;
let audit: AuditLog;
let upkeep: AuditUpkeep;
let logged: string[];
let published: AuditAnchor[];
let kafkaIsDown: boolean;

beforeEach(async () => {
  // Promises, sockets and the store go on in real time.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  dir = mkdtempSync(join(tmpdir(), 'landbridge-upkeep-'));
  store = openStore(dir);
  [logged, published, kafkaIsDown] = [[], [], false];
  const log = (level: string, message: string) => void logged.push(`${level} ${message}`);
  const opened = await openAudit({
    store,
    secretKey: Buffer.alloc(32, 'k'),
    version: '0',
    log,
    observe: () => null,
  });
  ({ audit } = opened);
  upkeep = new AuditUpkeep({
    store,
    audit,
    key: opened.key,
    config: defaultAudit,
    log,
    publish: async (anchor) => {
      if (kafkaIsDown) throw new Error('no broker');
      published.push(anchor);
    },
  });
});
afterEach(async () => {
  await upkeep.beforeStop();
  vi.useRealTimers();
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const told = () => anchorsIn(logged.join('\n')).map(({ seq }) => seq);
const seen = () => published.map(({ seq }) => seq);
const rows = async () => (await listAudit(store.db, 1))[0]!.seq;

it('is anchored at the start, and each hour in which something was recorded', async () => {
  upkeep.start();
  const first = await rows();
  await vi.waitFor(() => expect([told(), seen()]).toEqual([[first], [first]]));
  await audit.record(operation);
  vi.advanceTimersByTime(auditAnchorIntervalMs - 1);
  await upkeep.everyMinute();
  expect(seen()).toEqual([first]);
  vi.advanceTimersByTime(1);
  const second = await rows();
  await vi.waitFor(() =>
    expect([told(), seen()]).toEqual([
      [first, second],
      [first, second],
    ]),
  );
  // Nothing new: the end of the log is known outside already.
  vi.advanceTimersByTime(3 * auditAnchorIntervalMs);
  await upkeep.everyHour();
  expect(seen()).toEqual([first, second]);
});

it('is told to the log while Kafka takes no anchor, and to Kafka an hour later', async () => {
  kafkaIsDown = true;
  upkeep.start();
  const end = await rows();
  await vi.waitFor(() => expect(logged.some((line) => line.startsWith('error The anchor'))).toBe(true));
  expect([told(), seen()]).toEqual([[end], []]);
  kafkaIsDown = false;
  vi.advanceTimersByTime(auditAnchorIntervalMs);
  await vi.waitFor(() => expect(seen()).toEqual([end]));
});

it('has the refusals of a minute in one row', async () => {
  upkeep.start();
  const refusal = {
    address: '192.0.2.1',
    actor: null,
    route: 'GET /api/links',
    code: 'UNAUTHENTICATED',
  } as const;
  for (let i = 0; i < 5; i++) audit.refused(refusal);
  const before = await rows();
  vi.advanceTimersByTime(auditRefusalsIntervalMs);
  await vi.waitFor(async () => expect(await rows()).toBe(before + 1));
});
