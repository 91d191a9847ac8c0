import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grant } from '@/lib/contracts/access';
import { type AuditEntry, type AuditQuery, auditEntryDetail, auditQuery } from '@/lib/contracts/audit';
import type { Target } from '@/lib/grants';
import { openStore, type Store } from '@/server/store/store';
import type { Actor, PersonActor } from './actor';
import type { AuditLog } from './audit';
import { csvCell, exportAudit } from './audit-export';
import { openAudit } from './audit-start';
import { AuditViews } from './audit-views';
import { maySee } from './authorise';

let root: string;
let store: Store;
let audit: AuditLog;
let views: AuditViews;
let nowMs = Date.parse('2026-11-23T10:00:00Z');

const person = (name: string, grants: Grant[]): PersonActor => ({
  kind: 'person',
  id: `id-${name}`,
  name,
  grants,
  sessionId: `session-of-${name}`,
  signedInAtMs: 0,
  authenticatedAtMs: 0,
  address: '192.0.2.7',
});
const grant = (role: Grant['role'], scope: Grant['scope']): Grant => ({ role, scope });
const administrator = person('ada', [grant('administrator', { kind: 'everywhere' })]);
const operator = person('olga', [grant('operator', { kind: 'everywhere' })]);

type Shown = Exclude<Target, { kind: 'console' }>;
const scopes: Shown[] = [
  { kind: 'everywhere' },
  { kind: 'cluster', cluster: 'west' },
  { kind: 'cluster', cluster: 'east' },
  { kind: 'link', source: 'west', destination: 'east', name: 'orders' },
  { kind: 'link', source: 'west', destination: 'east', name: 'payments' },
  { kind: 'link', source: 'east', destination: 'north', name: 'orders' },
];
const typeOf = { everywhere: 'person', cluster: 'cluster', link: 'link' } as const;
const nameOf = (scope: Shown) =>
  scope.kind === 'everywhere' ? 'olga' : scope.kind === 'cluster' ? scope.cluster : scope.name;
const operationOn = (scope: Shown, actor: Actor = operator) => ({
  actor,
  operation: `change ${typeOf[scope.kind]}`,
  target: { type: typeOf[scope.kind], name: nameOf(scope), scope },
});

const page = (actor: Actor, query: Partial<AuditQuery> = {}) => views.page(actor, auditQuery.parse(query));
const names = (entries: AuditEntry[]) =>
  entries.map(({ operation, object }) => `${operation} ${object.name}`);

async function text(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-audit-views-'));
  store = openStore(join(root, 'data'));
  const log = () => undefined;
  const secretKey = Buffer.alloc(32, 'k');
  const observe = () => null;
  ({ audit } = await openAudit({ store, secretKey, version: '0', log, observe, nowMs: () => nowMs }));
  views = new AuditViews({ store, isOpen: (id) => audit.isOpen(id) });
  for (const scope of scopes) {
    nowMs += 60_000;
    await audit.around(operationOn(scope), async (entry) => {
      nowMs += 250;
      entry.note({ before: { partitions: 3 }, after: { partitions: '=6' } });
    });
  }
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

describe('the audit log', () => {
  it('shows operations newest first, each with its outcome', async () => {
    const { entries, nextCursor } = await page(administrator);
    expect(names(entries)).toEqual([
      'change link orders',
      'change link payments',
      'change link orders',
      'change cluster east',
      'change cluster west',
      'change person olga',
      'start server Landbridge',
    ]);
    expect(nextCursor).toBeNull();
    expect(entries[0]).toMatchObject({
      actor: {
        kind: 'person',
        id: 'id-olga',
        name: 'olga',
        sessionId: 'session-of-olga',
        address: '192.0.2.7',
      },
      outcome: 'OK',
      cluster: 'east',
      destination: 'north',
      link: 'orders',
    });
    expect((entries[0]?.endedAt ?? 0) - (entries[0]?.at ?? 0)).toBe(250);
  });

  const viewer = (scope: Grant['scope']) => grant('viewer', scope);
  it.each([
    ['an administrator', administrator.grants],
    ['an operator everywhere', operator.grants],
    ['a viewer of one cluster', [viewer({ kind: 'cluster', cluster: 'west' })]],
    [
      'a viewer of both clusters',
      [viewer({ kind: 'cluster', cluster: 'west' }), viewer({ kind: 'cluster', cluster: 'east' })],
    ],
    ['a viewer of one link', [viewer({ kind: 'link', destination: 'east', name: 'orders' })]],
    [
      'a viewer of a link and a cluster',
      [
        viewer({ kind: 'link', destination: 'north', name: 'orders' }),
        viewer({ kind: 'cluster', cluster: 'west' }),
      ],
    ],
    ['somebody without a role', []],
  ])('shows %s what the rule of scopes lets them see, and no more', async (_, grants) => {
    const actor = person('x', [...grants]);
    const may = scopes.filter(
      (scope) =>
        maySee(actor, scope) &&
        (scope.kind !== 'everywhere' || grants.some(({ role }) => role === 'administrator')),
    );
    const expected = may.map((scope) => operationOn(scope)).map((o) => `${o.operation} ${o.target.name}`);
    const seen = names((await page(actor)).entries).filter((name) => !name.startsWith('start'));
    expect(seen.reverse()).toEqual(expected);
  });

  it('tells addresses and sessions to administrators only', async () => {
    const { entries } = await page(operator);
    expect(entries.map(({ actor }) => [actor.sessionId, actor.address])).toEqual(
      entries.map(() => [null, null]),
    );
  });

  it('is filtered by each of its filters', async () => {
    const found = async (query: Partial<AuditQuery> | Record<string, unknown>) =>
      (await page(administrator, query as Partial<AuditQuery>)).entries.length;
    expect(await found({ actor: 'OLG' })).toBe(6);
    expect(await found({ actor: 'id-olga' })).toBe(6);
    expect(await found({ operation: 'cluster' })).toBe(2);
    expect(await found({ object: 'payments' })).toBe(1);
    expect(await found({ object: 'north' })).toBe(1);
    expect(await found({ objectType: 'person' })).toBe(1);
    expect(await found({ outcome: 'FAILED' })).toBe(0);
    expect(await found({ outcome: 'OK' })).toBe(7);
    expect(await found({ severity: 'CRITICAL' })).toBe(0);
    expect(await found({ text: '=6' })).toBe(6);
    expect(await found({ text: 'no such thing' })).toBe(0);
    expect(await found({ text: '%' })).toBe(0);
    expect(await found({ from: '2026-11-23T10:02:00Z', to: '2026-11-23T10:04:01Z' })).toBe(3);
    expect(await found({ requestId: 'none' })).toBe(0);
  });

  it('is paged without gaps or repeats', async () => {
    const all = (await page(administrator)).entries.map(({ seq }) => seq);
    const paged: number[] = [];
    for (let cursor: number | undefined, more = true; more; ) {
      const answer = await page(administrator, { limit: 2, ...(cursor ? { cursor } : {}) });
      paged.push(...answer.entries.map(({ seq }) => seq));
      cursor = answer.nextCursor ?? undefined;
      more = answer.nextCursor !== null;
    }
    expect(paged).toEqual(all);
  });

  it('tells what is new since a row, and which open operations have ended since', async () => {
    const before = await page(administrator);
    const { operationId, end } = await audit.begin(operationOn(scopes[1] as Shown));
    const opened = await page(administrator, { after: before.newest });
    expect(opened.entries).toMatchObject([{ operationId, outcome: 'PENDING', endedAt: null }]);
    await end({ result: 'FAILED', message: 'no broker answered' });
    const ended = await page(administrator, { after: opened.newest });
    expect(ended.entries).toMatchObject([{ operationId, outcome: 'FAILED', message: 'no broker answered' }]);
    expect((await page(operator, { after: ended.newest })).entries).toEqual([]);
  });

  it('gives one entry with before and after, and hides what the asker may not see', async () => {
    const [newest] = (await page(administrator, { object: 'north' })).entries;
    const id = newest?.operationId ?? '';
    expect(await views.detail(administrator, id)).toMatchObject({
      before: { partitions: 3 },
      after: { partitions: '=6' },
      rows: [{ seq: newest?.seq }, { seq: (newest?.seq ?? 0) + 1 }],
    });
    await expect(views.detail(person('x', []), id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an export', () => {
  const take = (format: 'csv' | 'jsonl', actor: Actor = administrator) =>
    exportAudit({ audit, views, actor, filter: { operation: 'change' }, format });

  it('as JSON lines has each entry as the contract has it, and is itself on record', async () => {
    const lines = (await text(await take('jsonl'))).trimEnd().split('\n');
    const entries = lines.map((line) => auditEntryDetail.parse(JSON.parse(line)));
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map(({ seq }) => seq).sort((a, b) => a - b));
    const [own] = (await page(administrator, { operation: 'export' })).entries;
    expect(own).toMatchObject({ outcome: 'OK', actor: { name: 'ada' } });
    const detail = await views.detail(administrator, own?.operationId ?? '');
    expect(detail.details).toEqual({
      format: 'jsonl',
      filter: { operation: 'change' },
      entries: entries.length,
    });
  });

  it('holds what the asker may see, and no more', async () => {
    const csv = await text(
      await take('csv', person('x', [grant('viewer', { kind: 'cluster', cluster: 'west' })])),
    );
    expect(
      csv
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .every((line) => line.includes(',cluster,west,')),
    ).toBe(true);
    expect(csv).not.toContain('192.0.2.7');
  });

  it('that is broken off says so', async () => {
    const reader = (await take('csv')).getReader();
    await reader.read();
    await reader.cancel();
    const [own] = (await page(administrator, { operation: 'export' })).entries;
    expect(own).toMatchObject({ outcome: 'FAILED', message: expect.stringContaining('broken off') });
  });

  it.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '＝1'])(
    'as CSV keeps %j from being a formula',
    (value) => {
      expect(csvCell(value).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('as CSV quotes what needs it', () => {
    expect(csvCell('a"b,c\nd')).toBe('"a""b,c\nd"');
    expect(csvCell(-5)).toBe('-5');
    expect(csvCell(null)).toBe('');
  });
});
