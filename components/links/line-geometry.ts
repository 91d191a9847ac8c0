// Turns throughput and lag into the one picture of a link: thickness is throughput, length of dashes is lag. Pure.

const THINNEST_PX = 2;
const THICKEST_PX = 12;
/** Rates from here on make the line thicker than its thinnest, up to the full rate. */
const LOW_RATE_BYTES = 10_000;
const FULL_RATE_BYTES = 1_000_000_000;
/** Lags below this are the ordinary distance between two clusters. */
const IN_STEP_SECONDS = 1;
const FULL_LAG_SECONDS = 3600;
const LONGEST_SHARE = 0.9;
const SHORTEST_SHARE = 0.06;

/** Thickness in pixels, on a logarithmic scale; a link without traffic is a hairline. */
export function lineThicknessPx(bytesPerSecond: number | null): number {
  if (!bytesPerSecond || bytesPerSecond <= LOW_RATE_BYTES) return THINNEST_PX;
  const share = Math.log(bytesPerSecond / LOW_RATE_BYTES) / Math.log(FULL_RATE_BYTES / LOW_RATE_BYTES);
  return Math.round(THINNEST_PX + Math.min(1, share) * (THICKEST_PX - THINNEST_PX));
}

/** The share of the line that is dashed, 0 to 0.9, on a logarithmic scale; 0 when in step or unknown. */
export function dashedShare(lagSeconds: number | null): number {
  if (lagSeconds === null || lagSeconds < IN_STEP_SECONDS) return 0;
  const share = Math.log(lagSeconds / IN_STEP_SECONDS) / Math.log(FULL_LAG_SECONDS / IN_STEP_SECONDS);
  return SHORTEST_SHARE + Math.min(1, share) * (LONGEST_SHARE - SHORTEST_SHARE);
}
