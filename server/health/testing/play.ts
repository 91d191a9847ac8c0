// Plays observations to the evaluator, as the data thread does, and writes down what changes. For tests only.
import type { RuleOverride } from '@/lib/contracts/monitoring/rules';
import type { Observation } from '@/lib/monitoring/observation';
import { evaluate, type Memory } from '../evaluate';
import type { Rule } from '../rule';
import { rules } from '../rules/all';
import { Settings } from '../settings';
import { everyMs, startMs } from './series';

/** At so many seconds from the start a rule went to this severity, or was cleared for this reason. */
export type Change = { second: number; rule: string; to: string; value: number | null };

export type Played = { changes: Change[]; memory: Memory };

export function play(
  observations: readonly Observation[],
  options: {
    rules?: readonly Rule[];
    overrides?: RuleOverride[];
    subjects?: ReadonlySet<string> | null;
    memory?: Memory;
    between?: (memory: Memory, index: number) => Memory;
  } = {},
): Played {
  const judged = options.rules ?? rules;
  const settings = new Settings(judged, options.overrides ?? []);
  let memory: Memory = options.memory ?? new Map();
  const changes: Change[] = [];
  for (const [index, observation] of observations.entries()) {
    const circumstances = {
      rules: judged,
      settings,
      intervalMs: everyMs,
      subjects: options.subjects ?? null,
    };
    for (const one of evaluate(memory, observation, circumstances).transitions)
      changes.push({
        second: (observation.atMs - startMs) / 1_000,
        rule: one.rule.id,
        to: one.to > 0 ? (one.rule.levels[one.to - 1]?.severity ?? '?') : `cleared: ${one.reason}`,
        value: one.value,
      });
    if (options.between) memory = options.between(memory, index);
  }
  return { changes, memory };
}
