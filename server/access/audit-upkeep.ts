// What the audit log needs in the course of time: refusals once a minute, anchors and retention once an hour. Decides nothing
// about what is recorded.
import type { AuditConfig } from '@/server/audit-config';
import { auditAnchorIntervalMs, auditAnchorStopLimitMs, auditRefusalsIntervalMs } from '@/server/intervals';
import type { Log } from '@/server/log';
import { readAuditHead } from '@/server/store/audit';
import type { Store } from '@/server/store/store';
import type { AuditLog } from './audit';
import { type AuditAnchor, anchorText } from './audit-anchor';
import type { ChainKey } from './audit-chain';
import { cutOldRows } from './audit-retention';
import { recordStop } from './audit-start';

const dayMs = 86_400_000;

export class AuditUpkeep {
  readonly #store: Store;
  readonly #audit: AuditLog;
  readonly #key: ChainKey;
  readonly #config: AuditConfig;
  readonly #log: Log;
  readonly #publish: ((anchor: AuditAnchor) => Promise<void>) | null;
  readonly #nowMs: () => number;
  readonly #timers: NodeJS.Timeout[] = [];
  #anchored = 0;
  #working: Promise<void> = Promise.resolve();

  /** @param options.publish writes an anchor to the Kafka topic of landbridge.yaml; null when none is set */
  constructor(options: {
    store: Store;
    audit: AuditLog;
    key: ChainKey;
    config: AuditConfig;
    log: Log;
    publish: ((anchor: AuditAnchor) => Promise<void>) | null;
    nowMs?: () => number;
  }) {
    this.#store = options.store;
    this.#audit = options.audit;
    this.#key = options.key;
    this.#config = options.config;
    this.#log = options.log;
    this.#publish = options.publish;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  start(): void {
    const every = (ms: number, what: string, work: () => Promise<unknown>) => {
      const timer = setInterval(() => this.#enqueue(what, work), ms);
      timer.unref();
      this.#timers.push(timer);
    };
    every(auditRefusalsIntervalMs, 'record refusals', () => this.everyMinute());
    every(auditAnchorIntervalMs, 'anchor the audit log', () => this.everyHour());
    this.#enqueue('anchor the audit log', () => this.everyHour());
  }

  async everyMinute(): Promise<void> {
    await this.#audit.retryUnwritten();
    await this.#audit.recordRefusals();
  }

  async everyHour(): Promise<void> {
    const { keepDays } = this.#config;
    if (keepDays !== null) {
      await cutOldRows({
        store: this.#store,
        audit: this.#audit,
        key: this.#key,
        actor: { kind: 'system' },
        olderThanMs: this.#nowMs() - keepDays * dayMs,
        nowMs: this.#nowMs(),
      });
    }
    await this.anchor();
  }

  /** To the log at once; to Kafka when one is set, whose failure is logged and tried again an hour later. */
  async anchor(): Promise<AuditAnchor | null> {
    const anchor = await this.#end();
    if (!anchor || anchor.seq === this.#anchored) return null;
    this.#log('info', anchorText(anchor));
    try {
      await this.#publish?.(anchor);
      this.#anchored = anchor.seq;
    } catch (error) {
      this.#log(
        'error',
        'The anchor of the audit log cannot be written to its Kafka topic; the log line above holds it. Tried again in an hour.',
        error,
      );
    }
    return anchor;
  }

  /** While Kafka can still be reached: what is recorded after this stands in the log line of `close` only. */
  async beforeStop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#enqueue('record refusals', () => this.everyMinute());
    this.#enqueue('anchor the audit log', () => this.anchor());
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, auditAnchorStopLimitMs);
    });
    await Promise.race([this.#working, limit]);
    clearTimeout(timer);
  }

  /** The last row and the last anchor, when nobody writes any more. */
  async close(): Promise<void> {
    await this.everyMinute();
    await recordStop(this.#audit);
    const anchor = await this.#end();
    if (anchor) this.#log('info', anchorText(anchor));
  }

  async #end(): Promise<AuditAnchor | null> {
    const head = await readAuditHead(this.#store.db);
    if (!head) return null;
    const { log, seq, mac, keyId } = head;
    return { log, seq, mac, keyId, at: new Date(this.#nowMs()).toISOString() };
  }

  #enqueue(what: string, work: () => Promise<unknown>): void {
    this.#working = this.#working.then(work).then(
      () => undefined,
      (error: unknown) => this.#log('error', `Cannot ${what}.`, error),
    );
  }
}
