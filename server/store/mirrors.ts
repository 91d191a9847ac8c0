// What the store wants of each mirror, and the facts that the engine must not lose: created, source topic id, start offsets.
import { z } from 'zod';
import { bigintString } from '@/lib/contracts/common';
import type { DesiredMirror } from '@/lib/contracts/engine';
import { mirrorOptions } from '@/lib/contracts/link';
import type { MirrorTable } from './schema';
import type { Executor } from './store';

export type StoredMirror = DesiredMirror & { linkId: string; createdAtMs: number };

/** SQLite binds at most 32,766 values in a statement; nine a row. */
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
  consistentAt?: number;
};

/** @returns false when the mirror is no longer wanted; the engine must not go on with it. */
export async function recordMirrorFacts(db: Executor, facts: MirrorFacts): Promise<boolean> {
  const set: Partial<Pick<MirrorTable, 'sourceTopicId' | 'starts' | 'created' | 'consistentAt'>> = {};
  if (facts.sourceTopicId !== undefined) set.sourceTopicId = facts.sourceTopicId;
  if (facts.starts !== undefined) set.starts = JSON.stringify(facts.starts);
  if (facts.created !== undefined) set.created = facts.created ? 1 : 0;
  if (facts.consistentAt !== undefined) set.consistentAt = facts.consistentAt;
  if (Object.keys(set).length === 0) return true;
  const result = await db
    .updateTable('mirror')
    .set(set)
    .where('linkId', '=', facts.linkId)
    .where('topic', '=', facts.topic)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

const storedStarts = z.record(z.string(), bigintString);

function fromRow(row: MirrorTable): StoredMirror {
  return {
    ...row,
    options: mirrorOptions.parse(JSON.parse(row.options)),
    paused: row.paused === 1,
    created: row.created === 1,
    starts: row.starts === null ? null : storedStarts.parse(JSON.parse(row.starts)),
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
    consistentAt: mirror.consistentAt,
    createdAtMs: mirror.createdAtMs,
  };
}
