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
      {props.kind === 'FAILOVER' ? <FailoverOptions {...props} /> : <OpenTransactions {...props} />}
      {props.kind === 'REVERSE' ? <ReverseOptions {...props} /> : null}
      <div className="flex flex-col gap-4">
        {props.kind === 'FAILOVER' ? null : <QuietField {...props} />}
        {props.kind === 'PROMOTE' ? (
          <Check
            checked={props.draft.fenceSource}
            onChange={(event) => props.onChange({ fenceSource: event.target.checked })}
            label="Fence the source first: deny writing to it by ACL"
          />
        ) : null}
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

const reverseChoices = [
  openChoices[0],
  {
    value: 'abort',
    label: 'Abort them at the source',
    meaning:
      'Its producers get an error. Needs WRITE on their transactional ids, or CLUSTER ALTER on the source.',
  },
] as const;

function OpenTransactions({ kind, draft, onChange }: Props) {
  const choices = kind === 'PROMOTE' ? openChoices : reverseChoices;
  const chosen = kind === 'REVERSE' && draft.openTransactions === 'leave' ? 'wait' : draft.openTransactions;
  return (
    <Choice
      legend="Transactions that are open at the source"
      name="open-transactions"
      choices={choices}
      chosen={chosen}
      onChoose={(openTransactions) => onChange({ openTransactions })}
    />
  );
}

const fenceChoices = [
  {
    value: 'acl',
    label: 'Deny it by ACL, before it is drained',
    meaning: 'Nobody but super users of the brokers can write then. Needs CLUSTER ALTER on the source.',
  },
  {
    value: 'none',
    label: 'Do not: producers are stopped',
    meaning:
      'For a source without an authorizer. Whoever writes all the same is found, and then there is no way back without a copy.',
  },
] as const;

function ReverseOptions({ draft, problems, onChange }: Props) {
  return (
    <div className="flex flex-col gap-4">
      <Choice
        legend="Writing to the source"
        name="source-fence"
        choices={fenceChoices}
        chosen={draft.fence}
        onChoose={(fence) => onChange({ fence })}
      />
      {draft.fence === 'none' ? (
        <div>
          <Check
            checked={draft.producersStopped}
            onChange={(event) => onChange({ producersStopped: event.target.checked })}
            label="Nobody writes to the source: I have seen to it"
          />
          {problems.producersStopped ? (
            <p className="text-[13px] text-bad">{problems.producersStopped}</p>
          ) : null}
        </div>
      ) : null}
      <Check
        checked={draft.pauseBack}
        onChange={(event) => onChange({ pauseBack: event.target.checked })}
        label="Begin paused on the way back"
      />
    </div>
  );
}

function Choice<T extends string>({
  legend,
  name,
  choices,
  chosen,
  onChoose,
}: {
  legend: string;
  name: string;
  choices: readonly { value: T; label: string; meaning: string }[];
  chosen: T;
  onChoose: (value: T) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 font-medium">{legend}</legend>
      {choices.map(({ value, label, meaning }) => (
        <label key={value} className="flex items-baseline gap-2">
          <input
            type="radio"
            name={name}
            className="size-4 shrink-0 translate-y-0.5 accent-accent"
            checked={chosen === value}
            onChange={() => onChoose(value)}
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
