// How long a silence lasts, as people choose it. Pure.
export const windows = {
  '30m': { label: '30 minutes', ms: 1_800_000 },
  '1h': { label: '1 hour', ms: 3_600_000 },
  '4h': { label: '4 hours', ms: 14_400_000 },
  '12h': { label: '12 hours', ms: 43_200_000 },
  '1d': { label: '1 day', ms: 86_400_000 },
  '7d': { label: '7 days', ms: 604_800_000 },
} as const;
export type WindowKey = keyof typeof windows | 'own';

/** @returns null where the times that were typed are none, or end before they begin */
export function windowOf(
  key: WindowKey,
  own: { from: string; until: string },
  nowMs: number,
): { from?: number; until: number } | null {
  if (key !== 'own') return { until: nowMs + windows[key].ms };
  const from = own.from === '' ? undefined : Date.parse(own.from);
  const until = Date.parse(own.until);
  if (Number.isNaN(until) || (from !== undefined && Number.isNaN(from))) return null;
  if (until <= Math.max(from ?? nowMs, nowMs)) return null;
  return from === undefined || from <= nowMs ? { until } : { from, until };
}
