// How the chosen topics are mirrored: from where, with how many replicas, and with which configs.
'use client';
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import type { ChoiceProblems, TopicChoice } from './draft';

export function ChoiceFields({
  choice,
  problems,
  onChange,
  startFixed,
}: {
  choice: TopicChoice;
  problems: ChoiceProblems;
  onChange: (changes: Partial<TopicChoice>) => void;
  /** The link has its start point already; shown instead of a choice. */
  startFixed?: string;
}) {
  return (
    <div className="grid grid-cols-1 items-start gap-4 rounded-lg border bg-panel p-4 sm:grid-cols-2 lg:grid-cols-3">
      {startFixed === undefined ? (
        <Field
          label="Start point"
          hint="Offsets before it are filled at the mirror, so that every record keeps its own."
        >
          <Select
            value={choice.start}
            onChange={(event) => {
              const { value } = event.target;
              if (value === 'earliest' || value === 'latest' || value === 'time') onChange({ start: value });
            }}
          >
            <option value="earliest">Earliest: everything that is there</option>
            <option value="latest">Latest: only what is written from now on</option>
            <option value="time">From a time on</option>
          </Select>
        </Field>
      ) : (
        <div className="flex flex-col gap-1">
          <span className="font-medium">Start point</span>
          <span className="font-mono text-[13px]/8">{startFixed}</span>
          <span className="text-[13px] text-soft">Set on the link (mirror.start.offset.spec).</span>
        </div>
      )}
      {startFixed === undefined && choice.start === 'time' ? (
        <Field label="Time" hint="In this browser's time zone." error={problems.startTime}>
          <Input
            type="datetime-local"
            step={1}
            value={choice.startTime}
            onChange={(event) => onChange({ startTime: event.target.value })}
          />
        </Field>
      ) : null}
      <Field
        label="Replication factor"
        hint="Of the mirror topics. Empty: the destination's default."
        error={problems.replicationFactor}
      >
        <Input
          inputMode="numeric"
          value={choice.replicationFactor}
          onChange={(event) => onChange({ replicationFactor: event.target.value })}
        />
      </Field>
      <Field
        label="Configs"
        hint="Of the mirror topics, one name=value a line; they win over what travels from the source."
        error={problems.configs}
      >
        <TextArea
          rows={2}
          className="font-mono"
          spellCheck={false}
          placeholder="min.insync.replicas=2"
          value={choice.configs}
          onChange={(event) => onChange({ configs: event.target.value })}
        />
      </Field>
    </div>
  );
}
