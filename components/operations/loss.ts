// What a failover would lose, as far as it is known before. Unknown stays unknown: it is never counted as 0. Pure.
import type { OperationPlan } from '@/lib/contracts/operation';

/** Offsets that the source was seen to have and the mirror has not, those of open transactions too; null is unknown. */
export function estimatedLoss({ lagMessages, blocked }: OperationPlan): bigint | null {
  return lagMessages === null || blocked === null ? null : BigInt(lagMessages) + BigInt(blocked);
}

export type LossSum = {
  /** Over those of which it is known. */
  known: bigint;
  /** Of how many mirrors it is unknown. */
  unknown: number;
  /** The oldest knowledge that counts in here; null when there is none. */
  seenAt: number | null;
};

export function sumOfLosses(plans: readonly OperationPlan[]): LossSum {
  let known = 0n;
  let unknown = 0;
  let seenAt: number | null = null;
  for (const plan of plans) {
    const loss = estimatedLoss(plan);
    if (loss === null) {
      unknown++;
      continue;
    }
    known += loss;
    if (plan.sourceSeenAt !== null) seenAt = Math.min(seenAt ?? plan.sourceSeenAt, plan.sourceSeenAt);
  }
  return { known, unknown, seenAt };
}

/** Refused first, then where nothing is known, then the greatest loss; equal ones by name. */
export function plansWorstFirst(plans: readonly OperationPlan[]): OperationPlan[] {
  return plans.toSorted(
    (a, b) => Number(a.ok) - Number(b.ok) || byLoss(a, b) || (a.topic < b.topic ? -1 : 1),
  );
}

function byLoss(a: OperationPlan, b: OperationPlan): number {
  const left = estimatedLoss(a);
  const right = estimatedLoss(b);
  if (left === null || right === null) return Number(right === null) - Number(left === null);
  return left < right ? 1 : left > right ? -1 : 0;
}

export type Said = { sentence: string; topics: string[] };

/** The same sentence about many mirrors is one line. */
export function warningsOf(plans: readonly OperationPlan[]): Said[] {
  const found = new Map<string, string[]>();
  for (const { topic, warnings } of plans) {
    for (const sentence of warnings) found.set(sentence, [...(found.get(sentence) ?? []), topic]);
  }
  return [...found]
    .map(([sentence, topics]) => ({ sentence, topics }))
    .sort((a, b) => b.topics.length - a.topics.length);
}
