// The state of a console as shape, word and colour; and its open alerts, gravest first.
import { StateShape } from '@/components/links/state-badge';
import type { Shape } from '@/components/links/states';
import type { ConsoleState, HubConsole } from '@/lib/contracts/hub';
import { severities } from '@/lib/contracts/monitoring/rules';
import { groupDigits } from '@/lib/format';

const looks: Record<ConsoleState, { shape: Shape; word: string; why: string }> = {
  REPORTING: { shape: 'circle', word: 'reporting', why: 'Its reports come as they should.' },
  SILENT: {
    shape: 'square',
    word: 'silent',
    why: 'No report for three intervals: what is shown of it is old.',
  },
  NEVER: { shape: 'ring', word: 'never reported', why: 'It has a key, and has not reported yet.' },
  REVOKED: { shape: 'stopped', word: 'key revoked', why: 'It has no key that holds any more.' },
};

const overBudget = {
  ...{ shape: 'triangle' as Shape, word: 'over budget' },
  why: 'It sends more than this hub takes of one console: reports are put off, and come later.',
};

export function ConsoleStateBadge({
  console: { state, overBudgetAt },
}: {
  console: Pick<HubConsole, 'state' | 'overBudgetAt'>;
}) {
  const { shape, word, why } = state === 'REPORTING' && overBudgetAt !== null ? overBudget : looks[state];
  return (
    <span className="inline-flex items-center gap-2 md:whitespace-nowrap" title={why}>
      <StateShape shape={shape} />
      {word}
    </span>
  );
}

const tones = { CRITICAL: 'text-bad', ERROR: 'text-bad', WARN: 'text-warn', INFO: 'text-soft' } as const;

export function OpenAlerts({ alerts }: { alerts: HubConsole['alerts'] }) {
  const open = severities.toReversed().filter((severity) => (alerts[severity] ?? 0) > 0);
  if (open.length === 0) return <span className="text-soft">none</span>;
  return (
    <span className="flex gap-x-2">
      {open.map((severity, index) => (
        <span
          key={severity}
          className={`whitespace-nowrap ${tones[severity]} ${index > 0 ? 'max-md:hidden' : ''}`}
        >
          {groupDigits(alerts[severity] ?? 0)} {severity.toLowerCase()}
        </span>
      ))}
    </span>
  );
}
