// How mirrors are ended: what becomes of open transactions, how long the source must be quiet, offline partitions, configs.
'use client';
import { Check, Field, Input, TextArea } from '@/components/ui/field';
import type { OperationKind } from '@/lib/contracts/operation';
import type { DraftProblems, StartDraft } from './start-draft';

type Props = {
  kind: OperationKind;
  draft: StartDraft;
  problems: DraftProblems;
  onChange: (changes: Partial<StartDraft>) => void;
};

export function OptionFields(props: Props) {
  return (
    <div className="grid grid-cols-1 items-start gap-x-6 gap-y-4 md:grid-cols-2">
      {props.kind === 'PROMOTE' ? <PromoteOptions {...props} /> : <FailoverOptions {...props} />}
      <div className="flex flex-col gap-4">
        {props.kind === 'PROMOTE' ? <QuietField {...props} /> : null}
        <Field
          label="Configs to set on the topics"
          hint="One name=value a line; all others stay as the source has them."
          error={props.problems.configs}
        >
          <TextArea
            rows={2}
            className="font-mono"
            spellCheck={false}
            placeholder="min.insync.replicas=2"
            value={props.draft.configs}
            onChange={(event) => props.onChange({ configs: event.target.value })}
          />
        </Field>
      </div>
    </div>
  );
}

const openChoices = [
  {
    value: 'wait',
    label: 'Wait until they end',
    meaning:
      'Nothing is lost. A transaction that hangs holds its mirror up: it is named, and you can come back.',
  },
  {
    value: 'abort',
    label: 'Abort them at the source',
    meaning: 'Its producers get an error. Needs CLUSTER ALTER on the source, checked first.',
  },
  {
    value: 'leave',
    label: 'Leave their records behind',
    meaning: 'What they have written and not committed stays at the source; each range is in the statement.',
  },
] as const;

function PromoteOptions({ draft, onChange }: Props) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 font-medium">Transactions that are open at the source</legend>
      {openChoices.map(({ value, label, meaning }) => (
        <label key={value} className="flex items-baseline gap-2">
          <input
            type="radio"
            name="open-transactions"
            className="size-4 shrink-0 translate-y-0.5 accent-accent"
            checked={draft.openTransactions === value}
            onChange={() => onChange({ openTransactions: value })}
          />
          <span>
            {label}
            <span className="block text-[13px] text-soft">{meaning}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function QuietField({ draft, problems, onChange }: Props) {
  return (
    <Field
      label="The source must be quiet for, in seconds"
      hint="Nobody may write to the source topics for so long. Stop the producers first: partitions that still move are named."
      error={problems.quietSeconds}
    >
      <Input
        className="w-28"
        inputMode="decimal"
        value={draft.quietSeconds}
        onChange={(event) => onChange({ quietSeconds: event.target.value })}
      />
    </Field>
  );
}

function FailoverOptions({ draft, onChange }: Props) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 font-medium">Partitions without a leader on the destination</legend>
      <Check
        checked={draft.force}
        onChange={(event) => onChange({ force: event.target.checked })}
        label="Go on without them"
      />
      <p className="text-[13px] text-soft">
        They cannot be fenced while they are offline. Without this the topic waits for them, and names them;
        with it, what is in flight to them may still land when they come back.
      </p>
    </fieldset>
  );
}
