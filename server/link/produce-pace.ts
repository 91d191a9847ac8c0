/**
 * How much may be on its way to one destination broker. Brokers enforce a quota by answering at once and then reading
 * nothing more for a while: what is sent behind waits in their sockets, where it could still be appended long after we are
 * gone. So the amount grows only while it is used and unthrottled, and falls to one small request when a quota shows. Pure.
 */
import { PRODUCE_IN_FLIGHT, PRODUCE_MAX_BYTES, THROTTLE_AIM_MS } from './defaults';

const MIN_BYTES = 16 * 1024;
const MOST_BYTES = PRODUCE_IN_FLIGHT * PRODUCE_MAX_BYTES;

export type Answered = {
  /** Of the request that was answered. */
  bytes: number;
  /** With it, all that was on its way. */
  inFlightBytes: number;
  throttleMs: number;
};

export class ProducePace {
  #inFlightBytes = PRODUCE_MAX_BYTES;
  #requestBytes = PRODUCE_MAX_BYTES;

  /** Below this, one more request may be sent. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }
  /** Size of the next request; a larger batch goes alone. */
  get requestBytes(): number {
    return this.#requestBytes;
  }

  answered({ bytes, inFlightBytes, throttleMs }: Answered): void {
    if (throttleMs > 0) {
      const fitting = Math.round((bytes * THROTTLE_AIM_MS) / throttleMs);
      this.#requestBytes = Math.min(PRODUCE_MAX_BYTES, Math.max(MIN_BYTES, fitting));
      this.#inFlightBytes = this.#requestBytes;
      return;
    }
    // A trickle that is never throttled says nothing of what a burst would be.
    if (inFlightBytes * 2 < this.#inFlightBytes) return;
    this.#requestBytes = Math.min(PRODUCE_MAX_BYTES, this.#requestBytes + bytes);
    this.#inFlightBytes = Math.min(MOST_BYTES, this.#inFlightBytes + bytes);
  }
}
