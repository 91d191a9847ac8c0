// Compares a mirror partition without leaving anything out, page by page. Finds suspects; whether they stand is decided by looking again (confirm.ts).
import { KafkaError } from '@/server/kafka/wire/errors';
import { compareShown, type Difference, keysShown, type Lone, type Shown, type Side } from './compare';
import type { PageReader, Pair } from './read-pair';
import { Superseded } from './superseded';

export type Suspect = { offset: bigint; found: Difference | Lone };

export type Step = {
  bytes: number;
  /** Equal on both sides. */
  records: number;
  suspects: Suspect[];
  /** False: there is nothing to compare now. */
  moved: boolean;
};

/** Keys of a compacted partition whose later record is still looked for; above this the scan looks ahead before it goes on. */
const MAX_OPEN_KEYS = 20_000;

type Ahead = { at: bigint; sourceOnly: boolean };

export class Scan {
  readonly #pending = new Superseded();
  #cursor: bigint;
  /** Where later records of open keys are looked for; null while comparing. */
  #ahead: Ahead | null = null;

  constructor(from: bigint) {
    this.#cursor = from;
  }

  /** End of what has been read and compared. */
  get cursor(): bigint {
    return this.#cursor;
  }
  /** Everything below is equal. */
  get settled(): bigint {
    return this.#pending.lowest() ?? this.#cursor;
  }
  /** Records wait for a later one of their key: this scan holds memory, go on with it before others. */
  get open(): boolean {
    return this.#pending.size > 0;
  }

  /** @throws KafkaError, DecodeError: nothing has changed, try again */
  async step(pages: PageReader, upTo?: bigint): Promise<Step> {
    if (this.#ahead === null && this.#pending.size >= MAX_OPEN_KEYS) this.#lookAhead();
    if (this.#ahead === null) {
      const pair = await pages.pair(this.#cursor, upTo);
      if (pair) return this.#compare(pair, pages.cleaned);
      if (!this.open) return { bytes: 0, records: 0, suspects: [], moved: false };
      this.#lookAhead();
    }
    return this.#stepAhead(pages);
  }

  #compare(pair: Pair, cleaned: boolean): Step {
    try {
      const { from, to } = pair;
      const { records, differences, lone } = compareShown(from, to, pair.source, pair.mirror);
      // Cleaners drop records without a key; elsewhere nothing may be missing.
      const definite = cleaned ? [] : lone.filter(({ key, side }) => key === null && side === 'SOURCE');
      const judgeAt = pair.stable > pair.safe ? pair.stable : pair.safe;
      for (const record of lone) this.#pending.add(record, judgeAt);
      if (this.open) {
        this.#seen('SOURCE', pair.source, from, to);
        this.#seen('MIRROR', pair.mirror, from, to);
      }
      this.#cursor = to;
      const suspects = [...differences, ...definite, ...this.#pending.due(to)].map(suspectOf);
      return { bytes: pair.bytes, records, suspects, moved: true };
    } finally {
      pair.release();
    }
  }

  #lookAhead(): void {
    this.#ahead = { at: this.#cursor, sourceOnly: false };
  }

  async #stepAhead(pages: PageReader): Promise<Step> {
    const ahead = this.#ahead as Ahead;
    let bytes = 0;
    if (!ahead.sourceOnly) {
      const pair = await pages.pair(ahead.at);
      if (pair) {
        this.#seen('SOURCE', pair.source, pair.from, pair.to);
        this.#seen('MIRROR', pair.mirror, pair.from, pair.to);
        pair.release();
        ahead.at = pair.to;
        bytes = pair.bytes;
      } else ahead.sourceOnly = true;
    } else {
      const page = await pages.sourceOnly(ahead.at);
      const to = page.shown.next < page.stable ? page.shown.next : page.stable;
      this.#seen('SOURCE', page.shown, ahead.at, to);
      // What the mirror does not hold yet supersedes its records there all the same, once it has come.
      this.#seen('MIRROR', page.shown, ahead.at, to);
      page.release();
      bytes = page.bytes;
      // A new leader may not know yet how far its log is safe; a log that was cut is found out elsewhere.
      if (to <= ahead.at)
        throw new KafkaError(`the source ends at ${to}, in front of where it ended before`, {
          retriable: true,
        });
      ahead.at = to;
    }
    const judgeAt = this.#pending.judgeAt();
    if (this.open && ahead.at < judgeAt) return { bytes, records: 0, suspects: [], moved: true };
    this.#ahead = null;
    return { bytes, records: 0, suspects: this.#pending.due(judgeAt).map(suspectOf), moved: true };
  }

  #seen(of: Side, shown: Shown, from: bigint, to: bigint): void {
    if (!this.open) return;
    for (const record of keysShown(shown, from, to)) this.#pending.seen(of, record);
  }

  /** The logs begin there now. */
  startsAt(start: bigint): void {
    if (this.#cursor < start) this.#cursor = start;
    if (this.#ahead && this.#ahead.at < start) this.#ahead.at = start;
    this.#pending.dropBelow(start);
  }

  /** What was found at the offset is not decided: it is compared again. */
  backTo(offset: bigint): void {
    if (offset < this.#cursor) this.#cursor = offset;
    this.#ahead = null;
    this.#pending.dropFrom(offset);
  }
}

const suspectOf = (found: Difference | Lone): Suspect => ({ offset: found.offset, found });
