// Groups that nobody has listed in a sweep and that may still be there: whoever keeps them did not tell. They stay, and nothing of them is known. No I/O.
import type { ClusterSweep, GroupSeen } from './sweep';

/** Kafka's word for a state that is not known. */
const UNKNOWN_STATE = 'Unknown';

export type Listing = {
  /** Brokers that have listed all groups that they keep. */
  toldBy: ReadonlySet<number>;
  /** Brokers that may keep any. */
  inService: ReadonlySet<number>;
  /** Every group has a coordinator, which has read it. */
  settled: boolean;
};

/**
 * @param before the sweep before this one
 * @returns those of the sweep before that are neither listed nor gone, by name; none where all have told
 */
export function unseenGroups(
  before: ClusterSweep | null,
  listed: readonly GroupSeen[],
  { toldBy, inService, settled }: Listing,
): GroupSeen[] {
  if (before === null || before.groups === null) return [];
  const names = new Set(listed.map(({ name }) => name));
  const all = [...inService].every((id) => toldBy.has(id));
  // Of a broker that has left, others keep the groups.
  const told = (coordinator: number) => (inService.has(coordinator) ? toldBy.has(coordinator) : all);
  const missing = before.groups.filter(
    ({ name, coordinator }) => !names.has(name) && !(settled && told(coordinator)),
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
