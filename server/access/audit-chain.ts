/**
 * How rows of the audit log are chained: each carries an HMAC-SHA-256 over the mac of the row before it and its own bytes,
 * so that a row that is changed, removed, inserted or moved shows. Rows are appended inside a transaction of the store,
 * of which there is one at a time: that is the order of the chain.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import {
  type AuditHead,
  type AuditRow,
  insertAuditRows,
  lastAuditRow,
  readAuditHead,
  traceOfChain,
  writeAuditHead,
} from '@/server/store/audit';
import type { Executor } from '@/server/store/store';

export type ChainKey = { id: string; key: Buffer };
export type ChainPoint = { seq: number; mac: string };
export type NewAuditRow = Omit<AuditRow, 'seq' | 'keyId' | 'mac'>;

/** What the first row is chained to. */
export const chainStart: ChainPoint = { seq: 0, mac: '0'.repeat(64) };

/** Changes with the list below: a row is authenticated in the form that was written with it. */
const rowFormat = 1;
const authenticated = [
  'seq',
  'operationId',
  'kind',
  'atMs',
  'actorKind',
  'actorId',
  'actorName',
  'sessionId',
  'address',
  'operation',
  'objectType',
  'objectName',
  'cluster',
  'destination',
  'link',
  'severity',
  'reason',
  'details',
  'before',
  'after',
  'result',
  'message',
  'requestId',
  'keyId',
] as const satisfies (keyof AuditRow)[];

/** A JSON array of texts, integers and nulls in a fixed order has one spelling only. */
function canonicalBytes(row: Omit<AuditRow, 'mac'>): string {
  return JSON.stringify([rowFormat, ...authenticated.map((column) => row[column])]);
}

export function rowMac(key: ChainKey, before: string, row: Omit<AuditRow, 'mac'>): string {
  return createHmac('sha256', key.key).update(before).update('\n').update(canonicalBytes(row)).digest('hex');
}

/** For what stands beside the rows: the head of a log and its cuts. The label keeps one from being taken for the other. */
export function sealOf(key: ChainKey, label: `head ${string}` | 'cut', { seq, mac }: ChainPoint): string {
  return createHmac('sha256', key.key).update(`${label}\n${seq}\n${mac}`).digest('hex');
}

export function isSealed(
  keys: ReadonlyMap<string, ChainKey>,
  label: `head ${string}` | 'cut',
  point: ChainPoint & { keyId: string; seal: string },
): boolean {
  const key = keys.get(point.keyId);
  return key !== undefined && equalHex(sealOf(key, label, point), point.seal);
}

export function equalHex(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** What is found when the store does not end where this process, or the sealed head, knows that it ended. */
export type ForeignChange = {
  /** Null: there was a log, but nothing is left that says where it ended. */
  expected: ChainPoint | null;
  found: ChainPoint | null;
};

export class AuditChain {
  readonly #key: ChainKey;
  readonly #keys: ReadonlyMap<string, ChainKey>;
  readonly #onForeignChange: (change: ForeignChange) => NewAuditRow;
  /** Where the store may end: as it was before the last append, or as it is after it, if that was committed. */
  #possible: ChainPoint[] = [];
  #writer: Executor | null = null;

  /**
   * @param keys all that earlier rows may be chained with
   * @param onForeignChange writes down that somebody else changed the log; its row goes in front of what was to be appended
   */
  constructor(
    key: ChainKey,
    keys: ReadonlyMap<string, ChainKey>,
    onForeignChange: (change: ForeignChange) => NewAuditRow,
  ) {
    this.#key = key;
    this.#keys = keys;
    this.#onForeignChange = onForeignChange;
  }

  /** @param trx a transaction, never the bare store: reading the end and writing behind it must not be parted */
  async append(trx: Executor, rows: readonly NewAuditRow[]): Promise<void> {
    const stored = await readAuditHead(trx);
    const { base, foreign } = await this.#end(trx, stored);
    const chained: AuditRow[] = [];
    let head = base;
    for (const row of foreign ? [this.#onForeignChange(foreign), ...rows] : rows) {
      const whole = { ...storable(row), seq: head.seq + 1, keyId: this.#key.id };
      head = { seq: whole.seq, mac: rowMac(this.#key, head.mac, whole) };
      chained.push({ ...whole, mac: head.mac });
    }
    await insertAuditRows(trx, chained);
    const log = stored?.log ?? randomUUID();
    const seal = sealOf(this.#key, `head ${log}`, head);
    await writeAuditHead(trx, { log, ...head, keyId: this.#key.id, seal });
    // A second append of one transaction may be rolled back to where its first began.
    const before = this.#writer === trx ? (this.#possible[0] ?? base) : base;
    this.#writer = trx;
    this.#possible = [before, head];
  }

  /** The chain goes on from what is known, never from what is found: removed rows stay missing for ever. */
  async #end(
    trx: Executor,
    stored: AuditHead | null,
  ): Promise<{ base: ChainPoint; foreign: ForeignChange | null }> {
    const last = await lastAuditRow(trx);
    const expected = this.#expected(stored);
    if (samePoint(last, expected)) return { base: expected, foreign: null };
    if (last === null && expected.seq === 0) {
      // A first row is only for a store that never had one: an emptied log must not begin anew as if it were the first.
      const emptied = stored !== null || (await traceOfChain(trx)) !== null;
      return { base: chainStart, foreign: emptied ? { expected: null, found: null } : null };
    }
    const base = { seq: Math.max(expected.seq, last?.seq ?? 0), mac: expected.mac };
    return { base, foreign: { expected, found: last } };
  }

  #expected(stored: AuditHead | null): ChainPoint {
    const known = this.#possible.find((point) => samePoint(point, stored));
    if (known) return known;
    const newest = this.#possible.at(-1);
    if (newest) return newest;
    // Only at the start of a process: later it knows by itself.
    return stored && isSealed(this.#keys, `head ${stored.log}`, stored) ? stored : chainStart;
  }
}

const samePoint = (a: ChainPoint | null, b: ChainPoint | null): boolean =>
  a !== null && b !== null && a.seq === b.seq && a.mac === b.mac;

/** As the store gives it back: SQLite keeps neither lone surrogates nor, for all its readers, NUL characters. */
function storable<T extends object>(row: T): T {
  const entries = Object.entries(row).map(([column, value]) => [
    column,
    typeof value === 'string' ? Buffer.from(value.replaceAll('\0', '�')).toString() : value,
  ]);
  return Object.fromEntries(entries) as T;
}
