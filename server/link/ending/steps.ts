// The steps of one operation as an operator sees them: which is being taken, since when, and what it waits for. Pure bookkeeping; decides nothing.
import type {
  AnyStepName,
  EndingWish,
  OperationKind,
  OperationStep,
  StepName,
} from '@/lib/contracts/operation';
import { fencesSource } from './fence-source';

/** A failover asks nothing of the source, and clamps groups once the end is fixed. */
const stepsOfKind: Record<OperationKind, readonly StepName[]> = {
  PROMOTE: [
    'REFRESH',
    'DRAIN',
    'SYNC_CONFIGS',
    'SYNC_ACLS',
    'SYNC_OFFSETS',
    'SETTLE',
    'FENCE',
    'CONFIGS',
    'UNLOCK',
    'STOP',
  ],
  REVERSE: [
    'CHECK_BACK',
    'REFRESH',
    'FENCE_SOURCE',
    'DRAIN',
    'SYNC_CONFIGS',
    'SYNC_ACLS',
    'SYNC_OFFSETS',
    'SETTLE',
    'FENCE',
    'LEVEL',
    'CONFIGS',
    'UNLOCK',
    'TURN',
    'LOCK_BACK',
    'STOP',
  ],
  FAILOVER: ['SETTLE', 'FENCE', 'SYNC_OFFSETS', 'CONFIGS', 'UNLOCK', 'STOP'],
};

/** A promote has one more where the source is to be fenced. */
export function stepsOf({ kind, options }: Pick<EndingWish, 'kind' | 'options'>): readonly StepName[] {
  const names = stepsOfKind[kind];
  if (names.includes('FENCE_SOURCE') || !fencesSource({ kind, options })) return names;
  return names.flatMap((name): StepName[] => (name === 'DRAIN' ? ['FENCE_SOURCE', name] : [name]));
}

export class Steps {
  readonly list: OperationStep[];
  readonly #changed: () => void;
  readonly #nowMs: () => number;

  /** @param steps the names, or those of a kind that ends a mirror; `changed` is called whenever an operator would see something else */
  constructor(
    steps: OperationKind | readonly AnyStepName[],
    changed: () => void = () => undefined,
    nowMs: () => number = Date.now,
    /** Of an engine before this one: what it has done stays done. */
    earlier: readonly OperationStep[] = [],
  ) {
    const ended = (name: AnyStepName) =>
      earlier.find((step) => step.name === name && step.endedAt !== null && step.state !== 'FAILED');
    const names = typeof steps === 'string' ? stepsOfKind[steps] : steps;
    this.list = names.map((name) => ({ ...(ended(name) ?? pending(name)) }));
    this.#changed = changed;
    this.#nowMs = nowMs;
  }

  /** The step that is being taken; null between two steps. */
  get current(): OperationStep | null {
    return this.list.find(({ state }) => state === 'RUNNING' || state === 'FAILED') ?? null;
  }

  /** Taken now, or gone on with. */
  begin(name: AnyStepName): void {
    const step = this.#step(name);
    if (step.state === 'RUNNING') return;
    Object.assign(step, { state: 'RUNNING', since: this.#nowMs(), endedAt: null, detail: null });
    this.#changed();
  }

  say(name: AnyStepName, detail: string): void {
    const step = this.#step(name);
    if (step.detail === detail) return;
    step.detail = detail;
    this.#changed();
  }

  /** @param detail what was found; null leaves nothing of what it waited for */
  done(name: AnyStepName, detail: string | null = null): void {
    this.#end(name, 'DONE', detail);
  }
  skip(name: AnyStepName, why: string): void {
    this.#end(name, 'SKIPPED', why);
  }
  fail(why: string): void {
    const step = this.current ?? this.list.find(({ state }) => state === 'PENDING');
    if (step) this.#end(step.name, 'FAILED', why);
  }

  /** From this step on, what was found does not hold any more. */
  again(from: AnyStepName): void {
    const at = this.list.findIndex(({ name }) => name === from);
    this.list.splice(at, this.list.length, ...this.list.slice(at).map(({ name }) => pending(name)));
    this.#changed();
  }

  #end(name: AnyStepName, state: OperationStep['state'], detail: string | null): void {
    const step = this.#step(name);
    const endedAt = this.#nowMs();
    Object.assign(step, { state, since: step.since ?? endedAt, endedAt, detail });
    this.#changed();
  }

  #step(name: AnyStepName): OperationStep {
    const step = this.list.find((candidate) => candidate.name === name);
    if (!step) throw new Error(`The operation has no step ${name}`);
    return step;
  }
}

const pending = (name: AnyStepName): OperationStep => ({
  name,
  state: 'PENDING',
  since: null,
  endedAt: null,
  detail: null,
});
