// What brokers told last of their disks, and from it the size of each partition and how fast it grows. Disks are read less often than ends. No I/O.
import type { DescribedLogDir } from '@/server/kafka/wire/apis/describe-log-dirs';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { largestReplicasKept, logDirsEverySweeps, logDirsKeptMs, smallClusterPartitions } from './limits';
import type { Shape } from './shape';
import { type DisksSeen, type LogDirSeen, type PartitionColumns, type TopicConfigs, UNKNOWN } from './sweep';

type BrokerDisks = { atMs: number; sweep: number; dirs: DescribedLogDir[]; seen: LogDirSeen[] };
/** Of a topic's leaders, each when its disks were read before. */
type Grown = {
  id: string;
  atMs: Float64Array;
  bytes: BigInt64Array;
  start: BigInt64Array;
  rate: Float64Array;
};

export class Sizes {
  readonly #brokers = new Map<number, BrokerDisks>();
  readonly #refused = new Map<number, { sweep: number; errorCode: number }>();
  readonly #grown = new Map<string, Grown>();
  /** Who told its disks when it was asked last. */
  #current: ReadonlySet<number> = new Set();

  /** Disks of large clusters are read now and then only; who did not answer is asked again. */
  due(broker: number, sweep: number, partitions: number): boolean {
    const last = this.#brokers.get(broker)?.sweep ?? this.#refused.get(broker)?.sweep;
    return last === undefined || partitions <= smallClusterPartitions || sweep - last >= logDirsEverySweeps;
  }
  told(broker: number, sweep: number, atMs: number, dirs: DescribedLogDir[]): void {
    this.#brokers.set(broker, { atMs, sweep, dirs, seen: dirs.map(logDirSeen) });
    this.#refused.delete(broker);
  }
  refused(broker: number, sweep: number, errorCode: number): void {
    this.#refused.set(broker, { sweep, errorCode });
    this.#brokers.delete(broker);
  }
  /** Error of the last answer; null: it was none. */
  refusalOf(broker: number): number | null {
    return this.#refused.get(broker)?.errorCode ?? null;
  }
  /** To be called with each sweep, before sizes are filled in. */
  settle(inService: ReadonlySet<number>, asked: ReadonlySet<number>, told: ReadonlySet<number>): void {
    const current = (id: number) => told.has(id) || (!asked.has(id) && this.#current.has(id));
    this.#current = new Set([...inService].filter(current));
  }
  /** As told last, which may have been in an earlier sweep; null: not lately. */
  disksOf(broker: number, nowMs: number): DisksSeen | null {
    const disks = this.#brokers.get(broker);
    if (!disks || nowMs - disks.atMs > logDirsKeptMs) return null;
    return { dirs: disks.seen, readMs: disks.atMs, current: this.#current.has(broker) };
  }
  keep(brokers: ReadonlySet<number>): void {
    for (const id of this.#brokers.keys()) if (!brokers.has(id)) this.#brokers.delete(id);
    for (const id of this.#refused.keys()) if (!brokers.has(id)) this.#refused.delete(id);
  }

  /** Fills in what is known as of now: nothing of brokers that did not tell when they were asked. */
  fill(shape: Shape, nowMs: number): void {
    const { topics, partitions } = shape;
    const tellers = new Int32Array(partitions.leader.length);
    for (const [broker, { atMs, dirs }] of this.#brokers) {
      if (nowMs - atMs > logDirsKeptMs || !this.#current.has(broker)) continue;
      for (const dir of dirs)
        for (const { topic, partitions: of, sizes } of dir.topics) {
          const t = topics.byName.get(topic);
          if (t === undefined) continue;
          const [first, end] = [topics.first[t], topics.first[t + 1]] as [number, number];
          for (let i = 0; i < of.length; i++) {
            const at = first + (of[i] as number);
            if (at >= end || !holds(partitions, at, broker)) continue;
            const size = sizes[i] as bigint;
            const all = partitions.replicaBytes[at] as bigint;
            tellers[at] = (tellers[at] as number) + 1;
            partitions.replicaBytes[at] = all < 0n ? size : all + size;
            if (partitions.leader[at] === broker) partitions.leaderBytes[at] = size;
          }
        }
    }
    for (let t = 0; t < topics.names.length; t++)
      dropHalfSums(partitions, tellers, topics.first[t] as number, topics.first[t + 1] as number);
  }

  /**
   * Bytes a second of each leader's log: by its growth where nothing was deleted from it, else by offsets appended and the bytes of an offset. Not
   * known where the leader did not tell its end.
   * @param read brokers whose disks were read for this sweep: the growth of what they lead is told anew
   */
  rates(
    shape: Shape,
    configs: readonly (TopicConfigs | null)[],
    nowMs: number,
    read: ReadonlySet<number>,
  ): void {
    const { topics, partitions: p } = shape;
    for (const [t, name] of topics.names.entries()) {
      const from = topics.first[t] as number;
      const to = topics.first[t + 1] as number;
      const id = topics.ids[t] as string;
      let grown = this.#grown.get(name);
      if (grown?.id !== id || grown.rate.length !== to - from) {
        grown = notGrown(id, to - from);
        this.#grown.set(name, grown);
      }
      grow(grown, p, from, configs[t]?.compacted ?? false, nowMs, read);
      for (let at = from; at < to; at++) p.byteRate[at] = rateAt(shape, at, grown.rate[at - from] as number);
    }
    for (const name of this.#grown.keys()) if (!topics.byName.has(name)) this.#grown.delete(name);
  }
}

function holds({ replicas, replicasFrom }: PartitionColumns, at: number, broker: number): boolean {
  for (let r = replicasFrom[at] as number; r < (replicasFrom[at + 1] as number); r++)
    if (replicas[r] === broker) return true;
  return false;
}

/** Half a sum is no sum. */
function dropHalfSums(p: PartitionColumns, tellers: Int32Array, from: number, to: number): void {
  for (let at = from; at < to; at++)
    if ((tellers[at] as number) < (p.replicasFrom[at + 1] as number) - (p.replicasFrom[at] as number))
      p.replicaBytes[at] = UNKNOWN;
}

function notGrown(id: string, partitions: number): Grown {
  const offsets = () => new BigInt64Array(partitions).fill(UNKNOWN);
  const numbers = () => new Float64Array(partitions).fill(Number.NaN);
  return { id, atMs: numbers(), bytes: offsets(), start: offsets(), rate: numbers() };
}

function grow(
  grown: Grown,
  p: PartitionColumns,
  from: number,
  compacted: boolean,
  nowMs: number,
  read: ReadonlySet<number>,
): void {
  for (let i = 0; i < grown.rate.length; i++) {
    const at = from + i;
    if (!read.has(p.leader[at] as number)) continue;
    const [was, is] = [grown.bytes[i] as bigint, p.leaderBytes[at] as bigint];
    const start = p.start[at] as bigint;
    const overS = (nowMs - (grown.atMs[i] as number)) / 1000;
    const whole = !compacted && start >= 0n && grown.start[i] === start && was >= 0n && is >= was;
    grown.rate[i] = whole && overS > 0 ? Number(is - was) / overS : Number.NaN;
    grown.bytes[i] = is;
    grown.start[i] = start;
    grown.atMs[i] = nowMs;
  }
}

function rateAt(shape: Shape, at: number, grown: number): number {
  const { highWatermark, leaderBytes } = shape.partitions;
  if ((highWatermark[at] as bigint) < 0n) return Number.NaN;
  return Number.isNaN(grown) || (leaderBytes[at] as bigint) < 0n ? estimated(shape, at) : grown;
}

function estimated({ partitions: p }: Shape, at: number): number {
  const rate = p.messageRate[at] as number;
  if (rate === 0) return 0;
  const [bytes, start, high] = [p.leaderBytes[at], p.start[at], p.highWatermark[at]] as [
    bigint,
    bigint,
    bigint,
  ];
  if (bytes < 0n || start < 0n || high <= start) return Number.NaN;
  return rate * (Number(bytes) / Number(high - start));
}

function logDirSeen(dir: DescribedLogDir): LogDirSeen {
  let logBytes = 0n;
  let replicas = 0;
  const largest: { topic: string; partition: number; bytes: bigint }[] = [];
  for (const { topic, partitions, sizes } of dir.topics)
    for (let i = 0; i < partitions.length; i++) {
      const partition = partitions[i] as number;
      const bytes = sizes[i] as bigint;
      logBytes += bytes;
      replicas++;
      const smallest = largest.at(-1);
      if (largest.length < largestReplicasKept || (smallest && bytes > smallest.bytes)) {
        const place = largest.findIndex((one) => one.bytes < bytes);
        largest.splice(place < 0 ? largest.length : place, 0, { topic, partition, bytes });
        if (largest.length > largestReplicasKept) largest.pop();
      }
    }
  const offline = dir.errorCode === ErrorCode.KAFKA_STORAGE_ERROR;
  return {
    path: dir.path,
    offline,
    totalBytes: dir.totalBytes,
    usableBytes: dir.usableBytes,
    logBytes,
    replicas,
    largest,
  };
}
