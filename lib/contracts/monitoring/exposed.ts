// What /metrics tells of links and mirrors from the web thread's own numbers, on its way to the data thread: in columns, as copying is dear.
import { z } from 'zod';

/** One metric. A label is one text for all rows, or one a row. */
export const exposedColumns = z.object({
  metric: z.string(),
  labels: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  values: z.instanceof(Float64Array),
});
export type ExposedColumns = z.infer<typeof exposedColumns>;

/** `counts`: how many fell into each bucket of LATENCY_BOUNDS_SECONDS, and above the last. */
export const exposedHistogram = z.object({
  metric: z.string(),
  labels: z.record(z.string(), z.string()),
  counts: z.array(z.number()),
  sumSeconds: z.number(),
});
export type ExposedHistogram = z.infer<typeof exposedHistogram>;

export const exposedNumbers = z.object({
  columns: z.array(exposedColumns),
  histograms: z.array(exposedHistogram),
});
export type ExposedNumbers = z.infer<typeof exposedNumbers>;
