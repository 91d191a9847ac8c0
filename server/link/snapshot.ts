// Turns the engine's state into the columnar snapshot that the web thread answers from.

import type { LinkSnapshot, PartitionColumns } from '@/lib/contracts/engine';
import type { MirrorLock, MirrorState } from '@/lib/contracts/link';
import type { MirrorConfigRow } from '@/lib/contracts/topic-config-sync';
import { FETCH_SILENT_MS } from './defaults';
import { lagOf, sourceEndsForLag } from './lag';
import type { LinkRunner } from './link-runner';
import type { MirrorTopic } from './mirror-topic';
import type { MirrorPartition } from './partition';
import { emptyVerifiedColumns, writeVerified } from './verify/columns';

/** State of one partition: its own where it differs from its topic's. */
function partitionState(partition: MirrorPartition, topic: MirrorState): MirrorState {
  if (partition.mode === 'FAILED') return 'FAILED';
  if (topic !== 'FAILED' && topic !== 'PENDING_MIRROR') return topic;
  if (partition.mode === 'RETRYING') return partition.retryState;
  return partition.headDone ? 'ACTIVE' : 'PENDING_MIRROR';
}

export function snapshotOf(
  runners: Iterable<LinkRunner>,
  nowMs: number,
): { links: LinkSnapshot[]; columns: PartitionColumns } {
  const list = [...runners];
  const total = list.reduce(
    (sum, runner) => sum + [...runner.topics.values()].reduce((n, topic) => n + topic.partitions.length, 0),
    0,
  );
  const columns = emptyColumns(total);
  let at = 0;
  const links = list.map((runner): LinkSnapshot => {
    const locks = new LockTexts();
    const mirrors = [...runner.topics.values()].map((topic) => {
      const first = at;
      for (const partition of topic.partitions) {
        writeVerified(columns, at, partition, runner.verifier.verification.of(partition));
        writePartition(columns, at++, partition, nowMs, runner.sourceFresh && endsAreKnown(partition, nowMs));
      }
      return mirrorOf(runner, topic, first, locks.indexOf(runner.lock.viewOf(topic.name)));
    });
    return {
      id: runner.id,
      state: runner.state,
      error: runner.error,
      message: runner.message,
      since: runner.since,
      latencyMs: runner.context.latency.percentiles(nowMs),
      latencyHistogram: runner.context.latency.histogram(),
      sourceBrokers: runner.context.source.brokers.length || null,
      destinationBrokers: runner.context.destination.brokers.length || null,
      memoryBytes: runner.context.budget.inUseBytes,
      tasks: runner.tasks,
      groupsBehind: runner.groups.behind,
      locks: locks.all,
      mirrors,
    };
  });
  return { links, columns };
}

function lostRange({ mode, lost }: MirrorPartition): { from: string; to: string } | null {
  return mode === 'FAILED' && lost ? { from: String(lost.from), to: String(lost.to) } : null;
}

/** Most mirrors of a link say the same of their lock: told once. */
class LockTexts {
  readonly all: MirrorLock[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(lock: MirrorLock | null): number | null {
    if (lock === null) return null;
    const key = `${lock.state} ${lock.message}`;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.all.length);
    return this.all.push(lock) - 1;
  }
}

/** The policy always travels, and what was chosen: the rest may differ. */
const driftOf = (rows: readonly MirrorConfigRow[]): number =>
  rows.filter(({ same, rule, name }) => !same && (rule === 'CHOSEN' || name === 'cleanup.policy')).length;

function mirrorOf(
  runner: LinkRunner,
  topic: MirrorTopic,
  first: number,
  lock: number | null,
): LinkSnapshot['mirrors'][number] {
  const view = topic.view(runner.condition, runner.message, runner.patienceMs);
  const exceptions = topic.partitions
    .map((partition) => ({ partition, state: partitionState(partition, view.state) }))
    .filter(({ partition, state }) => state !== view.state || partition.message !== null)
    .map(({ partition, state }) => ({
      partition: partition.index,
      state,
      error: partition.error,
      message: partition.message,
      since: partition.since,
      lost: lostRange(partition),
    }));
  return {
    topic: topic.name,
    sourceTopic: topic.desired.sourceTopic,
    state: view.state,
    error: view.error,
    message: view.explain,
    since: topic.since,
    compacted: topic.compacted,
    drift: topic.drift && driftOf(topic.drift.rows),
    verifyTrouble: runner.verifier.verification.trouble(topic),
    lock,
    first,
    partitions: topic.partitions.length,
    exceptions,
  };
}

function emptyColumns(rows: number): PartitionColumns {
  return {
    sourceStart: new BigInt64Array(rows),
    sourceLastStable: new BigInt64Array(rows),
    sourceHighWatermark: new BigInt64Array(rows),
    mirrorStart: new BigInt64Array(rows),
    mirrorEnd: new BigInt64Array(rows),
    lagBytes: new BigInt64Array(rows),
    lagSeconds: new Float64Array(rows),
    bytesTotal: new BigInt64Array(rows),
    recordsTotal: new BigInt64Array(rows),
    fillMarkers: new BigInt64Array(rows),
    fillHead: new BigInt64Array(rows),
    fillCopies: new BigInt64Array(rows),
    lostTotal: new BigInt64Array(rows),
    ...emptyVerifiedColumns(rows),
    sourceLeader: new Int32Array(rows),
    sourceReadFrom: new Int32Array(rows),
    mirrorLeader: new Int32Array(rows),
  };
}

/** A broker can be out of reach for us alone, while another tells its metadata: what it holds now is not known then. A follower never knows. */
const endsAreKnown = ({ source, followed, sourceSeenAt }: MirrorPartition, nowMs: number): boolean =>
  source === null || (followed ? nowMs - sourceSeenAt : source.silentMs) < FETCH_SILENT_MS;

function writePartition(
  columns: PartitionColumns,
  row: number,
  partition: MirrorPartition,
  nowMs: number,
  sourceFresh: boolean,
): void {
  const ends = sourceEndsForLag(partition, sourceFresh);
  const lag = lagOf(partition, nowMs, ends.lastStable);
  columns.sourceStart[row] = partition.sourceStart;
  columns.sourceLastStable[row] = ends.lastStable;
  columns.sourceHighWatermark[row] = ends.highWatermark;
  columns.mirrorStart[row] = partition.mirrorStart;
  columns.mirrorEnd[row] = partition.mirrorHighWatermark;
  columns.lagBytes[row] = lag.bytes;
  columns.lagSeconds[row] = lag.seconds;
  columns.bytesTotal[row] = partition.bytesTotal;
  columns.recordsTotal[row] = partition.recordsTotal;
  columns.fillMarkers[row] = partition.fillMarkers;
  columns.fillHead[row] = partition.fillHead;
  columns.fillCopies[row] = partition.fillCopies;
  columns.lostTotal[row] = partition.lostTotal;
  columns.sourceLeader[row] = partition.sourceLeader;
  columns.sourceReadFrom[row] = partition.source?.brokerId ?? -1;
  columns.mirrorLeader[row] = partition.mirrorLeader;
}
