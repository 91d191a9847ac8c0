// Mirrors that a link creates by itself: what the filters and the registered links say of each topic of the source.
import { z } from 'zod';
import { objectName, timestampMs } from './common';
import { linkPrefix } from './link';
import { nameFiltersText } from './name-filters';

export const autoCreateVerdict = z.enum([
  /** Will be mirrored, if Kafka lets the link do so. */
  'MATCHED',
  /** A mirror of this link already, by whatever name. */
  'MIRRORED',
  /** An error of the task: another topic stands where the mirror would. */
  'EXISTS',
  /** An error of the task: a mirror of another link, or of another source topic. */
  'TAKEN',
  /** An error of the task: the prefix makes the name too long. */
  'NAME_TOO_LONG',
  /** Promoted or failed over: an ordinary topic, never mirrored again by itself. */
  'STOPPED',
  /** A person has taken it off the link. */
  'REMOVED',
  /** Its records come from the destination: they would go round. */
  'LEADS_BACK',
  /** Of Kafka itself, or of Landbridge's checks. */
  'RESERVED',
  /** Begins with "_" and is not named literally. */
  'INTERNAL',
  'EXCLUDED',
  'NOT_INCLUDED',
]);
export type AutoCreateVerdict = z.infer<typeof autoCreateVerdict>;

export const autoCreateJudgement = z.object({
  sourceTopic: z.string(),
  topic: z.string(),
  verdict: autoCreateVerdict,
  /** Why, and what to do where somebody may want it otherwise. */
  message: z.string(),
});
export type AutoCreateJudgement = z.infer<typeof autoCreateJudgement>;

/** The dry run of filters. With the name of a link that is there, what it mirrors and has mirrored counts. */
export const autoCreatePreviewRequest = z.strictObject({
  name: objectName.optional(),
  source: objectName,
  destination: objectName,
  prefix: linkPrefix.default(''),
  filters: nameFiltersText('topicFilters'),
});
export type AutoCreatePreviewRequest = z.infer<typeof autoCreatePreviewRequest>;

export const autoCreatePreview = z.object({
  /** When the topics were read. */
  asOf: timestampMs,
  counts: z.partialRecord(autoCreateVerdict, z.int()),
  /** In the order of the verdicts, then by name; the first 1,000. */
  rows: z.array(autoCreateJudgement),
  total: z.int(),
});
export type AutoCreatePreview = z.infer<typeof autoCreatePreview>;

/** At most so many rows are told. */
export const AUTO_CREATE_ROWS = 1_000;
