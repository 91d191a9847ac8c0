// Designed states of Settings → Audit, for RENDERING TESTS; data checked against the contracts.
import { type AuditEntry, auditEntryDetail, auditPage, auditQuery } from '@/lib/contracts/audit';
import type { Scene } from './scenes';

const total = 1_000;
const minuteMs = 60_000;

const kinds: ((at: number, seq: number) => Partial<AuditEntry>)[] = [
  () => ({ operation: 'change link settings', outcome: 'OK' }),
  () => ({ operation: 'check link with a scratch topic', outcome: 'PENDING', endedAt: null }),
  () => ({
    operation: 'change state of mirrors',
    actor: { kind: 'engine', id: null, name: 'engine', sessionId: null, address: null },
  }),
  () => ({
    operation: 'edit cluster',
    outcome: 'FAILED',
    message: 'The connection was refused by kafka-1.dc1.example.com:9092.',
    object: { type: 'cluster', name: 'dc1' },
    destination: null,
    link: null,
  }),
  () => ({
    operation: 'break glass: delete link',
    severity: 'CRITICAL',
    reason: 'dc1 is on fire, nobody answers the phone.',
    actor: { kind: 'person', id: 'p2', name: 'Second operator', sessionId: 's-9', address: '10.4.0.17' },
  }),
  () => ({ operation: 'create link', outcome: 'OBSERVED' }),
  () => ({
    operation: 'refuse requests',
    outcome: 'REFUSED',
    object: { type: 'server', name: 'requests' },
    actor: { kind: 'anonymous', id: null, name: 'anonymous', sessionId: null, address: '203.0.113.9' },
    cluster: null,
    destination: null,
    link: null,
  }),
];

function entry(seq: number, now: number): AuditEntry {
  const at = now - (total * 2 - seq) * minuteMs;
  const kind = kinds[Math.floor(seq / 2) % kinds.length];
  return {
    seq,
    operationId: `op-${seq}`,
    at,
    actor: { kind: 'person', id: 'p1', name: 'Ada Lovelace', sessionId: 's-1', address: '10.4.0.12' },
    operation: 'create link',
    object: { type: 'link', name: 'dc1-to-cloud (dc1 → cloud)' },
    cluster: 'dc1',
    destination: 'cloud',
    link: 'dc1-to-cloud',
    severity: 'INFO',
    reason: null,
    requestId: `req-${seq}`,
    outcome: 'OK',
    endedAt: at + 240,
    message: null,
    ...kind?.(at, seq),
  };
}

/** Answers the page's questions as the server does, over a thousand operations of two rows each. */
function page(now: number, url: URL, over: { asOf?: number } = {}) {
  const query = auditQuery.parse(Object.fromEntries(url.searchParams));
  const all = Array.from({ length: total }, (_, i) => entry((total - i) * 2 - 1, now));
  const matched = all.filter(
    (one) =>
      (!query.text || JSON.stringify(one).toLowerCase().includes(query.text.toLowerCase())) &&
      (!query.outcome || one.outcome === query.outcome) &&
      (query.after === undefined || one.seq > query.after) &&
      (query.cursor === undefined || one.seq < query.cursor),
  );
  const entries = matched.slice(0, query.limit);
  const more = matched.length > entries.length;
  return auditPage.parse({
    asOf: over.asOf ?? now,
    entries,
    nextCursor: more ? (entries.at(-1)?.seq ?? null) : null,
    newest: total * 2,
    searchedBackTo: more ? (entries.at(-1)?.at ?? null) : null,
  });
}

const detail = (now: number) =>
  auditEntryDetail.parse({
    ...entry(1999, now),
    operation: 'edit cluster',
    object: { type: 'cluster', name: 'dc1' },
    requestId: '2f1f7e0c-6a0e-4a6e-9b9a-1f0f5d8b8a31',
    details: null,
    before: {
      name: 'dc1',
      bootstrapServers: ['kafka-1.dc1.example.com:9092'],
      security: {
        protocol: 'SASL_SSL',
        sasl: { mechanism: 'SCRAM-SHA-512', username: 'landbridge', password: 'secret' },
      },
    },
    after: {
      name: 'dc1',
      bootstrapServers: ['kafka-1.dc1.example.com:9092', 'kafka-2.dc1.example.com:9092'],
      security: {
        protocol: 'SASL_SSL',
        sasl: { mechanism: 'SCRAM-SHA-512', username: 'landbridge', password: 'secret (changed)' },
      },
    },
    rows: [
      { seq: 1999, keyId: '0123456789ab', mac: 'ab'.repeat(32) },
      { seq: 2000, keyId: '0123456789ab', mac: 'cd'.repeat(32) },
    ],
  });

const none = (now: number) =>
  auditPage.parse({ asOf: now, entries: [], nextCursor: null, newest: 0, searchedBackTo: null });
const path = '/settings/audit';

export const auditScenes: Scene[] = [
  { name: 'audit', path, shows: 'Break glass: delete link', api: { audit: page } },
  {
    name: 'audit, filtered',
    path: `${path}?outcome=FAILED&actor=ada&range=week`,
    shows: 'Failed',
    api: { audit: page },
  },
  { name: 'audit empty', path, shows: 'Nothing is recorded that you may see.', api: { audit: none } },
  {
    name: 'audit, nothing matches',
    path: `${path}?text=no+such+thing`,
    shows: 'No entry matches this filter.',
    api: { audit: page },
  },
  { name: 'audit loading', path, shows: 'Loading the audit log', api: { audit: () => 'hang' } },
  {
    name: 'audit failed',
    path,
    shows: 'Could not load the audit log',
    api: {
      audit: () => ({
        status: 503,
        body: {
          code: 'AUDIT_UNAVAILABLE',
          message: 'The store cannot be read: disk I/O error.',
          requestId: 'r',
        },
      }),
    },
  },
  {
    name: 'audit forbidden',
    path,
    shows: 'You may not see the audit log',
    api: {
      audit: () => ({ status: 403, body: { code: 'FORBIDDEN', message: 'This needs the role viewer.' } }),
    },
  },
  {
    name: 'audit stale',
    path,
    shows: /Stale: the last snapshot/,
    api: { audit: (now, url) => page(now, url, { asOf: now - 42_000 }) },
  },
  {
    name: 'an audit entry, before and after',
    path: `${path}?entry=op-1999`,
    shows: 'secret (changed)',
    api: { audit: page, 'audit/op-1999': detail },
  },
  {
    name: 'an audit entry that may not be seen',
    path: `${path}?entry=op-1`,
    shows: 'There is no such entry',
    api: { audit: page },
  },
];
