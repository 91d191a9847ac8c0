// Records that only one side shows any more, where the other has a hole. Two cleaners never run in step: such a record is right if a later record of its
// key follows on its own side. Pure; holds at most one record for each key, because only the last one of a key can be wrong.
import type { Lone } from './compare';

export class Superseded {
  readonly #pending = new Map<string, { lone: Lone; judgeAt: bigint }>();

  get size(): number {
    return this.#pending.size;
  }

  /** @param judgeAt end of both logs when they were read: whatever supersedes the record stands below it */
  add(lone: Lone, judgeAt: bigint): void {
    if (lone.key === null || lone.tombstone) return;
    const name = nameOf(lone.side, lone.key);
    const known = this.#pending.get(name);
    if (!known || known.lone.offset < lone.offset) this.#pending.set(name, { lone, judgeAt });
  }

  /** A record that a side shows; resolves what stood in front of it. */
  seen(side: Lone['side'], record: { offset: bigint; key: string | null }): void {
    if (record.key === null || this.#pending.size === 0) return;
    const name = nameOf(side, record.key);
    const known = this.#pending.get(name);
    if (known && known.lone.offset < record.offset) this.#pending.delete(name);
  }

  /** Everything below is settled. Null: nothing is open. */
  lowest(): bigint | null {
    let lowest: bigint | null = null;
    for (const { lone } of this.#pending.values())
      if (lowest === null || lone.offset < lowest) lowest = lone.offset;
    return lowest;
  }

  /** How far both sides must have been read before everything that is open can be judged. */
  judgeAt(): bigint {
    let highest = 0n;
    for (const { judgeAt } of this.#pending.values()) if (judgeAt > highest) highest = judgeAt;
    return highest;
  }

  /** What is wrong if both sides have been read up to `end`: in offset order; taken out. */
  due(end: bigint): Lone[] {
    const due: Lone[] = [];
    for (const [name, { lone, judgeAt }] of this.#pending) {
      if (judgeAt > end) continue;
      due.push(lone);
      this.#pending.delete(name);
    }
    return due.sort((a, b) => (a.offset < b.offset ? -1 : 1));
  }

  /** What is compared again from there is found again. */
  dropFrom(offset: bigint): void {
    for (const [name, { lone }] of this.#pending) if (lone.offset >= offset) this.#pending.delete(name);
  }

  /** Records in front of a log's start are nobody's any more. */
  dropBelow(start: bigint): void {
    for (const [name, { lone }] of this.#pending) if (lone.offset < start) this.#pending.delete(name);
  }
}

const nameOf = (side: Lone['side'], key: string) => (side === 'SOURCE' ? `s${key}` : `m${key}`);
