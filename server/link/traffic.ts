// The readers and writers of a link, one per broker, and which partition is with which of them.
import { STALLED_QUEUE_MS } from './defaults';
import { FillWriter } from './fill-writer';
import type { HeadFiller } from './head-filler';
import type { Intake } from './intake';
import type { LinkCore } from './link-core';
import type { MirrorPartition } from './partition';
import { SourceReader } from './source-reader';
import { DestinationWriter } from './writer';

export class Traffic {
  readonly #core: LinkCore;
  readonly #intake: Intake;
  readonly #heads: HeadFiller;
  readonly #readers = new Map<number, SourceReader>();
  readonly #writers = new Map<number, DestinationWriter>();
  readonly #fills = new Map<number, FillWriter>();

  constructor(core: LinkCore, intake: Intake, heads: HeadFiller) {
    this.#core = core;
    this.#intake = intake;
    this.#heads = heads;
  }

  /** Partitions that are with a reader. */
  get fetching(): number {
    let count = 0;
    for (const reader of this.#readers.values()) count += reader.size;
    return count;
  }

  startFetching(partition: MirrorPartition): void {
    const brokerId = partition.replica.follower ?? partition.sourceLeader;
    let reader = this.#readers.get(brokerId);
    if (!reader) {
      reader = new SourceReader(this.#core.context, brokerId, (p, fetched, slab) =>
        this.#intake.fetched(p, fetched, slab),
      );
      this.#readers.set(brokerId, reader);
    }
    if (partition.source !== reader) this.stopFetching(partition);
    reader.add(partition);
  }
  stopFetching(partition: MirrorPartition): void {
    this.#readerOf(partition)?.remove(partition);
  }
  /** It has been asked for something for longer than it may take. */
  isSilent(brokerId: number, limitMs: number): boolean {
    return (this.#readers.get(brokerId)?.silentMs ?? 0) > limitMs;
  }
  #readerOf({ source }: MirrorPartition): SourceReader | undefined {
    return source ? this.#readers.get(source.brokerId) : undefined;
  }
  stopWriting(partition: MirrorPartition): void {
    this.#writers.get(partition.mirrorLeader)?.remove(partition);
    this.#fills.get(partition.mirrorLeader)?.remove(partition);
  }

  /** Position or appetite of a partition have changed. */
  fetchChanged(partition: MirrorPartition): void {
    // Unanswered for long: what would be fetched now would only hold memory.
    const stalled =
      partition.outstanding > 0 && performance.now() - partition.progressAtMs > STALLED_QUEUE_MS;
    if (partition.throttled && !stalled && this.#intake.hasRoom(partition, 0.5)) partition.throttled = false;
    this.#readerOf(partition)?.changed(partition);
  }

  /** The partition may have something to append: to the writer, or to the fill writer when its next step is a fill. */
  writable(partition: MirrorPartition): void {
    if (partition.mode === 'HEAD') {
      this.#heads.feed(partition);
      return;
    }
    if (partition.mode !== 'RUNNING') return;
    const step = partition.peek();
    if (!step) return;
    if (step.kind === 'append') this.append(partition);
    else if (partition.outstanding === 0 && !partition.filling)
      this.#fill(partition.mirrorLeader).add(partition);
  }

  append(partition: MirrorPartition): void {
    const brokerId = partition.mirrorLeader;
    let writer = this.#writers.get(brokerId);
    if (!writer) {
      writer = new DestinationWriter(this.#core.context, brokerId);
      this.#writers.set(brokerId, writer);
    }
    writer.add(partition);
  }

  #fill(brokerId: number): FillWriter {
    let fill = this.#fills.get(brokerId);
    if (!fill) {
      fill = new FillWriter(this.#core.context, brokerId);
      this.#fills.set(brokerId, fill);
    }
    return fill;
  }

  stopReading(): void {
    for (const reader of this.#readers.values()) reader.close();
  }
  close(): void {
    for (const writer of this.#writers.values()) writer.close();
    for (const fill of this.#fills.values()) fill.close();
  }
}
