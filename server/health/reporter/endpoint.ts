/**
 * Sends the reports that wait for one endpoint, one after the other in their order. What it does not take now waits, ever longer; what it never
 * takes is put aside. Another endpoint's trouble is none of this one's.
 */
import type { EndpointState, EndpointStatus } from '@/lib/contracts/monitoring/health-report';
import { OutgoingError } from '@/server/outgoing/errors';
import { type Meaning, meaningOf } from './answers';
import type { ReportBuffer, Waiting } from './buffer';

export type Answer = { status: number; retryAfter: string | undefined; said: string };
/** @throws OutgoingError when there is no answer */
export type Send = (body: Buffer) => Promise<Answer>;
type Level = 'info' | 'warn';

export type EndpointOptions = {
  /** Without query. */
  address: string;
  buffer: ReportBuffer;
  send: Send;
  log(level: Level, message: string): void;
  nowMs(): number;
  /** 0 to 1: the jitter. */
  random(): number;
};

const firstWaitMs = 1_000;
const longestWaitMs = 300_000;

/** Doubled with each failure up to five minutes; between half and all of it, so that many consoles do not come back at once. */
export function backOffMs(failures: number, random: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 20)) * (0.5 + random / 2);
}

export class Endpoint {
  readonly #of: EndpointOptions;
  #state: EndpointState = 'UNTRIED';
  #why: string | null = null;
  #sinceMs: number;
  #lastTakenMs: number | null = null;
  #nextTryMs: number | null = null;
  #failures = 0;
  #sending: Promise<void> | null = null;
  #again = false;

  constructor(options: EndpointOptions) {
    this.#of = options;
    this.#sinceMs = options.nowMs();
  }

  get buffer(): ReportBuffer {
    return this.#of.buffer;
  }

  get nextTryMs(): number | null {
    return this.#nextTryMs;
  }

  /** Null before the first answer, or failure. */
  get reachable(): boolean | null {
    return this.#state === 'UNTRIED' ? null : this.#state === 'REACHABLE';
  }

  get status(): EndpointStatus {
    const { address, buffer } = this.#of;
    return {
      address,
      state: this.#state,
      why: this.#why ?? (buffer.failure && `Reports cannot be written to the disk: ${buffer.failure}`),
      since: this.#sinceMs,
      lastAcceptedAt: this.#lastTakenMs,
      nextTryAt: this.#nextTryMs,
      waiting: buffer.count,
      waitingBytes: buffer.bytes,
      oldestAt: buffer.first ? Number.parseInt(buffer.first.name, 10) : null,
      dropped: buffer.dropped,
      refused: buffer.refused,
    };
  }

  /** Sends until nothing waits or it has to wait; while it is at work, it is not begun again. */
  pump(): Promise<void> {
    // What is stored while the last one is on its way is not left for the next time.
    if (this.#sending) this.#again = true;
    this.#sending ??= this.#sendAll()
      .finally(() => {
        this.#sending = null;
      })
      .then(() => {
        if (!this.#again) return;
        this.#again = false;
        return this.pump();
      });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    const { buffer, nowMs } = this.#of;
    while (buffer.first && (this.#nextTryMs === null || nowMs() >= this.#nextTryMs))
      await this.#try(buffer.first);
  }

  async #try(one: Waiting): Promise<void> {
    const { buffer, send, nowMs, random } = this.#of;
    const body = await buffer.read(one);
    if (body === null) return buffer.giveUp(one);
    const meaning = await send(body).then(
      ({ status, retryAfter, said }) => meaningOf(status, retryAfter, said),
      failed,
    );
    switch (meaning.kind) {
      case 'TAKEN':
        this.#lastTakenMs = nowMs();
        this.#becomes('REACHABLE', null);
        return buffer.done(one);
      case 'REFUSED':
        this.#becomes('REFUSING', meaning.why);
        return buffer.giveUp(one);
      case 'LATER':
        this.#becomes(meaning.state, meaning.why);
        this.#nextTryMs = nowMs() + Math.max(meaning.waitMs ?? 0, backOffMs(this.#failures++, random()));
    }
  }

  #becomes(state: EndpointState, why: string | null): void {
    const { address, log, nowMs } = this.#of;
    if (state === 'REACHABLE' || state === 'REFUSING') {
      this.#failures = 0;
      this.#nextTryMs = null;
    }
    if (state !== this.#state) {
      this.#sinceMs = nowMs();
      if (why !== null) log('warn', `Health reports are not taken by ${address}. ${why}`);
      else if (this.#state !== 'UNTRIED') log('info', `Health reports are taken by ${address} again.`);
    }
    this.#state = state;
    this.#why = why;
  }
}

function failed(error: unknown): Meaning {
  if (!(error instanceof OutgoingError)) throw error;
  return { kind: 'LATER', state: 'UNREACHABLE', why: error.message, waitMs: null };
}
