// Groups that nobody has listed in a sweep and that may still be there: whoever keeps them did not tell. They stay, and nothing of them is known. No I/O.
import type { ClusterSweep, GroupSeen } from './sweep';

/** Kafka's word for a state that is not known. */
const UNKNOWN_STATE = 'Unknown';

/**
 * @param before the sweep before this one
 * @param toldBy brokers that have listed all groups that they keep
 * @param settled every group has a coordinator, the same as before
 * @returns those of the sweep before that are neither listed nor gone, by name
 */
export function unseenGroups(
  before: ClusterSweep | null,
  listed: readonly GroupSeen[],
  toldBy: ReadonlySet<number>,
  settled: boolean,
): GroupSeen[] {
  if (before === null || before.groups === null) return [];
  const names = new Set(listed.map(({ name }) => name));
  const missing = before.groups.filter(
    ({ name, coordinator }) => !names.has(name) && !(settled && toldBy.has(coordinator)),
  );
  return missing.map((group) => unseen(group, before.atMs, toldBy));
}

function unseen(group: GroupSeen, beforeMs: number, toldBy: ReadonlySet<number>): GroupSeen {
  const { name, type, coordinator, watchedSinceMs, deletedTopics, totals } = group;
  return {
    ...{ name, type, coordinator, watchedSinceMs, deletedTopics },
    state: UNKNOWN_STATE,
    members: null,
    commits: null,
    totals: {
      ...totals,
      ...{ topics: 0, partitions: 0, known: 0, lag: null, maxLag: null, lagBytes: null },
      ...{ maxSeconds: Number.NaN, commitRate: Number.NaN, headroomSeconds: Number.NaN },
      ...{ stalled: null, fallingBehind: null, beyondEnd: null },
    },
    why: toldBy.has(coordinator)
      ? 'Its coordinator is changing: nobody has listed it in the last sweep.'
      : `Broker ${coordinator}, which keeps it, did not list its groups in the last sweep.`,
    unknownSinceMs: group.unknownSinceMs ?? beforeMs,
  };
}
