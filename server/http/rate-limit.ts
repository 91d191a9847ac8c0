// How often one key, one person or one address may ask. Counted in memory: a restart forgives, a second process counts for itself.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '@/server/access/actor';
import { networkOf } from '@/server/access/sign-in-backoff';
import { LandbridgeError } from '@/server/errors';
import { anonymousRequestsPerWindow, rateWindowMs, reportsPerWindow } from '@/server/intervals';

export class RateLimits {
  readonly #known: RateLimiterMemory;
  readonly #anonymous: RateLimiterMemory;
  readonly #senders: RateLimiterMemory;

  /** @param requestsPerSecond of one key or person, averaged over the window so that a page may load many things at once */
  constructor(requestsPerSecond: number) {
    const duration = rateWindowMs / 1000;
    this.#known = new RateLimiterMemory({ points: requestsPerSecond * duration, duration });
    this.#senders = new RateLimiterMemory({ points: reportsPerWindow, duration });
    this.#anonymous = new RateLimiterMemory({ points: anonymousRequestsPerWindow, duration });
  }

  /**
   * Whoever has shown no valid credentials is counted by address.
   * @throws LandbridgeError RATE_LIMITED, with the seconds after which to ask again
   */
  async take(actor: Actor): Promise<void> {
    if (actor.kind === 'person' || actor.kind === 'apiKey') {
      return consume(this.#known, `${actor.kind} ${actor.id}`);
    }
    if (actor.kind === 'hubSender') return consume(this.#senders, actor.console, limitOfReports);
    if (actor.kind === 'anonymous') {
      // One customer of a provider holds a whole IPv6 network.
      return consume(this.#anonymous, actor.address === null ? 'unknown' : networkOf(actor.address));
    }
  }
}

const limitOfRequests = 'the limit is LANDBRIDGE_REQUESTS_PER_SECOND';
const limitOfReports = `this hub takes ${(reportsPerWindow * 1000) / rateWindowMs} reports a second of one console`;

async function consume(limiter: RateLimiterMemory, key: string, limit = limitOfRequests): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const retryAfterSeconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    throw new LandbridgeError(
      'RATE_LIMITED',
      `Too many requests. Ask again in ${retryAfterSeconds} s; ${limit}.`,
      { retryAfterSeconds },
    );
  }
}
