// How much of a mirror is verified, in words. Pure. "all" is only said of all: a share is rounded down.
import type { PartitionVerification, VerificationSummary } from '@/lib/contracts/verify';
import { formatDateTime, groupDigits } from '@/lib/format';

export function shareText(done: string, total: string): string {
  const of = BigInt(total);
  if (of === 0n) return 'nothing to compare';
  const part = BigInt(done);
  return part >= of ? 'all' : `${(part * 100n) / of} %`;
}

/** Null: unknown. */
export const verifiedShare = ({ verified, of }: VerificationSummary): string | null =>
  verified === null || of === null ? null : shareText(verified, of);

/** The whole of what is known of one partition, for who hovers over its offset. */
export function verifiedTitle({ verified, endCheckedAt, samples, sampledAt }: PartitionVerification): string {
  const parts: string[] = [];
  if (verified) {
    const { from, to, since, at } = verified;
    parts.push(
      `Offsets ${groupDigits(from)} up to ${groupDigits(to)} were compared with the source, nothing left out, since ${formatDateTime(since)}${at === null ? '' : `, last at ${formatDateTime(at)}`}.`,
    );
  }
  parts.push(
    endCheckedAt === null
      ? 'Its end has not been compared yet.'
      : `Its end was compared at ${formatDateTime(endCheckedAt)}.`,
  );
  const last = sampledAt === null ? '' : `, the last at ${formatDateTime(sampledAt)}`;
  parts.push(`${groupDigits(samples)} places were compared at random since the engine started${last}.`);
  return parts.join(' ');
}

export const whyNotVerified = (on: boolean): string =>
  on
    ? 'Nothing has been compared yet.'
    : 'Verification is off: verify.budget.percent of the link is 0. A sweep still compares everything once.';
