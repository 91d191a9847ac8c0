// What the audit log costs: a row by itself, two rows with a change, rows in one transaction; then search, export and verify over many.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditQuery } from '@/lib/contracts/audit';
import type { AuditLog } from '@/server/access/audit';
import type { NewAuditRow } from '@/server/access/audit-chain';
import { exportAudit } from '@/server/access/audit-export';
import { rowOf } from '@/server/access/audit-row';
import { openAudit } from '@/server/access/audit-start';
import { verifyStore } from '@/server/access/audit-verify';
import { AuditViews } from '@/server/access/audit-views';
import { openStore } from '@/server/store/store';

const actor = { kind: 'system' } as const;
const scope = { kind: 'link', source: 'west', destination: 'east', name: 'orders' } as const;
const operation = {
  actor,
  operation: 'change link settings',
  target: { type: 'link', name: 'orders (west → east)', scope },
  details: { 'metadata.max.age.ms': 5000 },
  before: { 'metadata.max.age.ms': 10_000 },
  after: { 'metadata.max.age.ms': 5000 },
} as const;

const singles = 500;
const rowsInOne = 1_000;

/** @param rows how many the log has for search, export and verify */
export async function benchAudit(rows: number, dir = tmpdir()): Promise<object> {
  const root = mkdtempSync(join(dir, 'landbridge-bench-audit-'));
  const store = openStore(join(root, 'data'));
  const secretKey = Buffer.alloc(32, 'k');
  const opened = { store, secretKey, version: '0', log: () => undefined, observe: () => null };
  try {
    const { audit } = await openAudit(opened);
    const views = new AuditViews({ store, isOpen: (id) => audit.isOpen(id) });
    const record = await timesOf(singles, () => audit.record(operation));
    const within = await timesOf(singles, () => audit.within(operation, async () => undefined));
    const around = await timesOf(singles, () => audit.around(operation, async () => undefined));
    const many = await timesOf(10, () => audit.append(copies(rowsInOne, 'EVENT')));
    for (let left = rows - (await lastSeq(store)); left > 0; left -= rowsInOne)
      await audit.append(copies(Math.min(left, rowsInOne), 'EVENT'));
    return {
      bench: 'audit',
      rows: await lastSeq(store),
      storeBytes: statSync(join(root, 'data', 'landbridge.db')).size,
      recordMs: record,
      withinMs: within,
      aroundMs: around,
      perRowInOneTransactionMs: many.p50 / rowsInOne,
      ...(await reading({ audit, views, store, secretKey })),
    };
  } finally {
    await store.close();
    rmSync(root, { recursive: true, force: true });
  }
}

type Opened = {
  audit: AuditLog;
  views: AuditViews;
  store: ReturnType<typeof openStore>;
  secretKey: Buffer;
};

async function reading({ audit, views, store, secretKey }: Opened): Promise<object> {
  const page = (query: object) => views.page(actor, auditQuery.parse(query));
  // The first turn of the event loop after so many inserts belongs to them.
  await page({});
  const newest = await timesOf(20, () => page({}));
  const blocked = longestBlock();
  const search = await timesOf(1, async () => {
    for (let cursor: number | null = null, more = true; more; ) {
      const answer = await page({ text: 'found nowhere', ...(cursor ? { cursor } : {}) });
      cursor = answer.nextCursor;
      more = cursor !== null;
    }
  });
  const searchLongestBlockMs = blocked();
  const before = process.memoryUsage().rss;
  let peak = before;
  let bytes = 0;
  const exported = await timesOf(1, async () => {
    const stream = await exportAudit({ audit, views, actor, filter: {}, format: 'csv' });
    for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      peak = Math.max(peak, process.memoryUsage().rss);
    }
  });
  const verified = await timesOf(1, () => verifyStore(store.db, secretKey));
  return {
    newestPageMs: newest,
    searchThroughAllMs: search.p50,
    searchLongestBlockMs,
    exportMs: exported.p50,
    exportBytes: bytes,
    exportMemoryGrowthBytes: peak - before,
    verifyMs: verified.p50,
  };
}

function copies(count: number, kind: string): NewAuditRow[] {
  return Array.from({ length: count }, (_, i) =>
    rowOf(operation, {
      operationId: `${kind}-${process.hrtime.bigint()}-${i}`,
      kind,
      atMs: Date.now(),
      result: 'OK',
      message: null,
      requestId: null,
    }),
  );
}

async function lastSeq(store: Opened['store']): Promise<number> {
  const row = await store.db
    .selectFrom('audit')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? 0;
}

async function timesOf(count: number, work: () => Promise<unknown>): Promise<{ p50: number; p99: number }> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

/** Longest time in which nothing else got its turn. */
function longestBlock(): () => number {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  return () => {
    clearInterval(timer);
    return round(longest);
  };
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
