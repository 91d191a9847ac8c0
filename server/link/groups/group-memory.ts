// What the link has committed for one group on the destination: by it, and by nothing else, its own commits are told from somebody else's.
// Kept in the store before anything is committed, so that it holds after a kill at any point. Pure.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StoredGroup } from '@/lib/contracts/engine';

/** A commit as it is compared: the offset, and a hash of the metadata string when there is one. */
export type Mark = string;

const mark = z.string().regex(/^\d{1,19}(:[0-9a-f]{16})?$/);
const stored = z.strictObject({
  /** Somebody else has committed: since when, and what was found. */
  used: z.strictObject({ atMs: z.int(), what: z.string() }).nullable(),
  /** When all offsets of the group were last committed, changed or not. */
  renewedAtMs: z.int().nullable(),
  /** When the destination was last found to have what it should have. */
  syncedAtMs: z.int().nullable(),
  /** A share group: asked and set by other requests, also when the source can't tell what it is. */
  share: z.boolean().optional(),
  /** Topic → partition, what is known to stand there, and what may stand there or may yet. */
  offsets: z.record(z.string(), z.array(z.tuple([z.int(), mark.nullable(), z.array(mark)]))),
  /** Topic that was turned round → by which operation, and partition → where the group stood in it then. */
  turned: z
    .record(z.string(), z.strictObject({ by: z.string(), places: z.array(z.tuple([z.int(), mark])) }))
    .optional(),
});

/** What was last committed for a topic, as text that `turnedTo` takes: where the group stood at the source, whose numbers are the same. */
export function placesIn({ memory }: StoredGroup, topic: string): [number, string][] {
  const { offsets } = stored.parse(JSON.parse(memory));
  return (offsets[topic] ?? []).flatMap(([partition, confirmed]): [number, string][] =>
    confirmed === null ? [] : [[partition, confirmed]],
  );
}

/** Commits of unknown fate at one place; older ones are given up. */
const INTENDED_KEPT = 8;

type Place = {
  readonly topic: string;
  readonly partition: number;
  confirmed: Mark | null;
  /** Oldest first. Lost: sent without an answer, by this engine or one before it; a broker may carry it out after its sender has died. */
  intended: { mark: Mark; lost: boolean }[];
};

export function markOf(offset: bigint, metadata: string): Mark {
  if (metadata === '') return `${offset}`;
  return `${offset}:${createHash('sha256').update(metadata).digest('hex').slice(0, 16)}`;
}

export const placeKey = (topic: string, partition: number) => `${topic}-${partition}`;

export class GroupMemory {
  readonly group: string;
  used: { atMs: number; what: string } | null = null;
  renewedAtMs: number | null = null;
  syncedAtMs: number | null = null;
  #share = false;
  readonly #places = new Map<string, Place>();
  readonly #turned = new Map<string, { by: string; places: Map<number, Mark> }>();
  /** Differs from what is stored. */
  changed = false;

  constructor(group: string) {
    this.group = group;
  }

  /** @throws ZodError when the store holds something else */
  static from({ group, memory }: StoredGroup): GroupMemory {
    const found = stored.parse(JSON.parse(memory));
    const made = new GroupMemory(group);
    made.used = found.used;
    made.renewedAtMs = found.renewedAtMs;
    made.syncedAtMs = found.syncedAtMs;
    for (const [topic, { by, places }] of Object.entries(found.turned ?? {}))
      made.#turned.set(topic, { by, places: new Map(places) });
    made.#share = found.share ?? false;
    for (const [topic, places] of Object.entries(found.offsets))
      for (const [partition, confirmed, intended] of places)
        made.#places.set(placeKey(topic, partition), {
          ...{ topic, partition, confirmed },
          intended: intended.map((sent) => ({ mark: sent, lost: true })),
        });
    return made;
  }

  toStored(): StoredGroup {
    const offsets: z.infer<typeof stored>['offsets'] = {};
    for (const { topic, partition, confirmed, intended } of this.#places.values()) {
      offsets[topic] ??= [];
      offsets[topic].push([partition, confirmed, intended.map((sent) => sent.mark)]);
    }
    const { used, renewedAtMs, syncedAtMs } = this;
    const turned = Object.fromEntries(
      [...this.#turned].map(([topic, { by, places }]) => [topic, { by, places: [...places] }]),
    );
    const more = {
      ...(this.#share ? { share: true } : {}),
      ...(this.#turned.size > 0 ? { turned } : {}),
    };
    return { group: this.group, memory: JSON.stringify({ used, renewedAtMs, syncedAtMs, offsets, ...more }) };
  }

  get share(): boolean {
    return this.#share;
  }
  set share(is: boolean) {
    if (this.#share === is) return;
    this.#share = is;
    this.changed = true;
  }

  /** What stands on the destination is a commit of ours. */
  isOurs(topic: string, partition: number, found: Mark): boolean {
    const place = this.#places.get(placeKey(topic, partition));
    return (
      place !== undefined && (place.confirmed === found || place.intended.some((sent) => sent.mark === found))
    );
  }

  /**
   * The topic was a source until it was turned round, and the group stood there: what stands there still is as good as a commit of ours,
   * although the group has made it itself. Once for each turn.
   */
  turnedTo(topic: string, by: string, places: readonly (readonly [number, string])[]): void {
    if (this.#turned.get(topic)?.by === by) return;
    this.#turned.set(topic, { by, places: new Map(places) });
    for (const [key, place] of this.#places) if (place.topic === topic) this.#places.delete(key);
    if (this.used?.what.startsWith(`${topic} partition `)) this.used = null;
    this.changed = true;
  }
  /** Where the group stood when the topic was turned round, and by itself. */
  stoodAt(topic: string, partition: number, found: Mark): boolean {
    return this.#turned.get(topic)?.places.get(partition) === found;
  }

  /** What was last committed, as far as is known; for messages. */
  lastOf(topic: string, partition: number): string | null {
    const place = this.#places.get(placeKey(topic, partition));
    return (place?.confirmed ?? place?.intended.at(-1)?.mark)?.split(':')[0] ?? null;
  }

  /** Has ever committed for the topic. */
  knows(topic: string): boolean {
    return [...this.#places.values()].some((place) => place.topic === topic);
  }
  /** Has ever committed. */
  get empty(): boolean {
    return this.#places.size === 0 && this.#turned.size === 0;
  }

  /** Before a commit: from now on it may stand there. Must be stored before it is sent. */
  intend(topic: string, partition: number, next: Mark): void {
    const place = this.#place(topic, partition);
    const before = place.intended.find(({ mark: other }) => other === next);
    // An earlier one of the same number may come yet, whatever becomes of this one.
    if (before) before.lost = true;
    else {
      place.intended = [...place.intended, { mark: next, lost: false }].slice(-INTENDED_KEPT);
      this.changed = true;
    }
  }
  /** The broker has taken it. */
  taken(topic: string, partition: number, next: Mark): void {
    this.found(topic, partition, next);
    this.revoke(topic, partition, next);
    if (this.#turned.get(topic)?.places.delete(partition)) this.changed = true;
  }
  /** It stands there. */
  found(topic: string, partition: number, mark: Mark): void {
    const place = this.#place(topic, partition);
    if (place.confirmed === mark) return;
    place.confirmed = mark;
    this.changed = true;
  }
  /** It was not sent, or the broker has refused it. */
  revoke(topic: string, partition: number, next: Mark): void {
    const place = this.#places.get(placeKey(topic, partition));
    const left = place?.intended.filter((other) => other.mark !== next || other.lost) ?? [];
    if (!place || left.length === place.intended.length) return;
    place.intended = left;
    if (place.confirmed === null && left.length === 0) this.#places.delete(placeKey(topic, partition));
    this.changed = true;
  }
  /** It was sent, and nobody knows what became of it. */
  lost(topic: string, partition: number, next: Mark): void {
    for (const other of this.#places.get(placeKey(topic, partition))?.intended ?? [])
      if (other.mark === next) other.lost = true;
  }
  /** All offsets were committed: what was sent long before and had no answer is not carried out any more. */
  renewed(atMs: number): void {
    this.renewedAtMs = atMs;
    for (const place of this.#places.values()) place.intended = [];
    this.changed = true;
  }

  /** @returns whether anything was known of them */
  forgetTopics(topics: readonly string[]): boolean {
    const gone = [...this.#places].filter(([, place]) => topics.includes(place.topic));
    for (const [key] of gone) this.#places.delete(key);
    if (gone.length > 0) this.changed = true;
    return gone.length > 0;
  }

  markUsed(what: string, atMs: number): void {
    if (this.used) return;
    this.used = { atMs, what };
    this.changed = true;
  }
  /** Nothing of anybody stands on the destination any more. */
  begunAnew(): void {
    if (!this.used) return;
    this.used = null;
    this.#places.clear();
    this.changed = true;
  }

  #place(topic: string, partition: number): Place {
    const key = placeKey(topic, partition);
    let place = this.#places.get(key);
    if (!place) {
      place = { topic, partition, confirmed: null, intended: [] };
      this.#places.set(key, place);
    }
    return place;
  }
}
