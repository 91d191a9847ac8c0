// Puts together what a sweep has seen, when all that is waited for has been told or is missing. Asks nobody.
import type { SweepGap, SweepPart } from '@/lib/contracts/monitoring/seen';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { brokersSeen } from './brokers-seen';
import { CLIENT } from './certificate';
import type { GroupTold } from './group-memory';
import type { Ends } from './group-topic';
import type { Memory, Run } from './run';
import type { Sides } from './sides';
import type { ClusterSweep, GroupSeen, HeldSeen, TopicColumns } from './sweep';
import { countsByBroker, totalsOf } from './totals';
import { unseenGroups } from './unseen-groups';

export type ToldAll = {
  cluster: string;
  atMs: number;
  intervalMs: number;
  sides: Sides;
  /** Null: nobody told. */
  groups: GroupTold[] | null;
  /** Brokers that have listed all groups that they keep. */
  groupsToldBy: ReadonlySet<number>;
  held: HeldSeen[];
  heldWhole: boolean;
};

/** Lets others have their turn in between: thousands of groups take some hundred milliseconds. */
export async function finish(run: Run, told: ToldAll): Promise<ClusterSweep> {
  const { memory, shape, gaps, lanes } = run;
  const { sides, atMs } = told;
  const { partitions } = shape;
  noteRefusals(run);
  oneEnd(partitions.lastStable, partitions.highWatermark);
  memory.sizes.settle(new Set(lanes.map(({ id }) => id)), sides.disksAsked, sides.disksRead);
  memory.sizes.fill(shape, run.now());
  const topics: TopicColumns = { ...shape.topics, ...memory.configs.of(shape) };
  memory.sizes.rates(shape, topics.configs, atMs, sides.disksRead);
  memory.history.record(atMs, topics, partitions);
  const groups = await groupsSeen(run, told, { atMs, topics, partitions });
  memory.groups.forget(atMs, topics);
  memory.times.keep(new Set(topics.ids));
  const brokers = brokersSeen(run, sides, countsByBroker(partitions));
  const list = gaps.list();
  const answering = lanes.find((lane) => lane.reachable === true && lane.told);
  return {
    ...{ cluster: told.cluster, clusterId: run.clusterId, atMs, intervalMs: told.intervalMs },
    tookMs: run.elapsedMs(),
    complete: !list.some(({ failure }) => failure),
    whole: wholeBut(list, memory.everTold),
    gaps: list,
    partial: new Set(list.filter(({ failure }) => failure).map(({ what }) => what)),
    kafkaVersion: oldest(brokers.flatMap((b) => (b.inService && b.kafkaVersion ? [b.kafkaVersion] : []))),
    controllerId: controllerOf(run, sides),
    ...{ brokers, topics, partitions, groups },
    quorum: sides.quorum,
    finalizedFeatures: answering?.told?.finalizedFeatures ?? null,
    transactions: sides.transactions,
    ...{ held: told.held, heldWhole: told.heldWhole },
    certificates: certificatesOf(memory),
    totals: totalsOf(topics, partitions, brokers, {
      uncleanElections: memory.uncleanElections,
      leaderChanges: memory.leaderChanges,
      brokersTold: sides.described !== null || !list.some(isMissingBrokers),
    }),
  };
}

/** Which brokers are registered, in service or not, was to be told and was not. */
const isMissingBrokers = ({ what, broker, failure }: SweepGap): boolean =>
  what === 'BROKERS' && broker === null && failure;

/** Null: nobody has ever told of any. */
async function groupsSeen(
  { memory, shape, lanes }: Run,
  told: ToldAll,
  ends: Ends,
): Promise<GroupSeen[] | null> {
  const { last, groups: tracks } = memory;
  const listed = told.groups && (await seeGroups(memory, told.groups, ends));
  const { leaderless, moved } = memory.moves.unsettled(shape, '__consumer_offsets');
  const unseen = unseenGroups(last, listed ?? [], {
    ...{ toldBy: told.groupsToldBy, settled: leaderless + moved === 0 },
    inService: new Set(lanes.map(({ id }) => id)),
  });
  for (const { name } of unseen) tracks.keep(name, ends.atMs);
  if (unseen.length === 0) return listed;
  return [...(listed ?? []), ...unseen].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const GROUPS_A_TURN = 50;

async function seeGroups(memory: Memory, told: readonly GroupTold[], ends: Ends): Promise<GroupSeen[]> {
  const seen: GroupSeen[] = [];
  for (const [i, group] of told.entries()) {
    if (i > 0 && i % GROUPS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    seen.push(memory.groups.see(group, ends));
  }
  return seen;
}

/** What is asked for now and then only is missing in the sweeps between, too. */
function noteRefusals({ memory, gaps, lanes }: Run): void {
  for (const { id, reachable, trouble } of lanes) {
    if (reachable !== true) gaps.missing('BROKERS', id, trouble ?? 'It does not answer');
    const code = memory.sizes.refusalOf(id);
    if (code !== null) gaps.code('LOG_DIRS', id, code);
  }
  for (const name of memory.configs.refused())
    gaps.code('TOPIC_CONFIGS', null, ErrorCode.TOPIC_AUTHORIZATION_FAILED, { kind: 'topic', name });
}

/** The last stable offset was read a moment later, and may have passed the high watermark of then. */
function oneEnd(lastStable: BigInt64Array, highWatermark: BigInt64Array): void {
  for (let at = 0; at < lastStable.length; at++)
    if ((highWatermark[at] as bigint) >= 0n && (lastStable[at] as bigint) > (highWatermark[at] as bigint))
      highWatermark[at] = lastStable[at] as bigint;
}

/** What was never told for want of a right takes nothing away that was there. */
function wholeBut(gaps: readonly SweepGap[], everTold: ReadonlySet<SweepPart>): boolean {
  return gaps.every(({ what, failure, right }) => !failure || (right !== null && !everTold.has(what)));
}

function controllerOf(run: Run, { quorum, zooKeeper }: Sides): number | null {
  if (quorum) return quorum.leader < 0 ? null : quorum.leader;
  // With KRaft, Metadata names any broker.
  return zooKeeper && run.controllerId >= 0 ? run.controllerId : null;
}

function oldest(releases: string[]): string | null {
  const number = (release: string) => {
    const [major = 0, minor = 0] = release.split(/[. ]/).map(Number);
    return major * 1_000 + minor;
  };
  return releases.sort((a, b) => number(a) - number(b))[0] ?? null;
}

function certificatesOf({ lanes, clientCertificateExpiresMs }: Memory): ClusterSweep['certificates'] {
  const brokers = [...lanes.values()].flatMap(({ id, certificateExpiresMs }) =>
    certificateExpiresMs === null ? [] : [{ certificate: `broker/${id}`, expiresMs: certificateExpiresMs }],
  );
  if (clientCertificateExpiresMs === null) return brokers;
  return [{ certificate: CLIENT, expiresMs: clientCertificateExpiresMs }, ...brokers];
}
