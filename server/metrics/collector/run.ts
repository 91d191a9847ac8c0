// What one running sweep of one cluster has at hand, and how it asks: each broker on its own, errors become gaps.
import type { SweepPart } from '@/lib/contracts/monitoring/seen';
import type { ClusterClient, Purpose } from '@/server/kafka/wire/cluster-client';
import type { Connection } from '@/server/kafka/wire/connection';
import { KafkaError } from '@/server/kafka/wire/errors';
import type { ConfigMemory } from './configs';
import type { Gaps } from './gaps';
import type { GroupMemory } from './group-memory';
import type { BrokerLane } from './lane';
import type { OffsetHistory } from './offset-history';
import type { RecordTimes } from './record-times';
import type { Shape } from './shape';
import type { Sizes } from './sizes';
import type { Asked } from './step';
import type { ClusterSweep, QuorumSeen } from './sweep';
import type { LeaderMoves } from './unsettled';

/** Of one cluster, kept from sweep to sweep. */
export type Memory = {
  readonly client: ClusterClient;
  readonly lanes: Map<number, BrokerLane>;
  readonly history: OffsetHistory;
  readonly times: RecordTimes;
  readonly groups: GroupMemory;
  readonly sizes: Sizes;
  readonly configs: ConfigMemory;
  /** Parts that were told in full at least once. */
  readonly everTold: Set<SweepPart>;
  readonly moves: LeaderMoves;
  sweeps: number;
  uncleanElections: number;
  leaderChanges: number;
  clientCertificateExpiresMs: number | null;
  last: ClusterSweep | null;
  /** As it was told the last time: while it elects, nobody tells. */
  quorum: QuorumSeen | null;
};

export type Run = {
  readonly memory: Memory;
  readonly gaps: Gaps;
  readonly shape: Shape;
  readonly clusterId: string | null;
  /** As Metadata says it: with KRaft any broker. */
  readonly controllerId: number;
  /** In service. */
  readonly lanes: readonly BrokerLane[];
  readonly now: () => number;
  /** ms since the sweep has begun. */
  readonly elapsedMs: () => number;
};

/** Asks one broker; what comes of it counts only while it is waited for. */
export function asking(run: Run, what: SweepPart, lane: BrokerLane, ask: () => Promise<() => void>): Asked {
  return {
    waitedFor: !lane.suspect,
    work: settled(ask, (error) => run.gaps.failed(what, lane.id, error)),
    late: () => {
      lane.suspect = true;
      run.gaps.missing(what, lane.id, `${run.memory.client.where(lane.id)} did not answer in time.`);
    },
  };
}

/** Asks brokers one after the other until one answers; an error code is an answer. `turn`: who of those that answer is asked first. */
export function askingAny(
  run: Run,
  what: SweepPart,
  ask: (connection: Connection) => Promise<() => void>,
  { turn = 0, purpose = 'sweep' }: { turn?: number; purpose?: Purpose } = {},
): Asked {
  const work = async () => {
    let last: KafkaError | null = null;
    const from = run.lanes.length === 0 ? 0 : turn % run.lanes.length;
    const turned = [...run.lanes.slice(from), ...run.lanes.slice(0, from)];
    for (const lane of bestFirst(turned))
      try {
        return await ask(await lane.connection(purpose));
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        last = error;
      }
    throw last ?? new KafkaError('no broker is in service', { retriable: true });
  };
  return {
    waitedFor: true,
    work: settled(work, (error) => run.gaps.failed(what, null, error)),
    late: () => run.gaps.missing(what, null, 'No broker answered in time.'),
  };
}

/** Those that answered lately before those that did not; otherwise as they stand. */
export const bestFirst = (lanes: readonly BrokerLane[]): BrokerLane[] =>
  [...lanes].sort((a, b) => rank(a) - rank(b));

const rank = (lane: BrokerLane): number => (lane.reachable === true && !lane.suspect ? 0 : 1);

/** Never rejects, as nobody may be waiting yet: what went wrong is thrown, or noted, when the answer is taken. */
function settled(ask: () => Promise<() => void>, failed: (error: unknown) => void): Promise<() => void> {
  return ask().catch((error: unknown) => () => failed(error));
}
