// Which alerts are meant: matchers on rule, severity, area and labels, for silences and routes. And silences.
import { z } from 'zod';
import { timestampMs } from '../common';

/** `label` may also be rule, area or severity. An alert without the label has the empty value. Whether there is such a label, `matcherProblem` in server/health tells. */
export const alertMatcher = z.strictObject({
  label: z
    .string()
    .regex(
      /^[a-z_]{1,40}$/,
      'A label is rule, area, severity, cluster, link, source, destination, group, broker …',
    ),
  op: z.enum(['is', 'is not', 'begins with']),
  value: z.string().max(255),
});
export type AlertMatcher = z.infer<typeof alertMatcher>;

/** All of them must match; none matches everything. */
export const alertMatchers = z.array(alertMatcher).max(20);

/** Nothing is sent of alerts that it matches. What is still raised when it ends is sent then. */
export const silence = z
  .strictObject({
    id: z.string(),
    matchers: alertMatchers,
    from: timestampMs,
    until: timestampMs,
    by: z.string(),
    why: z.string().min(1, 'Say why, for whoever finds it silent.').max(500),
  })
  .refine((one) => one.until > one.from, { path: ['until'], message: 'A silence ends after it begins.' });
export type Silence = z.infer<typeof silence>;
