// Keeps what verification has found out about mirrors. One difference a partition: the newest.
import {
  type DifferenceReport,
  differenceReport,
  type Sweep,
  type SweepOutcome,
  sweep,
} from '@/lib/contracts/verify';
import type { Executor } from './store';

export type VerificationFacts = {
  linkId: string;
  topic: string;
  progress: string;
  sweepEnded: { id: string; at: number; outcome: SweepOutcome } | null;
  difference: DifferenceReport | null;
};

/** Inside a transaction. Nothing happens for a mirror that is no longer wanted. */
export async function recordVerification(db: Executor, facts: VerificationFacts): Promise<void> {
  const { linkId, topic, progress, difference } = facts;
  const row = await db
    .selectFrom('mirror')
    .select('sweep')
    .where('linkId', '=', linkId)
    .where('topic', '=', topic)
    .executeTakeFirst();
  if (!row) return;
  const before = row.sweep === null ? null : sweep.parse(JSON.parse(row.sweep));
  const after = sweepAfter(before, facts.sweepEnded);
  await db
    .updateTable('mirror')
    .set({ verified: progress, sweep: after && JSON.stringify(after) })
    .where('linkId', '=', linkId)
    .where('topic', '=', topic)
    .execute();
  if (difference !== null) await keepDifference(db, linkId, topic, difference);
  // Everything is equal: what was found before is in the timeline.
  if (after !== before && after?.outcome === 'EQUAL')
    await db.deleteFrom('mirrorDifference').where('linkId', '=', linkId).where('topic', '=', topic).execute();
}

/** The engine may still tell of a sweep that was given up or begun anew meanwhile. */
export function sweepAfter(before: Sweep | null, ended: VerificationFacts['sweepEnded']): Sweep | null {
  if (before === null || ended?.id !== before.id || before.endedAt !== null) return before;
  return { ...before, endedAt: ended.at, outcome: ended.outcome };
}

async function keepDifference(
  db: Executor,
  linkId: string,
  topic: string,
  difference: DifferenceReport,
): Promise<void> {
  const row = { foundAtMs: difference.foundAt, report: JSON.stringify(difference) };
  await db
    .insertInto('mirrorDifference')
    .values({ linkId, topic, partition: difference.partition, ...row })
    .onConflict((conflict) => conflict.columns(['linkId', 'topic', 'partition']).doUpdateSet(row))
    .execute();
}

export async function setSweeps(
  db: Executor,
  linkId: string,
  sweeps: ReadonlyMap<string, Sweep>,
): Promise<void> {
  for (const [topic, sweep] of sweeps)
    await db
      .updateTable('mirror')
      .set({ sweep: JSON.stringify(sweep) })
      .where('linkId', '=', linkId)
      .where('topic', '=', topic)
      .execute();
}

/** By partition. */
export async function listDifferences(
  db: Executor,
  linkId: string,
  topic: string,
): Promise<DifferenceReport[]> {
  const rows = await db
    .selectFrom('mirrorDifference')
    .select('report')
    .where('linkId', '=', linkId)
    .where('topic', '=', topic)
    .orderBy('partition')
    .execute();
  return rows.map(({ report }) => differenceReport.parse(JSON.parse(report)));
}
