// Holds requests back, in their order, while a connection signs in again or waits for the one that it follows. Sends nothing itself.

type Waiting = { send: () => void; reject: (error: Error) => void };

export class SendGate {
  readonly #waiting: Waiting[] = [];
  #closedBy = 0;
  #opening = false;

  /** Requests that wait here. */
  get held(): number {
    return this.#waiting.length;
  }

  close(): void {
    this.#closedBy++;
  }

  /** Lets everything go on, in order and at once: nothing that comes later may overtake it. Each `close` needs its own. */
  open(): void {
    this.#closedBy--;
    if (this.#opening) return;
    this.#opening = true;
    while (this.#closedBy === 0) {
      const next = this.#waiting.shift();
      if (!next) break;
      next.send();
    }
    this.#opening = false;
  }

  /** What waits was never sent. */
  fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Calls `send` now, or when the gate opens. */
  pass<T>(send: () => Promise<T>): Promise<T> {
    if (this.#closedBy === 0 && !this.#opening) return send();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ send: () => void send().then(resolve, reject), reject });
    });
  }
}
