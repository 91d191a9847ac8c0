// What brokers told last of their disks, and from it the size of each partition and how fast it grows. Disks are read less often than ends. No I/O.
import type { DescribedLogDir } from '@/server/kafka/wire/apis/describe-log-dirs';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { largestReplicasKept, logDirsEverySweeps, logDirsKeptMs, smallClusterPartitions } from './limits';
import type { Shape } from './shape';
import type { LogDirSeen, TopicConfigs } from './sweep';

type BrokerDisks = { atMs: number; sweep: number; dirs: DescribedLogDir[]; seen: LogDirSeen[] };
/** Of a topic's leaders, when the disks were read before. */
type Grown = { id: string; atMs: number; bytes: BigInt64Array; start: BigInt64Array; rate: Float64Array };

export class Sizes {
  readonly #brokers = new Map<number, BrokerDisks>();
  readonly #refused = new Map<number, { sweep: number; errorCode: number }>();
  readonly #grown = new Map<string, Grown>();

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
  dirsOf(broker: number, nowMs: number): readonly LogDirSeen[] | null {
    const disks = this.#brokers.get(broker);
    return disks && nowMs - disks.atMs <= logDirsKeptMs ? disks.seen : null;
  }
  keep(brokers: ReadonlySet<number>): void {
    for (const id of this.#brokers.keys()) if (!brokers.has(id)) this.#brokers.delete(id);
    for (const id of this.#refused.keys()) if (!brokers.has(id)) this.#refused.delete(id);
  }

  /** Fills sizes in; `fresh`: disks were read in this sweep, so that growth can be told anew. */
  fill(shape: Shape, nowMs: number): void {
    const { topics, partitions } = shape;
    for (const [broker, { atMs, dirs }] of this.#brokers) {
      if (nowMs - atMs > logDirsKeptMs) continue;
      for (const dir of dirs)
        for (const { topic, partitions: of, sizes } of dir.topics) {
          const t = topics.byName.get(topic);
          if (t === undefined) continue;
          const [first, end] = [topics.first[t], topics.first[t + 1]] as [number, number];
          for (let i = 0; i < of.length; i++) {
            const at = first + (of[i] as number);
            if (at >= end) continue;
            const size = sizes[i] as bigint;
            const all = partitions.replicaBytes[at] as bigint;
            partitions.replicaBytes[at] = all < 0n ? size : all + size;
            if (partitions.leader[at] === broker) partitions.leaderBytes[at] = size;
          }
        }
    }
  }

  /**
   * Bytes a second of each leader's log: by its growth where nothing was deleted from it, else by offsets appended and the bytes of an offset.
   * @param read disks were read for this sweep: growth is told anew
   */
  rates(shape: Shape, configs: readonly (TopicConfigs | null)[], nowMs: number, read: boolean): void {
    const { topics, partitions: p } = shape;
    for (const [t, name] of topics.names.entries()) {
      const from = topics.first[t] as number;
      const to = topics.first[t + 1] as number;
      const id = topics.ids[t] as string;
      let before = this.#grown.get(name);
      if (before?.id !== id || before.bytes.length !== to - from) before = undefined;
      if (read) {
        const rate = new Float64Array(to - from).fill(Number.NaN);
        if (before && !configs[t]?.compacted) grow(before, p.leaderBytes, p.start, from, rate, nowMs);
        const [bytes, start] = [p.leaderBytes.slice(from, to), p.start.slice(from, to)];
        before = { id, atMs: nowMs, bytes, start, rate };
        this.#grown.set(name, before);
      }
      for (let at = from; at < to; at++) {
        const grown = before?.rate[at - from] ?? Number.NaN;
        p.byteRate[at] = Number.isNaN(grown) ? estimated(shape, at) : grown;
      }
    }
    for (const name of this.#grown.keys()) if (!topics.byName.has(name)) this.#grown.delete(name);
  }
}

function grow(
  before: Grown,
  bytes: BigInt64Array,
  start: BigInt64Array,
  from: number,
  rate: Float64Array,
  nowMs: number,
): void {
  const overS = (nowMs - before.atMs) / 1000;
  for (let i = 0; i < rate.length; i++) {
    const [was, is] = [before.bytes[i] as bigint, bytes[from + i] as bigint];
    const whole = before.start[i] === start[from + i] && (start[from + i] as bigint) >= 0n;
    if (was >= 0n && is >= was && whole && overS > 0) rate[i] = Number(is - was) / overS;
  }
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
