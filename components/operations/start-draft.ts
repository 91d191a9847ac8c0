// What is typed before mirrors are promoted, failed over or reversed, and the request that comes of it. Pure; the server checks again.
import { z } from 'zod';
import { configsIn } from '@/components/links/config-lines';
import {
  type OperationKind,
  type OperationOptions,
  operationOptions,
  type StartOperationRequest,
  startOperationRequest,
} from '@/lib/contracts/operation';

export const startDraft = z.object({
  openTransactions: operationOptions.shape.openTransactions.unwrap(),
  quietSeconds: z.string(),
  force: z.boolean(),
  fenceSource: z.boolean(),
  fence: operationOptions.shape.sourceFence.unwrap(),
  producersStopped: z.boolean(),
  pauseBack: z.boolean(),
  /** One `name=value` a line. */
  configs: z.string(),
  reason: z.string(),
});
export type StartDraft = z.infer<typeof startDraft>;

export const emptyStartDraft: StartDraft = {
  openTransactions: 'wait',
  quietSeconds: '3',
  force: false,
  fenceSource: false,
  fence: 'acl',
  producersStopped: false,
  pauseBack: false,
  configs: '',
  reason: '',
};

/** Mirrors by name, or all whose whole name matches. */
export type MirrorChoice = { topics: string[] } | { pattern: string };

export type DraftProblems = Partial<
  Record<'quietSeconds' | 'producersStopped' | 'configs' | 'reason', string>
>;

/** @returns the options, or what is wrong with them */
export function optionsOf(
  kind: OperationKind,
  draft: StartDraft,
): { options: OperationOptions } | { problems: DraftProblems } {
  const problems: DraftProblems = {};
  const configs = configsIn(draft.configs);
  if (typeof configs === 'string') problems.configs = configs;
  const quietMs = quietMsIn(draft.quietSeconds);
  if (kind !== 'FAILOVER' && quietMs === null) problems.quietSeconds = 'Give seconds from 0 to 600.';
  if (kind === 'REVERSE' && draft.fence === 'none' && !draft.producersStopped)
    problems.producersStopped = 'Without a fence somebody must say so.';
  const parsed = operationOptions.safeParse({
    ...ownOptions(kind, draft, quietMs ?? undefined),
    configs: typeof configs === 'string' ? {} : configs,
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = issue?.path[1];
    const told = issue?.code === 'invalid_key' ? issue.issues[0]?.message : issue?.message;
    problems.configs = [name === undefined ? null : `${String(name)}:`, told].filter(Boolean).join(' ');
  }
  if (!parsed.success || Object.keys(problems).length > 0) return { problems };
  return { options: parsed.data };
}

/** Those that the kind knows. */
function ownOptions(kind: OperationKind, draft: StartDraft, quietMs: number | undefined): object {
  const { openTransactions, force, fenceSource, fence, producersStopped, pauseBack } = draft;
  switch (kind) {
    case 'PROMOTE':
      return { openTransactions, quietMs, fenceSource };
    case 'FAILOVER':
      return { force };
    case 'REVERSE':
      return {
        // Both sides must hold the same: nothing can be left behind.
        openTransactions: openTransactions === 'leave' ? 'wait' : openTransactions,
        ...{ quietMs, sourceFence: fence, pauseBack },
        producersStopped: fence === 'none' && producersStopped,
      };
  }
}

const MAX_QUIET_S = 600;

function quietMsIn(text: string): number | null {
  if (!/^\d+(\.\d{1,3})?$/.test(text.trim())) return null;
  const seconds = Number(text);
  return seconds > MAX_QUIET_S ? null : Math.round(seconds * 1000);
}

export const requestOf = (
  kind: OperationKind,
  choice: MirrorChoice,
  options: OperationOptions,
  reason: string,
): StartOperationRequest => ({
  kind,
  ...choice,
  options,
  reason: reason.trim() === '' ? null : reason.trim(),
});

/** What is wrong with a reason; persons must give one. */
export function reasonProblem(reason: string): string | undefined {
  const parsed = reasonGiven.safeParse(reason);
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
}
const reasonGiven = startOperationRequest.shape.reason.unwrap().unwrap();

/** Only what differs from what the server takes by itself. */
export function bodyOf(request: StartOperationRequest): object {
  const standard: Record<string, unknown> = operationOptions.parse({});
  const options = Object.fromEntries(
    Object.entries(request.options).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(standard[key]),
    ),
  );
  const { kind, topics, pattern, reason } = request;
  return {
    kind,
    ...(topics ? { topics } : { pattern }),
    ...(Object.keys(options).length > 0 ? { options } : {}),
    ...(reason === null ? {} : { reason }),
  };
}
