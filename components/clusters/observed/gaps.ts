// What a sweep could not read, in words, and why a number is missing because of it. Pure.
import type { SweepGap, SweepPart } from '@/lib/contracts/monitoring/seen';

export const sweepPartWords: Record<SweepPart, string> = {
  METADATA: 'Topics and leaders',
  BROKERS: 'Brokers',
  OFFSETS: 'Offsets',
  LOG_DIRS: 'Sizes on disk',
  GROUPS: 'Consumer groups',
  GROUP_MEMBERS: 'Members of groups',
  GROUP_OFFSETS: 'Commits of groups',
  QUORUM: 'Metadata quorum',
  FEATURES: 'Features',
  TRANSACTIONS: 'Transactions',
  TOPIC_CONFIGS: 'Topic configs',
  RECORD_TIMES: 'Times of records',
};

/** Failures come first; what a release of Kafka doesn't tell is no failure. */
export function gapsOf(gaps: readonly SweepGap[], parts?: readonly SweepPart[]): SweepGap[] {
  return gaps
    .filter(({ what }) => parts === undefined || parts.includes(what))
    .sort((a, b) => Number(b.failure) - Number(a.failure));
}

/** "Sizes on disk of broker 3" */
export const gapTitle = ({ what, broker }: Pick<SweepGap, 'what' | 'broker'>): string =>
  broker === null ? sweepPartWords[what] : `${sweepPartWords[what]} of broker ${broker}`;

/**
 * Why a number is not known: what the sweep says of the parts that it is made of, else the reason given.
 *
 * @param broker only gaps of this broker, or of no particular one
 */
export function whyMissing(
  gaps: readonly SweepGap[],
  parts: readonly SweepPart[],
  otherwise: string,
  broker?: number | null,
): string {
  const gap = gapsOf(gaps, parts).find(
    (one) => broker === undefined || broker === null || one.broker === null || one.broker === broker,
  );
  return gap ? `${gapTitle(gap)}: ${gap.reason}` : otherwise;
}
