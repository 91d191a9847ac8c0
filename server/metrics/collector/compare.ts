// What has changed since the sweep before: rates of partitions, leaders that moved. No I/O.
import type { Shape } from './shape';
import type { ClusterSweep } from './sweep';

/** Elections of one sweep. */
export type Elections = { leaderChanges: number; uncleanElections: number };

/** Fills in offsets appended a second: since the sweep before, where both ends are known and the log was not cut. */
export function compare(shape: Shape, atMs: number, before: ClusterSweep | null): Elections {
  const elections = { leaderChanges: 0, uncleanElections: 0 };
  noteTold(shape.partitions, atMs);
  if (!before) return elections;
  const overS = (atMs - before.atMs) / 1000;
  const { topics, partitions: now } = shape;
  for (const [t, name] of topics.names.entries()) {
    const old = before.topics.byName.get(name);
    if (old === undefined || before.topics.ids[old] !== topics.ids[t]) continue;
    const from = topics.first[t] as number;
    const oldFrom = before.topics.first[old] as number;
    const count = Math.min(
      (topics.first[t + 1] as number) - from,
      (before.topics.first[old + 1] as number) - oldFrom,
    );
    for (let p = 0; p < count; p++) {
      const is = now.highWatermark[from + p] as bigint;
      const was = before.partitions.highWatermark[oldFrom + p] as bigint;
      now.isNew[from + p] = 0;
      if (is < 0n) now.toldMs[from + p] = before.partitions.toldMs[oldFrom + p] as number;
      if (is >= 0n && was >= 0n && is >= was && overS > 0)
        now.messageRate[from + p] = Number(is - was) / overS;
      countElection(elections, shape, from + p, before, oldFrom + p);
    }
  }
  return elections;
}

/** A function of its own: what loops over a whole cluster once a sweep is compiled anew each time. */
function noteTold({ highWatermark, toldMs }: Shape['partitions'], atMs: number): void {
  for (let at = 0; at < toldMs.length; at++) if ((highWatermark[at] as bigint) >= 0n) toldMs[at] = atMs;
}

function countElection(
  elections: Elections,
  { partitions: now }: Shape,
  at: number,
  { partitions: old }: ClusterSweep,
  oldAt: number,
): void {
  const leader = now.leader[at] as number;
  if (leader < 0 || leader === old.leader[oldAt]) return;
  if ((old.leader[oldAt] as number) >= 0) elections.leaderChanges++;
  const were = old.inSync.subarray(old.inSyncFrom[oldAt], old.inSyncFrom[oldAt + 1]);
  if (were.length === 0 || were.includes(leader)) return;
  // It may have caught up and been elected between two sweeps: then those that were in sync still are, and nothing is gone.
  const are = now.inSync.subarray(now.inSyncFrom[at], now.inSyncFrom[at + 1]);
  const [is, was] = [now.highWatermark[at], old.highWatermark[oldAt]] as [bigint, bigint];
  const shorter = is >= 0n && was >= 0n && is < was;
  if (shorter || !were.some((id) => are.includes(id))) elections.uncleanElections++;
}
