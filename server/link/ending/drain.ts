// Decides from look to look whether a mirror holds all that its source holds, and its source is quiet; says what it waits for. Pure: looks are handed in.
import type { SourceLook } from './source-look';

/** Of one mirror partition, read after the look at the source. */
export type MirrorPlace = {
  index: number;
  running: boolean;
  /** What is safe on the mirror; −1 unknown. */
  highWatermark: bigint;
  message: string | null;
};

export type DrainVerdict = {
  drained: boolean;
  /** In whole sentences; null when drained. */
  waits: string | null;
  /** Everything but transactions that are open at the source is done, and nobody writes. */
  heldBack: number[];
  /** Where each partition of the mirror must end. */
  ends: Map<number, bigint>;
};

/** So many looks in a row must say the same. */
const LOOKS = 2;
/** Partitions that are named; of the others there is a number. */
const NAMED = 4;

type Seen = { end: bigint; sinceMs: number; perSecond: number; atMs: number };

export class DrainWatch {
  readonly #seen = new Map<number, Seen>();
  #agreed = 0;

  judge(
    look: SourceLook,
    mirror: readonly MirrorPlace[],
    options: { quietMs: number; leave: boolean },
  ): DrainVerdict {
    const waits: string[] = [];
    const ends = new Map<number, bigint>();
    const heldBack: number[] = [];
    const note = (sentence: string | null) => {
      if (sentence !== null) waits.push(sentence);
    };
    note(growing(look, mirror));
    note(unanswered(look));
    note(notRunning(mirror));
    const moving: Seen[] = [];
    const movingNames: string[] = [];
    const behind: { index: number; by: bigint }[] = [];
    const notReplicated: string[] = [];
    for (const { index, highWatermark } of mirror) {
      const source = look.ends.get(index);
      if (!source) continue;
      const seen = this.#note(index, source.logEnd, look.atMs);
      const quiet = look.atMs - seen.sinceMs >= options.quietMs;
      if (!quiet) {
        moving.push(seen);
        movingNames.push(`${index}${seen.perSecond > 0 ? ` (≈ ${Math.ceil(seen.perSecond)}/s)` : ''}`);
      }
      if (source.logEnd > source.highWatermark)
        notReplicated.push(`${index} (${source.logEnd - source.highWatermark})`);
      if (highWatermark < source.lastStable) behind.push({ index, by: source.lastStable - highWatermark });
      else if (quiet && source.lastStable < source.highWatermark) heldBack.push(index);
      ends.set(index, source.lastStable);
    }
    note(behindSentence(behind, mirror.length));
    if (notReplicated.length > 0)
      note(
        `At the source, offsets of partitions ${named(notReplicated)} are not yet on all replicas in sync.`,
      );
    if (moving.length > 0)
      note(
        `The source is being written to: partitions ${named(movingNames)}. It must be quiet for ${options.quietMs / 1000} s.`,
      );
    const open = options.leave ? [] : heldBack;
    const complete = waits.length === 0 && open.length === 0 && ends.size === look.partitions;
    this.#agreed = complete ? this.#agreed + 1 : 0;
    const drained = this.#agreed >= LOOKS;
    const said = waits.length > 0 ? waits.join(' ') : complete ? 'Looking a second time.' : null;
    return { drained, waits: drained ? null : said, heldBack, ends };
  }

  #note(index: number, end: bigint, atMs: number): Seen {
    const before = this.#seen.get(index);
    let seen: Seen;
    if (!before) seen = { end, sinceMs: atMs, perSecond: 0, atMs };
    else if (before.end === end) seen = { ...before, atMs };
    else {
      const perSecond = (Number(end - before.end) * 1000) / Math.max(1, atMs - before.atMs);
      seen = { end, sinceMs: atMs, perSecond: Math.max(0, perSecond), atMs };
    }
    this.#seen.set(index, seen);
    return seen;
  }
}

function growing(look: SourceLook, mirror: readonly MirrorPlace[]): string | null {
  if (look.partitions === mirror.length) return null;
  return `The source topic has ${look.partitions} partitions, the mirror ${mirror.length} so far: the new ones are mirrored first.`;
}

function unanswered(look: SourceLook): string | null {
  const missing = Array.from({ length: look.partitions }, (_, index) => index).filter(
    (index) => !look.ends.has(index),
  );
  if (missing.length === 0) return null;
  return `The source's leaders of partitions ${named(missing)} do not answer.`;
}

function notRunning(mirror: readonly MirrorPlace[]): string | null {
  const standing = mirror.filter(({ running }) => !running);
  const first = standing[0];
  if (!first) return null;
  const why = standing.find(({ message }) => message !== null)?.message;
  return `Partitions ${named(standing.map(({ index }) => index))} are not mirroring just now${why ? `: ${why}` : '.'}`;
}

function behindSentence(behind: { index: number; by: bigint }[], of: number): string | null {
  if (behind.length === 0) return null;
  const sum = behind.reduce((total, { by }) => total + by, 0n);
  const worst = behind.toSorted((a, b) => (a.by > b.by ? -1 : 1)).map(({ index, by }) => `${index} (${by})`);
  return `${sum} offsets are still to be mirrored in ${behind.length} of ${of} partitions: ${named(worst)}.`;
}

function named(all: readonly (number | string)[]): string {
  const rest = all.length - NAMED;
  return `${all.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
