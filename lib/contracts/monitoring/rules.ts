// Health rules as pages show and people change them. What a rule looks at and says is in server/health; nothing here decides.
import { z } from 'zod';
import { objectName, timestampMs } from '../common';
import { consoleName } from '../console-name';

/** From mild to grave. */
export const severities = ['INFO', 'WARN', 'ERROR', 'CRITICAL'] as const;
export const severity = z.enum(severities);
export type Severity = z.infer<typeof severity>;
export const severityRank = (one: Severity): number => severities.indexOf(one);

export const ruleAreas = ['links', 'mirrors', 'clusters', 'brokers', 'groups', 'landbridge'] as const;
export const ruleArea = z.enum(ruleAreas);
export type RuleArea = z.infer<typeof ruleArea>;

export const ruleUnit = z.enum(['count', 'seconds', 'bytes', 'ratio']);
export type RuleUnit = z.infer<typeof ruleUnit>;

/** A number of a rule that may be changed. */
export const ruleThreshold = z.object({
  name: z.string(),
  unit: ruleUnit,
  default: z.number(),
  min: z.number(),
  max: z.number(),
  help: z.string(),
  /** Of a step: the severity that begins there. Null: another number, such as the length of a window. */
  severity: severity.nullable(),
});
export type RuleThreshold = z.infer<typeof ruleThreshold>;

export const ruleInfo = z.object({
  /** Stable: alerts, silences and overrides name it. */
  id: z.string(),
  /** At most 40 characters: the title of its alerts. */
  title: z.string(),
  area: ruleArea,
  what: z.string(),
  why: z.string(),
  /** First steps. */
  steps: z.array(z.string()),
  /** The one that is judged first, then those that it is judged with. */
  metrics: z.array(z.string()),
  /** Of steps that count: what, in the singular, or "× …" of a multiple. Null: steps have a unit of their own, or there are none. */
  counted: z.string().nullable(),
  /** Its steps are numbers of that metric as it is, so that they can be drawn on its chart. */
  drawn: z.boolean(),
  /** What one alert of it is about, such as cluster and broker. */
  labels: z.array(z.string()),
  /** Raised at or above its steps, or at or below them. */
  raisedWhen: z.enum(['above', 'below']),
  severities: z.array(severity),
  thresholds: z.array(ruleThreshold),
  /** So long it must be so before it is raised, and so long it must be over before it is cleared. Only observed time counts. */
  forSeconds: z.int(),
  clearForSeconds: z.int(),
  /** When it counts as over, in words. */
  clear: z.string(),
  /** Rules whose alert stands for this one while both are raised. */
  causes: z.array(z.string()),
});
export type RuleInfo = z.infer<typeof ruleInfo>;

/** Where an override holds; a link's beats a cluster's, a cluster's beats everywhere. On a hub, a console's does. */
export const ruleScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('everywhere') }),
  z.strictObject({ kind: z.literal('cluster'), cluster: objectName }),
  z.strictObject({ kind: z.literal('link'), destination: objectName, link: objectName }),
  z.strictObject({ kind: z.literal('console'), console: consoleName }),
]);
export type RuleScope = z.infer<typeof ruleScope>;

/** What is left out stays as it is in the wider scope. Whether the numbers fit the rule, `overrideProblem` in server/health tells. */
export const ruleOverride = z.strictObject({
  rule: z.string(),
  scope: ruleScope,
  enabled: z.boolean().optional(),
  thresholds: z.record(z.string(), z.number()).optional(),
  forSeconds: z.int().min(0).max(2_592_000).optional(),
  clearForSeconds: z.int().min(0).max(2_592_000).optional(),
});
export type RuleOverride = z.infer<typeof ruleOverride>;

/** PENDING: it is so, but not for long enough yet. UNKNOWN: there is no number; what was raised stays raised. */
export const subjectState = z.enum(['OK', 'PENDING', 'RAISED', 'UNKNOWN', 'OFF']);
export type SubjectState = z.infer<typeof subjectState>;

/** A rule at one thing that it judges, as it is now. */
export const ruleSubject = z.object({
  labels: z.record(z.string(), z.string()),
  state: subjectState,
  /** Of RAISED, and what PENDING will be. */
  severity: severity.nullable(),
  value: z.number().nullable(),
  /** Of the severity, or else the first step. */
  threshold: z.number(),
  /** Why it is UNKNOWN or OFF. */
  why: z.string().nullable(),
  /** Where there is no number now: when the last one was seen. Null: there is one, or there never was. */
  lastNumberAt: timestampMs.nullable(),
  /** How long it has been so, of how long it must be. */
  heldSeconds: z.number().nullable(),
  forSeconds: z.number(),
});
export type RuleSubject = z.infer<typeof ruleSubject>;

export const libraryEntry = ruleInfo.extend({
  unit: ruleUnit,
  counts: z.record(subjectState, z.int()),
  /** Worst first; `more` are not listed. */
  subjects: z.array(ruleSubject),
  more: z.int(),
  overrides: z.array(ruleOverride),
});
export type LibraryEntry = z.infer<typeof libraryEntry>;

/** On a hub: as rules stand at one console, all of it. */
export const ruleParameters = z.strictObject({ console: consoleName.optional() });
export const libraryView = z.object({
  /** When the numbers were seen; null: nothing was seen yet. */
  at: timestampMs.nullable(),
  /** False: of several consoles of a hub only what is raised or about to be; of one, everything. */
  whole: z.boolean(),
  rules: z.array(libraryEntry),
});
export type LibraryView = z.infer<typeof libraryView>;
