// The brokers of a sweep: those in service, those that are registered and fenced, and those that nobody names though they should hold replicas.
// Forgets brokers that are none of these. No I/O.
import type { BrokerLane } from './lane';
import type { Run } from './run';
import type { Sides } from './sides';
import type { BrokerSeen } from './sweep';
import type { BrokerCounts } from './totals';

export function brokersSeen(run: Run, sides: Sides, counts: ReadonlyMap<number, BrokerCounts>): BrokerSeen[] {
  const { lanes, sizes } = run.memory;
  const described = new Map(sides.described?.brokers.map((broker) => [broker.id, broker]));
  const inService = new Set(run.lanes.map(({ id }) => id));
  const ids = new Set([...inService, ...described.keys(), ...counts.keys()]);
  for (const id of lanes.keys()) if (!ids.has(id)) lanes.delete(id);
  sizes.keep(ids);
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => {
      const lane = lanes.get(id);
      const broker = described.get(id);
      const address = lane?.address ?? broker ?? null;
      const { leaders = 0, replicas = 0, outOfSync = 0 } = counts.get(id) ?? {};
      return {
        ...{ id, leaders, replicas, outOfSync },
        host: address?.host ?? null,
        port: address?.port ?? null,
        rack: address?.rack ?? null,
        inService: inService.has(id),
        fenced: broker?.fenced ?? null,
        ...seenBy(lane),
        disks: sizes.disksOf(id, run.now()),
      };
    });
}

function seenBy(lane: BrokerLane | undefined) {
  return {
    reachable: lane?.reachable === true,
    trouble: lane?.trouble ?? null,
    sinceMs: lane?.sinceMs ?? null,
    latencyMs: lane?.latencyMs ?? null,
    stateChanges: lane?.stateChanges ?? 0,
    kafkaVersion: lane?.kafkaVersion ?? null,
    features: lane?.told?.supportedFeatures ?? null,
    certificateExpiresMs: lane?.certificateExpiresMs ?? null,
  };
}
