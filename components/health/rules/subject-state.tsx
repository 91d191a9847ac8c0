// How a rule stands at something, as shape + word + colour.
import { SeverityShape } from '@/components/health/severity';
import { subjectWord } from '@/components/health/words';
import { StateShape } from '@/components/links/state-badge';
import type { Shape } from '@/components/links/states';
import type { Severity, SubjectState as State } from '@/lib/contracts/monitoring/rules';

const shapes: Record<State, Shape> = {
  OK: 'circle',
  PENDING: 'ring',
  RAISED: 'square',
  UNKNOWN: 'hollow',
  OFF: 'stopped',
};

export function SubjectStateShape({ state, severity }: { state: State; severity?: Severity | null }) {
  if (state === 'RAISED' && severity) return <SeverityShape severity={severity} size={11} />;
  return <StateShape shape={shapes[state]} />;
}

export function SubjectState({ state, severity }: { state: State; severity?: Severity | null }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <SubjectStateShape state={state} severity={severity} />
      {subjectWord[state]}
    </span>
  );
}
