// What is asked of /api for charts, and what it answers: lib/monitoring/history.ts says what each means.
import { z } from 'zod';
import { isMetricName, type MetricName } from '@/lib/monitoring/metrics';
import { timestampMs } from '../common';

const metric = z.custom<MetricName>((name) => typeof name === 'string' && isMetricName(name), {
  error: 'There is no such metric. docs/metrics.md lists them.',
});
const labels = z.record(z.string().max(40), z.string().max(1_000));

export const historyQuery = z.object({
  metric,
  labels: labels.optional(),
  fromMs: timestampMs,
  toMs: timestampMs,
  maxPoints: z.int().min(2).max(5_000),
  limit: z.int().min(1).max(100).optional(),
  order: z.enum(['last', 'max']).optional(),
  rate: z.boolean().optional(),
  aggregate: z
    .object({
      with: z.enum(['sum', 'max', 'min', 'mean']),
      by: z.array(z.string().max(40)).max(10).optional(),
    })
    .optional(),
});

/** `label=value`, any number of them, comes as JSON; the rest as plain parameters. */
export const historyParameters = z.strictObject({
  metric,
  labels: z
    .string()
    .max(4_000)
    .transform((text, context): Record<string, string> => {
      try {
        return labels.parse(JSON.parse(text));
      } catch {
        context.addIssue({ code: 'custom', message: 'Write labels as JSON, such as {"cluster":"dc1"}.' });
        return z.NEVER;
      }
    })
    .default({}),
  fromMs: z.coerce.number().pipe(timestampMs),
  toMs: z.coerce.number().pipe(timestampMs),
  maxPoints: z.coerce.number().int().min(2).max(5_000).default(400),
  limit: z.coerce.number().int().min(1).max(100).default(8),
  order: z.enum(['last', 'max']).default('last'),
  rate: z
    .enum(['0', '1'])
    .default('0')
    .transform((text) => text === '1'),
  aggregate: z.enum(['sum', 'max', 'min', 'mean']).optional(),
  /** Labels, comma-separated: one series for each value of them. */
  by: z.string().max(200).default(''),
});
export type HistoryParameters = z.infer<typeof historyParameters>;

const points = z.array(z.number().nullable());
export const historyAnswer = z.object({
  metric,
  fromMs: z.number(),
  toMs: z.number(),
  stepMs: z.number().nullable(),
  timesMs: z.array(z.number()),
  series: z.array(
    z.object({
      labels,
      values: points,
      min: points.optional(),
      max: points.optional(),
      last: points.optional(),
      latest: z.object({ atMs: z.number(), value: z.number() }).nullable(),
    }),
  ),
  total: z.int(),
  partial: z.boolean(),
  keptFromMs: z.number().nullable(),
  ticksFromMs: z.number().nullable(),
});
