// What is left of the last sweep when nobody answers: what was seen then, with its age, and that no broker can be reached now. No I/O.
import type { Memory } from './run';
import type { ClusterSweep } from './sweep';

/** @returns null before the first sweep */
export function unreachable(memory: Memory, reason: string, nowMs: number): ClusterSweep | null {
  for (const lane of memory.lanes.values()) lane.is(false, reason, nowMs);
  const { last, lanes } = memory;
  if (!last) return null;
  const brokers = last.brokers.map((broker) => ({
    ...broker,
    ...{ reachable: false, trouble: reason, latencyMs: null },
    sinceMs: lanes.get(broker.id)?.sinceMs ?? broker.sinceMs,
    stateChanges: lanes.get(broker.id)?.stateChanges ?? broker.stateChanges,
  }));
  const gap = { what: 'METADATA' as const, broker: null, reason, right: null, failure: true };
  return { ...last, brokers, complete: false, whole: false, gaps: [gap] };
}
