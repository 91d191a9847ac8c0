/**
 * Reads the whole audit chain and says where it is broken: rows changed, removed, inserted, moved, or cut off its end.
 * Only reads; works on a store in use. What an attacker with the key could do is found by anchors only.
 */
import {
  type AuditCut,
  type AuditRow,
  auditRowsAfter,
  listAuditCuts,
  listAuditKeys,
  listUnchained,
  readAuditHead,
} from '@/server/store/audit';
import type { Executor } from '@/server/store/store';
import type { AuditAnchor } from './audit-anchor';
import { type ChainKey, type ChainPoint, chainStart, equalHex, isSealed, rowMac } from './audit-chain';
import { chainKeyOf, openChainKeys } from './audit-keys';
import { foreignChangeOperation } from './audit-start';

export type Problem = {
  kind:
    | 'CHANGED'
    | 'REMOVED'
    | 'INSERTED'
    | 'CUT_OFF'
    | 'BEGINNING_REMOVED'
    | 'KEY_UNKNOWN'
    | 'FOUND_CHANGED'
    | 'REPLACED'
    | 'UNCHAINED';
  /** The first row that is concerned; of removed rows, the first that is missing. */
  seq: number;
  message: string;
};

export type Verdict = {
  /** Rows read. */
  rows: number;
  problems: Problem[];
  /** How many more there are than are listed. */
  unlisted: number;
  end: ChainPoint | null;
  /** Which log, for comparing with anchors; null when it is empty. */
  log: string | null;
  anchors: number;
  /** Anchors of other logs, which nothing here can be compared with. */
  otherAnchors: number;
};

const rowsAtOnce = 5_000;
const problemsListed = 50;

/**
 * @param anchors what was told outside the store
 * @param otherLogs whether anchors of other logs may be among them. Without it they are a problem: that is all that is left
 *   of a log which was removed as a whole and begun anew
 */
export async function verifyStore(
  db: Executor,
  secretKey: Buffer,
  anchors: readonly AuditAnchor[] = [],
  otherLogs = false,
): Promise<Verdict> {
  const keys = openChainKeys(chainKeyOf(secretKey), await listAuditKeys(db));
  const head = await readAuditHead(db);
  const sealed = head && isSealed(keys, `head ${head.log}`, head) ? head : null;
  // Without a sealed head nobody can tell whose the anchors are: all are taken for this log's.
  const own = anchors.filter(({ log }) => sealed === null || log === sealed.log);
  const others = anchors.filter((anchor) => !own.includes(anchor));
  const reading = new Reading(keys, own);
  if (sealed && !otherLogs) reading.replaced(sealed.log, others);
  reading.begin(await listAuditCuts(db));
  for (let after = 0; ; ) {
    const rows = await auditRowsAfter(db, after, rowsAtOnce);
    for (const row of rows) reading.take(row);
    const last = rows.at(-1);
    if (!last) break;
    after = last.seq;
  }
  reading.end(sealed, head !== null);
  reading.unchained((await listUnchained(db)).length);
  return {
    ...reading.verdict(),
    log: head?.log ?? null,
    anchors: own.length,
    otherAnchors: others.length,
  };
}

class Reading {
  readonly #keys: ReadonlyMap<string, ChainKey>;
  readonly #anchors = new Map<number, AuditAnchor[]>();
  #at: ChainPoint = chainStart;
  /** The last row that was as it must be: what a row after inserted ones is chained to. */
  #good: ChainPoint = chainStart;
  #suspect: AuditRow | null = null;
  #rows = 0;
  #count = 0;
  readonly #problems: Problem[] = [];

  constructor(keys: ReadonlyMap<string, ChainKey>, anchors: readonly AuditAnchor[]) {
    this.#keys = keys;
    for (const anchor of anchors)
      this.#anchors.set(anchor.seq, [...(this.#anchors.get(anchor.seq) ?? []), anchor]);
  }

  /** Where the log begins: at its first row, or behind a cut that is sealed. */
  begin(cuts: readonly AuditCut[]): void {
    const cut = cuts.at(-1);
    if (cut && isSealed(this.#keys, 'cut', cut)) {
      this.#at = { seq: cut.seq, mac: cut.mac };
      this.#good = this.#at;
      return;
    }
    if (cut) {
      const message = `Rows up to ${cut.seq} were removed by a cut whose seal is wrong: not by retention.`;
      this.#problem('BEGINNING_REMOVED', 1, message);
    }
  }

  replaced(log: string, others: readonly AuditAnchor[]): void {
    for (const other of new Set(others.map((anchor) => anchor.log))) {
      const anchors = others.filter((anchor) => anchor.log === other);
      const last = anchors.reduce((a, b) => (b.seq > a.seq ? b : a));
      this.#problem(
        'REPLACED',
        1,
        `${anchors.length} anchors are of the log ${other}, which had ${last.seq} rows at ${last.at}; this store holds the log ${log}. Either that log was removed and this one begun in its place, or those anchors are of another data directory (then: --other-logs).`,
      );
    }
  }

  /** The first start of a chain takes such rows in, and nobody writes any after it. */
  unchained(rows: number): void {
    if (rows === 0) return;
    this.#problem(
      'UNCHAINED',
      this.#at.seq + 1,
      `${rows} rows stand in the table of rows from before the chain: they were put there from outside.`,
    );
  }

  take(row: AuditRow): void {
    this.#rows++;
    if (row.seq > this.#at.seq + 1) {
      const last = row.seq - 1;
      const missing = this.#at.seq + 1;
      this.#problem(
        missing === 1 ? 'BEGINNING_REMOVED' : 'REMOVED',
        missing,
        missing === last ? `Row ${missing} is missing.` : `Rows ${missing} to ${last} are missing.`,
      );
      this.#at = { seq: last, mac: '' };
    }
    this.#check(row);
    for (const anchor of this.#anchors.get(row.seq) ?? []) {
      if (!equalHex(anchor.mac, row.mac))
        this.#problem(
          'CHANGED',
          row.seq,
          `Row ${row.seq} is not the one that was anchored at ${anchor.at}: the log was rewritten from here or from before.`,
        );
    }
    if (row.operation === foreignChangeOperation)
      this.#problem('FOUND_CHANGED', row.seq, `Row ${row.seq}, written by the server: ${row.message}`);
    this.#at = { seq: row.seq, mac: row.mac };
  }

  #check(row: AuditRow): void {
    const key = this.#keys.get(row.keyId);
    if (!key) {
      this.#problem(
        'KEY_UNKNOWN',
        row.seq,
        `Row ${row.seq} is chained with key ${row.keyId}, which this server's key does not open.`,
      );
      return;
    }
    const { mac, ...rest } = row;
    // After removed rows nothing is known of the one before: the row itself is then proved by the one after it.
    const chained = (before: string) => equalHex(rowMac(key, before, rest), mac);
    if (chained(this.#at.mac)) {
      this.#good = row;
      this.#suspect = null;
      return;
    }
    if (this.#suspect && chained(this.#good.mac)) {
      this.#relabel(this.#suspect);
      this.#good = row;
      this.#suspect = null;
      return;
    }
    if (this.#at.mac === '') {
      // The rows that it is chained to are gone, which has been said already.
      this.#good = row;
      return;
    }
    this.#suspect = row;
    this.#problem(
      'CHANGED',
      row.seq,
      `Row ${row.seq} (${summary(row)}) was changed, moved or inserted: its mac is wrong.`,
    );
  }

  /** The row after it follows the one before it: it was never part of the chain. */
  #relabel(row: AuditRow): void {
    const problem = this.#problems.find(({ kind, seq }) => kind === 'CHANGED' && seq === row.seq);
    if (!problem) return;
    problem.kind = 'INSERTED';
    problem.message = `Row ${row.seq} (${summary(row)}) was inserted: it is not part of the chain.`;
  }

  end(head: ChainPoint | null, headThere: boolean): void {
    const { seq, mac } = this.#at;
    const known = [...this.#anchors.values()].flat().map((anchor) => ({
      ...anchor,
      what: `the anchor of ${anchor.at}`,
    }));
    const ends = head ? [...known, { ...head, what: 'the sealed end in the store' }] : known;
    const cut = ends.filter((end) => end.seq > seq).sort((a, b) => b.seq - a.seq)[0];
    if (cut)
      this.#problem(
        'CUT_OFF',
        seq + 1,
        `Rows ${seq + 1} to ${cut.seq} were cut off the end: ${cut.what} says that there were ${cut.seq}.`,
      );
    else if (head && head.seq < seq)
      this.#problem(
        'INSERTED',
        head.seq + 1,
        `The sealed end of the log is row ${head.seq}, but the store holds rows up to ${seq}.`,
      );
    else if (head && head.mac !== mac)
      this.#problem('CHANGED', seq, `Row ${seq} is not the one that the sealed end of the log names.`);
    if (!head && (headThere || seq > 0))
      this.#problem(
        'CUT_OFF',
        seq + 1,
        `Where the log ends cannot be told: its sealed end ${headThere ? 'was changed' : 'is missing'}.`,
      );
    if (!headThere && seq === 0)
      this.#problem(
        'BEGINNING_REMOVED',
        1,
        'The log is empty, without a row and without its end: a server that has started leaves at least one.',
      );
  }

  verdict() {
    const problems = [...this.#problems].sort((a, b) => a.seq - b.seq);
    return {
      rows: this.#rows,
      problems,
      unlisted: this.#count - problems.length,
      end: this.#at.seq === 0 ? null : this.#at,
    };
  }

  #problem(kind: Problem['kind'], seq: number, message: string): void {
    this.#count++;
    if (this.#problems.length < problemsListed) this.#problems.push({ kind, seq, message });
  }
}

const summary = (row: AuditRow): string =>
  `${new Date(row.atMs).toISOString()}, ${row.actorName}, ${row.operation}`.slice(0, 200);
