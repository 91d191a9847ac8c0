// Which mirrors are worth a look: those that cannot go on, and those that fall behind for minutes. Pure; all thresholds are here.
import type { MirrorState } from '@/lib/contracts/link';
import { historyIntervalMs } from './history';

/** A lag below this is not worth a look, however it moves. */
export const attentionLagSeconds = 30;
/** Growing means: higher now than at the start of this window, by at least `attentionGrowthSeconds`. */
export const attentionWindowMs = 180_000;
export const attentionGrowthSeconds = 15;
/** With fewer known samples in the window nothing is said: a start or a gap is no trend. */
export const attentionMinSamples = 12;

export const attentionSamples = attentionWindowMs / historyIntervalMs + 1;

const troubled: readonly MirrorState[] = ['FAILED', 'SOURCE_UNAVAILABLE', 'LINK_FAILED'];
/** Somebody wants these to stand still, so their lag may grow. */
const resting: readonly MirrorState[] = ['PAUSED', 'LINK_PAUSED', 'STOPPED'];

/**
 * @param lagSeconds lag now
 * @param recent lags of the last `attentionSamples` ticks, oldest first, null where unknown
 */
export function needsAttention(
  state: MirrorState,
  lagSeconds: number | null,
  recent: readonly (number | null)[],
): boolean {
  return troubled.includes(state) || (!resting.includes(state) && lagGrows(lagSeconds, recent));
}

function lagGrows(now: number | null, recent: readonly (number | null)[]): boolean {
  if (now === null || now < attentionLagSeconds) return false;
  const known = recent.filter((value) => value !== null);
  const first = known[0];
  if (first === undefined || known.length < attentionMinSamples) return false;
  return now - first >= attentionGrowthSeconds;
}
