/**
 * Sends what waits for one endpoint, one after the other in their order. What it does not take now waits, ever longer; what it never takes is
 * put aside. Another endpoint's trouble is none of this one's.
 */
import type { EndpointState, EndpointStatus } from '@/lib/contracts/monitoring/health-report';
import { OutgoingError } from '@/server/outgoing/errors';
import type { Answer, Meaning } from './answers';
import type { ReportBuffer, Waiting } from './buffer';

/** @throws OutgoingError when there is no answer */
export type Send = (body: Buffer) => Promise<Answer>;
type Level = 'info' | 'warn';
/** What waits, in order. */
export type WaitingFor = Pick<
  ReportBuffer,
  'first' | 'count' | 'bytes' | 'dropped' | 'refused' | 'failure' | 'read' | 'done' | 'giveUp'
>;

export type EndpointOptions<Kept extends WaitingFor> = {
  /** What is sent, in the plural, as the log calls it. */
  what: string;
  /** Without query. */
  address: string;
  buffer: Kept;
  send: Send;
  meaningOf(answer: Answer): Meaning;
  log(level: Level, message: string): void;
  nowMs(): number;
  /** 0 to 1: the jitter. */
  random(): number;
};

const firstWaitMs = 1_000;
const longestWaitMs = 300_000;

/** Doubled with each failure up to five minutes; between half and all of it, so that many consoles do not come back at once. */
export function backOffMs(failures: number, random: number): number {
  return Math.round(Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 20)) * (0.5 + random / 2));
}

export class Endpoint<Kept extends WaitingFor = ReportBuffer> {
  readonly #of: EndpointOptions<Kept>;
  #state: EndpointState = 'UNTRIED';
  /** As of the last line in the log. */
  #toldState: EndpointState = 'UNTRIED';
  #why: string | null = null;
  #sinceMs: number;
  #lastTakenMs: number | null = null;
  #nextTryMs: number | null = null;
  /** Of what was not taken. */
  #triedAtMs = 0;
  #failures = 0;
  #sending: Promise<void> | null = null;
  #again = false;

  constructor(options: EndpointOptions<Kept>) {
    this.#of = options;
    this.#sinceMs = options.nowMs();
  }

  get buffer(): Kept {
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
      why:
        this.#why ?? (buffer.failure && `${this.#of.what} cannot be written to the disk: ${buffer.failure}`),
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
    while (buffer.first && this.#isDue(nowMs())) await this.#try(buffer.first);
  }

  /** When the clock was set back, a time that is still to come says nothing. */
  #isDue(nowMs: number): boolean {
    return this.#nextTryMs === null || nowMs >= this.#nextTryMs || nowMs < this.#triedAtMs;
  }

  async #try(one: Waiting): Promise<void> {
    const { buffer, send, meaningOf, nowMs, random } = this.#of;
    const body = await buffer.read(one);
    if (body === null) return buffer.giveUp(one);
    const meaning = await send(body).then((answer) => meaningOf(answer), failed);
    switch (meaning.kind) {
      case 'TAKEN':
        this.#lastTakenMs = nowMs();
        this.#becomes('REACHABLE', null);
        this.#triesAtOnce();
        return buffer.done(one);
      case 'REFUSED':
        this.#becomes(meaning.state, meaning.why);
        this.#triesAtOnce();
        return buffer.giveUp(one);
      case 'LATER':
        this.#becomes(meaning.state, meaning.why);
        this.#triedAtMs = nowMs();
        this.#nextTryMs =
          this.#triedAtMs + Math.max(meaning.waitMs ?? 0, backOffMs(this.#failures++, random()));
    }
  }

  #triesAtOnce(): void {
    this.#failures = 0;
    this.#nextTryMs = null;
  }

  #becomes(state: EndpointState, why: string | null): void {
    const { what, address, log, nowMs } = this.#of;
    if (state !== this.#state) this.#sinceMs = nowMs();
    // One that takes what waits at its own pace asks to wait again and again: that is no trouble until it takes nothing in between.
    const told = state === 'BUSY' && this.#state !== 'BUSY' ? this.#toldState : state;
    if (told !== this.#toldState) {
      if (why !== null) log('warn', `${what} are not taken by ${address}. ${why}`);
      else if (this.#toldState !== 'UNTRIED') log('info', `${what} are taken by ${address} again.`);
    }
    this.#toldState = told;
    this.#state = state;
    this.#why = why;
  }
}

function failed(error: unknown): Meaning {
  if (!(error instanceof OutgoingError)) throw error;
  return { kind: 'LATER', state: 'UNREACHABLE', why: error.message, waitMs: null };
}
