// Settles and fences the partitions of one mirror, each as soon as it can be, and keeps what the statement says of them. Begins from a stored draft after a
// restart: what the draft says of a fence is looked up in the log.
import type { OperationStatement } from '@/lib/contracts/operation';
import type { MirrorPartition } from '../partition';
import { clearHead } from './clear-head';
import type { Drained } from './drain-source';
import type { Ending } from './ending';
import { noLeader } from './fences';
import { NotDrained, OperationFailed } from './interruptions';
import { type PartitionEnd, sourceKnown, statementOf } from './statement';
import { fetchAgain } from './stop-fetching';

/** Looks in a row that find no mirror topic. */
const MISSING_LOOKS = 5;
/** Partitions that are named; of the others there is a number. */
const NAMED = 4;

export class FenceWork {
  readonly #ending: Ending;
  readonly #ends = new Map<number, PartitionEnd>();
  /** Fences that were seen in this run. */
  readonly #fenced = new Set<number>();
  #missingLooks = 0;

  constructor(ending: Ending, draft: OperationStatement | null) {
    this.#ending = ending;
    for (const told of draft?.partitions ?? []) {
      const big = (text: string | null) => (text === null ? null : BigInt(text));
      const [stable, high] = [big(told.sourceLastStable), big(told.sourceEnd)];
      this.#ends.set(told.partition, {
        index: told.partition,
        mirrorEnd: big(told.mirrorEnd),
        fence: big(told.fence),
        epoch: told.epoch,
        source:
          stable === null || high === null || told.sourceSeenAt === null
            ? null
            : { stable, high, atMs: told.sourceSeenAt },
        comparable: told.missing !== null || told.mirrorEnd === null,
        left: told.left.map(({ from, to, producerId, producerEpoch }) => ({
          from: BigInt(from),
          to: BigInt(to),
          producerId: BigInt(producerId ?? -1),
          producerEpoch: producerEpoch ?? -1,
        })),
        ...(told.turnAt === undefined ? {} : { turnAt: big(told.turnAt) }),
        note: told.note,
      });
    }
    if (draft) ending.notes.push(...draft.notes);
    if (draft?.back !== undefined) ending.back = draft.back;
    if (draft) ending.configs = draft.configs;
  }

  /** What the source got behind the mirror's end has been looked at: others may write to the mirror by now. */
  get levelled(): boolean {
    return this.#ends.size > 0 && [...this.#ends.values()].every(({ turnAt }) => turnAt !== undefined);
  }
  get ends(): ReadonlyMap<number, PartitionEnd> {
    return this.#ends;
  }

  statement(): OperationStatement {
    const { topic, notes, configs } = this.#ending;
    return statementOf({
      kind: this.#ending.kind,
      topic: topic.name,
      sourceTopic: topic.desired.sourceTopic,
      atMs: Date.now(),
      notes,
      configs,
      back: this.#ending.back,
      partitions: [...this.#ends.values()],
    });
  }

  /**
   * The source is drained: lets what is in flight settle, and looks whether both sides still are where they were.
   * @returns false when they are not; mirroring goes on then
   */
  async takeDrained({ look: before, ends, left }: Drained): Promise<boolean> {
    const { topic, parts } = this.#ending;
    let moved: string | null = null;
    await this.#ending.until('SETTLE', async () => {
      const look = await parts.sources.look(topic.desired.sourceTopic);
      const still = look.partitions === before.partitions && sameEnds(before.ends, look.ends);
      if (!still) {
        moved = 'The source has gone on.';
        return null;
      }
      this.#ending.leaveSource();
      const waits = await this.#settle(topic.partitions);
      if (waits.size > 0) return sentence(waits);
      for (const partition of topic.partitions) {
        const end = ends.get(partition.index) ?? -1n;
        if (partition.acked < end) moved = `Partition ${partition.index} of the mirror has lost its tail.`;
        else if (partition.acked > end) throw this.#foreign(partition, end);
      }
      return null;
    });
    if (moved !== null) {
      this.drainAgain(moved);
      return false;
    }
    for (const partition of topic.partitions) {
      const source = before.ends.get(partition.index);
      this.#ends.set(partition.index, {
        ...freshEnd(partition),
        source: source ? { stable: source.lastStable, high: source.highWatermark, atMs: before.atMs } : null,
        left: left.get(partition.index) ?? [],
      });
    }
    this.#ending.steps.done('SETTLE');
    return true;
  }

  drainAgain(why: string): void {
    const { core, topic } = this.#ending;
    core.context.log('info', `${topic.name}: ${why} It is drained again.`);
    fetchAgain(core, topic);
  }

  /** A moment has passed since it was settled. @throws NotDrained, OperationFailed */
  #stillDrained(partition: MirrorPartition): void {
    const end = this.#ends.get(partition.index)?.mirrorEnd ?? partition.acked;
    if (partition.acked < end)
      throw new NotDrained(`Partition ${partition.index} of the mirror has lost its tail.`);
    if (partition.acked > end) throw this.#foreign(partition, end);
  }

  #foreign(partition: MirrorPartition, end: bigint): OperationFailed {
    const message = `Somebody else wrote to ${partition.topic} partition ${partition.index}: the mirror ends at ${partition.acked}, the source at ${end}. Find and stop the other writer, then recreate the mirror, or fail over to stop it as it is.`;
    this.#ending.core.failPartition(partition, 'UNEXPECTED_WRITE', message);
    return new OperationFailed(message);
  }

  /** All partitions fenced, or left out by force. */
  async run(): Promise<void> {
    const { steps } = this.#ending;
    const settling = steps.list.some(({ name, state }) => name === 'SETTLE' && state !== 'DONE');
    await this.#ending.until(settling ? 'SETTLE' : 'FENCE', () => this.#round());
    if (settling) steps.done('SETTLE');
    const offsets = [...this.#ends.values()].filter(({ fence }) => fence !== null).length;
    steps.done('FENCE', `One invisible offset on each of ${offsets} partitions.`);
    await this.#ending.persist(null, null, this.statement());
  }

  async #round(): Promise<string | null> {
    const { topic, parts } = this.#ending;
    if (!(await parts.destinations.apply(topic))) return this.#topicMissing();
    this.#missingLooks = 0;
    this.#ending.leaveSource();
    const open = topic.partitions.filter(({ index }) => !this.#fenced.has(index));
    const waits = await this.#settle(open);
    for (const partition of open) {
      if (waits.has(partition.index)) continue;
      const head = await clearHead(this.#ending, partition);
      if (head !== null) waits.set(partition.index, head);
    }
    const settled = open.filter(({ index }) => !waits.has(index));
    if (settled.length > 0) {
      if (this.#ending.kind !== 'FAILOVER' && !this.#ending.fenced)
        for (const partition of settled) this.#stillDrained(partition);
      for (const partition of settled) this.#noteEnd(partition);
      await this.#ending.beginFencing();
      this.#ending.steps.begin('FENCE');
      const fenced = settled.map(async (partition) => {
        const why = await failureOf(this.#fence(partition));
        if (why !== null) waits.set(partition.index, why);
      });
      await Promise.all(fenced);
    }
    if (waits.size === 0 || this.#forced(waits)) return null;
    return sentence(waits);
  }

  async #settle(partitions: readonly MirrorPartition[]): Promise<Map<number, string>> {
    const waits = new Map<number, string>();
    await Promise.all(
      partitions.map(async (partition) => {
        const why =
          partition.outstanding > 0
            ? 'an append is not answered yet'
            : await failureOf(this.#ending.parts.fences.settle(partition));
        if (why !== null) waits.set(partition.index, why);
      }),
    );
    return waits;
  }

  #noteEnd(partition: MirrorPartition): void {
    const known = this.#ends.get(partition.index);
    if (known && known.mirrorEnd !== null) {
      known.epoch ??= partition.targetEpoch;
      if (partition.acked < known.mirrorEnd) this.#lostTail(known, known.mirrorEnd, partition.acked);
      return;
    }
    const { sourceLastStable: stable, sourceHighWatermark: high, sourceSeenAt: atMs } = partition;
    const { advice } = this.#ending.topic.desired;
    this.#ends.set(partition.index, {
      ...freshEnd(partition),
      source: sourceKnown({ stable, high, atMs }, partition.index, advice),
    });
  }

  /** Not set twice: a fence that an earlier try or engine has set is found in the log. */
  async #fence(partition: MirrorPartition): Promise<string | null> {
    const { parts, core, topic } = this.#ending;
    const end = this.#ends.get(partition.index) as PartitionEnd & { mirrorEnd: bigint };
    const topicId = core.destinationIds.get(topic.name) ?? '';
    const find = (from: bigint) => parts.fences.markerBehind(partition, topicId, from, end.epoch ?? 0);
    let { offset, foreign } =
      partition.acked > end.mirrorEnd ? await find(end.mirrorEnd) : { offset: null, foreign: false };
    if (offset === null) {
      const before = partition.acked;
      const why = await parts.fences.fence(partition);
      if (why !== null) return why;
      const marker =
        partition.acked === before + 1n ? { offset: before, foreign: false } : await find(before);
      // Its place is known to be in front of the end, if not exactly.
      offset = marker.offset ?? partition.acked - 1n;
      foreign ||= marker.foreign || marker.offset === null;
    }
    if (offset > end.mirrorEnd) this.#moved(end, offset, foreign);
    end.fence = offset;
    this.#fenced.add(partition.index);
    return null;
  }

  /** What was told to the store is not there any more: a leader has lost its end, and with it a fence behind it. */
  #lostTail(end: PartitionEnd, told: bigint, now: bigint): void {
    const lost = `Offsets ${now} to ${told - 1n} were there when it had settled, and are lost: its leader on the destination lost the end of the log.`;
    end.mirrorEnd = now;
    end.fence = null;
    end.note = joined(end.note, lost);
  }

  #moved(end: PartitionEnd, fence: bigint, foreign: boolean): void {
    const range = `Offsets ${end.mirrorEnd} to ${fence - 1n}`;
    end.note = joined(
      end.note,
      foreign
        ? `${range} were written by somebody else before the fence.`
        : `${range} were still on their way from this link and came before the fence.`,
    );
    if (!foreign) end.mirrorEnd = fence;
  }

  /** Offline partitions may be left without a fence by who says so; the others have theirs. */
  #forced(waits: Map<number, string>): boolean {
    const { topic, kind, wish } = this.#ending;
    if (kind !== 'FAILOVER' || !wish.options.force) return false;
    const offline = topic.partitions.filter(({ index }) => waits.has(index));
    if (offline.some(({ mirrorLeader }) => mirrorLeader >= 0)) return false;
    for (const partition of offline) {
      const { sourceLastStable: stable, sourceHighWatermark: high, sourceSeenAt: atMs } = partition;
      this.#ends.set(partition.index, {
        ...freshEnd(partition),
        mirrorEnd: null,
        source: sourceKnown({ stable, high, atMs }, partition.index, topic.desired.advice),
        note: 'Offline when it was forced: no fence was set, and what it holds is not known. An engine of this link that is cut off could still write to it when it comes back.',
      });
    }
    return true;
  }

  #topicMissing(): string {
    const { core, topic } = this.#ending;
    const where = `the mirror topic ${topic.name} is not on ${core.desired.destination.name} any more, or is another one`;
    if (++this.#missingLooks >= MISSING_LOOKS)
      throw new OperationFailed(`There is nothing to stop: ${where}. Delete the mirror.`);
    return `Looking again: ${where}.`;
  }
}

function freshEnd(partition: MirrorPartition): PartitionEnd {
  const failed = partition.error !== 'NO_ERROR' ? partition.message : null;
  return {
    index: partition.index,
    mirrorEnd: partition.acked,
    fence: null,
    epoch: partition.targetEpoch,
    source: null,
    // Where somebody else wrote, or the source was cut, offsets of both sides don't mean the same.
    comparable: partition.error !== 'UNEXPECTED_WRITE' && partition.error !== 'UNEXPECTED_TRUNCATION',
    left: [],
    note: failed === null ? null : `It had failed before: ${failed}`,
  };
}

function sameEnds(before: Drained['look']['ends'], now: Drained['look']['ends']): boolean {
  return [...before].every(([index, was]) => {
    const is = now.get(index);
    return (
      is !== undefined &&
      is.highWatermark === was.highWatermark &&
      is.logEnd === was.logEnd &&
      is.lastStable === was.lastStable
    );
  });
}

async function failureOf(work: Promise<string | null>): Promise<string | null> {
  try {
    return await work;
  } catch (error) {
    return (error as Error).message;
  }
}

function sentence(waits: ReadonlyMap<number, string>): string {
  const offline = [...waits].filter(([, why]) => why === noLeader).map(([index]) => index);
  const others = [...waits].filter(([, why]) => why !== noLeader);
  const said = others.slice(0, NAMED).map(([index, why]) => `Partition ${index}: ${why}.`);
  if (others.length > NAMED) said.push(`${others.length - NAMED} more wait, too.`);
  if (offline.length > 0)
    said.push(
      `Without a leader on the destination: partitions ${offline.slice(0, 20).join(', ')}${offline.length > 20 ? ` and ${offline.length - 20} more` : ''}. The brokers that hold them are gone or not in sync; it goes on when they are back, or without them by force.`,
    );
  return said.join(' ');
}

const joined = (a: string | null, b: string): string => (a === null ? b : `${a} ${b}`);
