/**
 * The work on a history that is not recording: sealing hours, rolling days up, dropping what is too old or too much. Each step is a
 * generator that stops after every slice; what is done is in the file, so that it goes on from there after a restart, however it ended.
 */
import type { Log } from '@/server/log';
import type { Steps } from '@/server/steps';
import type { Archive } from './archive';
import { inTransaction, pragma } from './database';
import { dropRollUp, dropTicks, removeDropped } from './drop';
import { dayMs, vacuumPages } from './intervals';
import { finishRollUps, rollUpDay, unrolledDays } from './roll-up';
import { removeHeads, seal } from './seal';

export type UpkeepLimits = { limitBytes: number; retentionMs: number; rollUpMs: number; now: () => number };
export type Slices = Steps<void>;
export type CutByLimit = (keptFromMs: number | null) => void;

/** Above this share of the limit, the oldest is dropped until it is below the other. */
const highWater = 0.97;
const lowWater = 0.94;

export function* upkeep(archive: Archive, limits: UpkeepLimits, cut: CutByLimit): Slices {
  yield* removeDropped(archive);
  yield* removeHeads(archive);
  for (const part of archive.live.filter(({ closed }) => closed)) {
    // For a while, what is sealed is there twice.
    yield* dropBeyondLimit(archive, limits, cut, part.bytesInFile());
    yield* seal(archive, part);
  }
  yield* finishRollUps(archive);
  for (const day of unrolledDays(archive)) yield* rollUpDay(archive, day);
  yield* dropExpired(archive, limits);
  yield* dropBeyondLimit(archive, limits, cut, 0);
  yield* shrink(archive, limits);
}

/** Pages that hold something. */
export function usedBytes(archive: Archive): number {
  const { db } = archive;
  return (pragma(db, 'page_count') - pragma(db, 'freelist_count')) * pragma(db, 'page_size');
}

export const isBeyondLimit = (archive: Archive, limitBytes: number): boolean =>
  usedBytes(archive) > limitBytes * highWater;

/** Whose clock ran ahead for a while and was put right must not lose all: the clock, and what was recorded, have to agree. */
function* dropExpired(archive: Archive, { retentionMs, rollUpMs, now }: UpkeepLimits): Slices {
  const newest = archive.sealed.reduce((most, { toMs }) => Math.max(most, toMs), Number.NEGATIVE_INFINITY);
  const nowMs = Math.min(now(), newest);
  for (const part of archive.sealed.filter(({ toMs }) => toMs < nowMs - retentionMs))
    yield* dropTicks(archive, part);
  const expired = archive.rollUps.filter(({ toMs }) => toMs < nowMs - rollUpMs);
  for (const old of expired) yield* dropRollUp(archive, old);
  if (expired.length === 0) return;
  inTransaction(archive.db, () =>
    archive.dictionary.forget(Math.floor((nowMs - Math.max(rollUpMs, retentionMs)) / dayMs) - 1),
  );
}

function* dropBeyondLimit(
  archive: Archive,
  { limitBytes }: UpkeepLimits,
  cut: CutByLimit,
  neededBytes: number,
): Slices {
  if (!isBeyondLimit(archive, limitBytes - neededBytes)) return;
  while (usedBytes(archive) > (limitBytes - neededBytes) * lowWater) {
    const part = oldest(archive.sealed);
    const old = oldest(archive.rollUps);
    if (!part && !old) break;
    if (part && (!old || part.fromMs <= old.fromMs)) yield* dropTicks(archive, part);
    else if (old) yield* dropRollUp(archive, old);
  }
  cut(archive.keptFromMs);
}

const oldest = <T extends { fromMs: number }>(parts: readonly T[]): T | undefined =>
  parts.reduce<T | undefined>(
    (least, part) => (!least || part.fromMs < least.fromMs ? part : least),
    undefined,
  );

/** After the limit was lowered. Otherwise free pages wait for what comes. */
function* shrink(archive: Archive, { limitBytes }: UpkeepLimits): Slices {
  const { db } = archive;
  const pageSize = pragma(db, 'page_size');
  while (pragma(db, 'page_count') * pageSize > limitBytes && pragma(db, 'freelist_count') > 0) {
    db.prepare(`pragma incremental_vacuum(${vacuumPages})`).all([]);
    yield;
    // Until then, the file is as large as it was.
    db.prepare('pragma wal_checkpoint(truncate)').all([]);
    yield;
  }
}

export function sayCut(log: Log, limitBytes: number, keptFromMs: number | null): void {
  const from =
    keptFromMs === null ? 'nothing' : `what was recorded since ${new Date(keptFromMs).toISOString()}`;
  log(
    'warn',
    `The history of metrics has reached its limit of ${Math.round(limitBytes / 1e6)} MB. The oldest was dropped: it has ${from}.`,
  );
}
