// What a stopped topic holds of its source, and what it does not, as far as it is known. Unknown stays unknown. Pure.
import type { SourceAdvice } from '@/lib/contracts/engine';
import type { OperationKind, OperationStatement, StatementPartition } from '@/lib/contracts/operation';
import type { LeftBehind } from './open-transactions';

/** What was last seen of a source partition. */
export type SourceKnown = { stable: bigint; high: bigint; atMs: number };

export type PartitionEnd = {
  index: number;
  /** Where the mirrored records end; null while it could not be asked. */
  mirrorEnd: bigint | null;
  fence: bigint | null;
  epoch: number | null;
  source: SourceKnown | null;
  /** False where offsets of both sides do not mean the same any more. */
  comparable: boolean;
  left: readonly LeftBehind[];
  /** Where the source ended at last, once it is known that only markers came behind the mirror's end; null where the two have parted. */
  turnAt?: bigint | null;
  note: string | null;
};

export function statementPartition(end: PartitionEnd): StatementPartition {
  const { index, mirrorEnd, fence, epoch, source, left, note, turnAt } = end;
  return {
    partition: index,
    mirrorEnd: text(mirrorEnd),
    fence: text(fence),
    epoch,
    sourceLastStable: text(source?.stable ?? null),
    sourceEnd: text(source?.high ?? null),
    sourceSeenAt: source?.atMs ?? null,
    missing: text(missingOf(end)),
    left: left.map(({ from, to, producerId, producerEpoch }) => ({
      from: String(from),
      to: String(to),
      producerId: producerId < 0n ? null : String(producerId),
      producerEpoch: producerId < 0n ? null : producerEpoch,
    })),
    ...(turnAt === undefined ? {} : { turnAt: text(turnAt) }),
    note,
  };
}

export function statementOf(facts: {
  kind: OperationKind;
  topic: string;
  sourceTopic: string;
  atMs: number;
  notes: readonly string[];
  configs: Record<string, string>;
  back?: OperationStatement['back'];
  partitions: readonly PartitionEnd[];
}): OperationStatement {
  const { kind, topic, sourceTopic, atMs, notes, configs, back } = facts;
  const partitions = facts.partitions.toSorted((a, b) => a.index - b.index);
  const missing = partitions.map(missingOf);
  const seen = partitions.flatMap(({ source }) => (source ? [source.atMs] : []));
  return {
    at: atMs,
    ...{ kind, topic, sourceTopic, configs },
    ...(back === undefined ? {} : { back }),
    notes: [...notes],
    missing: missing.some((one) => one === null)
      ? null
      : String(missing.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n)),
    knownAt: seen.length === partitions.length && seen.length > 0 ? Math.min(...seen) : null,
    partitions: partitions.map(statementPartition),
  };
}

/** Offsets that the source was seen to have behind the mirror's end: never less than is known, and 0 only where it is known. */
function missingOf({ mirrorEnd, source, comparable, turnAt }: PartitionEnd): bigint | null {
  // Looked at: what stands behind the mirror's end are markers.
  if (turnAt !== undefined && turnAt !== null) return 0n;
  if (mirrorEnd === null || source === null || !comparable) return null;
  return source.high > mirrorEnd ? source.high - mirrorEnd : 0n;
}

/** The newer of what this engine has seen itself and what an earlier one has left. */
export function sourceKnown(
  own: { stable: bigint; high: bigint; atMs: number },
  index: number,
  advice: SourceAdvice | null,
): SourceKnown | null {
  if (own.high >= 0n && own.stable >= 0n && own.atMs > 0) return own;
  const told = advice?.ends[String(index)];
  if (!told || !advice) return null;
  return { stable: BigInt(told.stable), high: BigInt(told.high), atMs: advice.at };
}

const text = (offset: bigint | null): string | null => (offset === null ? null : String(offset));
