/**
 * Sends what waits in alerts.db: each channel by itself, so that a dead one delays no other; messages of one alert in order; again and again with
 * pauses that grow, until they are taken or given up. What was sent and not yet written down is sent again after a restart: at least once.
 */
import type Database from 'libsql';
import type { Channel } from '@/lib/contracts/monitoring/channels';
import { scrub } from '@/server/access/scrub';
import type { Log } from '@/server/log';
import type { Notice } from './channels/notice';
import type { Sent } from './channels/post';
import type { Send } from './channels/send';
import {
  channelPauseFirstMs,
  channelPauseMaxMs,
  giveUpAfterMs,
  giveUpAttempts,
  outboxStopLimitMs,
  refusedAttempts,
  retryFirstMs,
  retryJitter,
  retryMaxMs,
} from './intervals';
import { OutboxRows, type Waiting } from './store/outbox-rows';

export type OutboxOptions = {
  db: Database.Database;
  log: Log;
  now: () => number;
  send: Send;
  /** Between 0 and 1. */
  random: () => number;
  channelOf(tenant: string, id: string): Channel | null;
};

type Pace = {
  failures: number;
  failingSinceMs: number | null;
  notBeforeMs: number;
  dueMs: number;
  busy: boolean;
  /** Was tried, and what came of it could not be written down. */
  unrecorded: { message: Waiting; sent: Sent } | null;
};

export class Outbox {
  readonly rows: OutboxRows;
  readonly #options: OutboxOptions;
  /** By tenant, then channel. */
  readonly #paces = new Map<string, Map<string, Pace>>();
  readonly #underWay = new Set<Promise<void>>();
  #stopped = false;
  #pumpedAtMs = 0;
  /** alerts.db is about to be closed. */
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.rows = new OutboxRows(options.db);
    for (const { tenant, channel } of this.rows.due(options.now())) this.wake(tenant, channel);
  }

  /** Something was queued, or is to be tried again now. */
  wake(tenant: string, channel: string): void {
    this.#pace(tenant, channel).dueMs = 0;
  }

  /** New settings may have mended it. */
  hurry(tenant: string, channel: string): void {
    this.rows.hurry(tenant, channel, this.#options.now());
    const pace = this.#pace(tenant, channel);
    Object.assign(pace, { dueMs: 0, notBeforeMs: 0 });
  }

  /** Nothing waits for others than these any more. */
  keepChannels(tenant: string, channels: readonly string[]): void {
    const paces = this.#paces.get(tenant);
    for (const channel of paces?.keys() ?? []) if (!channels.includes(channel)) paces?.delete(channel);
    this.rows.cancelOthers(tenant, channels, 'The channel was deleted.');
  }

  /** Seconds for which a channel has taken nothing; 0: the last message got through, or none was sent yet. */
  failingSeconds(tenant: string, channel: string): number {
    const since = this.#paces.get(tenant)?.get(channel)?.failingSinceMs ?? null;
    return since === null ? 0 : Math.max(0, this.#options.now() - since) / 1_000;
  }

  /** Starts what is due on every channel. @returns when all that it started is done */
  pump(): Promise<void> {
    const now = this.#options.now();
    if (now < this.#pumpedAtMs) this.#clockWasSetBack(now);
    this.#pumpedAtMs = now;
    for (const [tenant, channels] of this.#paces) {
      for (const [channel, pace] of channels) {
        if (this.#stopped || pace.busy || Math.max(pace.dueMs, pace.notBeforeMs) > now) continue;
        pace.busy = true;
        const work = this.#drain(tenant, channel, pace)
          .catch((error: unknown) => {
            if (pace.failures === 0)
              this.#options.log('error', `Alert channel ${channel} could not be served.`, error);
            this.#rest(pace);
          })
          .finally(() => {
            pace.busy = false;
            this.#underWay.delete(work);
          });
        this.#underWay.add(work);
      }
    }
    return Promise.all(this.#underWay).then(() => undefined);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((done) => {
      timer = setTimeout(done, outboxStopLimitMs);
    });
    await Promise.race([Promise.all(this.#underWay), limit]);
    clearTimeout(timer);
    this.#closed = true;
  }

  /** When something is due by times that are still to come says nothing. */
  #clockWasSetBack(nowMs: number): void {
    for (const channels of this.#paces.values())
      for (const pace of channels.values()) {
        Object.assign(pace, { dueMs: 0, notBeforeMs: 0 });
        if (pace.failingSinceMs !== null) pace.failingSinceMs = Math.min(pace.failingSinceMs, nowMs);
      }
  }

  #rest(pace: Pace): void {
    pace.notBeforeMs =
      this.#options.now() + this.#pause(channelPauseFirstMs, channelPauseMaxMs, pace.failures++);
  }

  async #drain(tenant: string, id: string, pace: Pace): Promise<void> {
    const { now, channelOf } = this.#options;
    // Not sent again while alerts.db takes no changes: it has arrived, perhaps.
    if (pace.unrecorded) this.#record(pace, pace.unrecorded.message, pace.unrecorded.sent);
    while (!this.#stopped) {
      const channel = channelOf(tenant, id);
      const next = channel?.enabled ? this.rows.next(tenant, id, now()) : null;
      if (!channel || !next) break;
      const sent = await this.#attempt(channel, next);
      if (this.#closed) return;
      this.#record(pace, next, sent);
      if (sent.ok) Object.assign(pace, { failures: 0, failingSinceMs: null, notBeforeMs: 0 });
      else pace.failingSinceMs ??= now();
      // A refused message says nothing of the next one.
      if (!sent.ok && !sent.refused) {
        this.#rest(pace);
        break;
      }
    }
    if (this.#closed) return;
    const due = this.rows.due(now()).find((one) => one.tenant === tenant && one.channel === id);
    const served = channelOf(tenant, id)?.enabled ?? false;
    pace.dueMs = served && due ? due.nextAtMs : Number.POSITIVE_INFINITY;
  }

  async #attempt(channel: Channel, { id, body }: Waiting): Promise<Sent> {
    const { send, now, log } = this.#options;
    try {
      return await send(channel, JSON.parse(body) as Notice, String(id), now());
    } catch (error) {
      // Not a matter of the network: what was asked of the channel cannot be done as it is.
      log('error', `A message could not be given to alert channel ${channel.name}.`, error);
      return {
        ok: false,
        said: scrub(error instanceof Error ? error.message : String(error)),
        refused: false,
      };
    }
  }

  /** @throws what alerts.db has against it; it is kept, and recorded first the next time */
  #record(pace: Pace, message: Waiting, sent: Sent): void {
    pace.unrecorded = { message, sent };
    const { id, attempts, createdAtMs } = message;
    const { ok, said, refused } = sent;
    const now = this.#options.now();
    const tries = attempts + 1;
    const old = now - createdAtMs >= giveUpAfterMs && tries >= giveUpAttempts;
    const dead = !ok && (old || (refused && tries >= refusedAttempts));
    const nextAt = ok || dead ? null : now + this.#pause(retryFirstMs, retryMaxMs, attempts);
    this.rows.tried(id, ok ? 'DELIVERED' : dead ? 'DEAD' : 'WAITING', tries, now, nextAt, said);
    pace.unrecorded = null;
  }

  #pause(firstMs: number, maxMs: number, failures: number): number {
    const whole = Math.min(maxMs, firstMs * 2 ** Math.min(failures, 20));
    return Math.round(whole * (1 - retryJitter * this.#options.random()));
  }

  #pace(tenant: string, channel: string): Pace {
    const channels = this.#paces.get(tenant) ?? new Map<string, Pace>();
    this.#paces.set(tenant, channels);
    const pace = channels.get(channel) ?? {
      ...{ failures: 0, failingSinceMs: null, notBeforeMs: 0 },
      ...{ dueMs: Number.POSITIVE_INFINITY, busy: false, unrecorded: null },
    };
    channels.set(channel, pace);
    return pace;
  }
}
