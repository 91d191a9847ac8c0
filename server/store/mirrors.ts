// What the store wants of each mirror, and the facts that the engine must not lose: created, source topic id, start offsets, how it was stopped.
import { z } from 'zod';
import { bigintString } from '@/lib/contracts/common';
import { type DesiredMirror, type SourceAdvice, sourceAdvice, turnedMirror } from '@/lib/contracts/engine';
import { mirrorOptions } from '@/lib/contracts/link';
import { type StoppedMirror, stoppedMirror } from '@/lib/contracts/operation';
import type { RemadeFacts } from '@/lib/contracts/remake';
import { type AcceptedLoss, acceptedLoss } from '@/lib/contracts/repair';
import { type Sweep, sweep } from '@/lib/contracts/verify';
import type { MirrorTable } from './schema';
import type { Executor } from './store';

/** Its open operation is a row of its own (operations.ts); the catalog puts the two together. */
export type StoredMirror = Omit<DesiredMirror, 'ending' | 'sweep' | 'remake' | 'held'> & {
  linkId: string;
  createdAtMs: number;
  /** Null while it mirrors. */
  stopped: StoppedMirror | null;
  /** The last one, running or ended. */
  sweep?: Sweep | null;
};

/** SQLite binds at most 32,766 values in a statement; sixteen a row. */
const rowsPerInsert = 1_000;

export async function listMirrors(db: Executor): Promise<StoredMirror[]> {
  const rows = await db.selectFrom('mirror').selectAll().orderBy('linkId').orderBy('topic').execute();
  return rows.map(fromRow);
}

export async function insertMirrors(db: Executor, mirrors: readonly StoredMirror[]): Promise<void> {
  for (let at = 0; at < mirrors.length; at += rowsPerInsert) {
    await db
      .insertInto('mirror')
      .values(mirrors.slice(at, at + rowsPerInsert).map(toRow))
      .execute();
  }
}

export async function deleteMirror(db: Executor, linkId: string, topic: string): Promise<void> {
  await db.deleteFrom('mirror').where('linkId', '=', linkId).where('topic', '=', topic).execute();
}

export async function setMirrorsPaused(
  db: Executor,
  linkId: string,
  topics: readonly string[],
  paused: boolean,
): Promise<void> {
  for (let at = 0; at < topics.length; at += rowsPerInsert) {
    await db
      .updateTable('mirror')
      .set({ paused: paused ? 1 : 0 })
      .where('linkId', '=', linkId)
      .where('topic', 'in', topics.slice(at, at + rowsPerInsert))
      .execute();
  }
}

export type MirrorFacts = {
  linkId: string;
  topic: string;
  sourceTopicId?: string | null;
  starts?: Record<string, string>;
  created?: boolean;
  destinationTopicId?: string;
  consistentAt?: number;
  advice?: SourceAdvice;
};

/** @returns false when the mirror is no longer wanted; the engine must not go on with it. */
export async function recordMirrorFacts(db: Executor, facts: MirrorFacts): Promise<boolean> {
  type Told = 'sourceTopicId' | 'starts' | 'created' | 'destinationTopicId' | 'consistentAt' | 'advice';
  const set: Partial<Pick<MirrorTable, Told>> = {};
  if (facts.sourceTopicId !== undefined) set.sourceTopicId = facts.sourceTopicId;
  if (facts.starts !== undefined) set.starts = JSON.stringify(facts.starts);
  if (facts.created !== undefined) set.created = facts.created ? 1 : 0;
  if (facts.destinationTopicId !== undefined) set.destinationTopicId = facts.destinationTopicId;
  if (facts.consistentAt !== undefined) set.consistentAt = facts.consistentAt;
  if (facts.advice !== undefined) set.advice = JSON.stringify(facts.advice);
  if (Object.keys(set).length === 0) return true;
  const result = await db
    .updateTable('mirror')
    .set(set)
    .where('linkId', '=', facts.linkId)
    .where('topic', '=', facts.topic)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function setMirrorStopped(
  db: Executor,
  linkId: string,
  topic: string,
  stopped: StoppedMirror,
): Promise<void> {
  await db
    .updateTable('mirror')
    .set({ stopped: JSON.stringify(stopped) })
    .where('linkId', '=', linkId)
    .where('topic', '=', topic)
    .execute();
}

/** Its topic is another one from now on, or is to be made: nothing that was known of the one before holds. */
export async function setMirrorRemade(
  db: Executor,
  linkId: string,
  topic: string,
  { created, starts }: RemadeFacts,
): Promise<void> {
  const unknown = {
    ...{ sourceTopicId: null, destinationTopicId: null, consistentAt: null, verified: null },
    acceptedLosses: null,
    // Made by copying from now on.
    turn: null,
  };
  await db
    .updateTable('mirror')
    .set({ ...unknown, created: created ? 1 : 0, starts: starts && JSON.stringify(starts) })
    .where('linkId', '=', linkId)
    .where('topic', '=', topic)
    .execute();
}

export async function setAcceptedLosses(
  db: Executor,
  linkId: string,
  topic: string,
  losses: readonly AcceptedLoss[],
): Promise<void> {
  await db
    .updateTable('mirror')
    .set({ acceptedLosses: JSON.stringify(losses) })
    .where('linkId', '=', linkId)
    .where('topic', '=', topic)
    .execute();
}

const storedLosses = z.array(acceptedLoss);
const storedStarts = z.record(z.string(), bigintString);

function fromRow(row: MirrorTable): StoredMirror {
  return {
    ...row,
    options: mirrorOptions.parse(JSON.parse(row.options)),
    paused: row.paused === 1,
    created: row.created === 1,
    starts: row.starts === null ? null : storedStarts.parse(JSON.parse(row.starts)),
    advice: row.advice === null ? null : sourceAdvice.parse(JSON.parse(row.advice)),
    stopped: row.stopped === null ? null : stoppedMirror.parse(JSON.parse(row.stopped)),
    sweep: row.sweep === null ? null : sweep.parse(JSON.parse(row.sweep)),
    acceptedLosses: row.acceptedLosses === null ? [] : storedLosses.parse(JSON.parse(row.acceptedLosses)),
    turn: row.turn === null ? null : turnedMirror.parse(JSON.parse(row.turn)),
  };
}

function toRow(mirror: StoredMirror): MirrorTable {
  return {
    linkId: mirror.linkId,
    topic: mirror.topic,
    sourceTopic: mirror.sourceTopic,
    options: JSON.stringify(mirror.options),
    paused: mirror.paused ? 1 : 0,
    sourceTopicId: mirror.sourceTopicId,
    starts: mirror.starts === null ? null : JSON.stringify(mirror.starts),
    created: mirror.created ? 1 : 0,
    destinationTopicId: mirror.destinationTopicId ?? null,
    consistentAt: mirror.consistentAt,
    createdAtMs: mirror.createdAtMs,
    advice: mirror.advice === null ? null : JSON.stringify(mirror.advice),
    stopped: mirror.stopped === null ? null : JSON.stringify(mirror.stopped),
    verified: mirror.verified ?? null,
    sweep: mirror.sweep ? JSON.stringify(mirror.sweep) : null,
    acceptedLosses: mirror.acceptedLosses?.length ? JSON.stringify(mirror.acceptedLosses) : null,
    turn: mirror.turn ? JSON.stringify(mirror.turn) : null,
  };
}
