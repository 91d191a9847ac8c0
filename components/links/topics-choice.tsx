// What becomes of the topics on the destination when mirrors are removed: kept, which is the default, or deleted.
'use client';
import { useId } from 'react';
import type { TopicsChoice } from '@/lib/contracts/removal';

export function TopicsChoiceFields({
  destination,
  many,
  value,
  onChange,
}: {
  destination: string;
  many: boolean;
  value: TopicsChoice;
  onChange: (value: TopicsChoice) => void;
}) {
  const name = useId();
  const what = many ? 'the topics' : 'the topic';
  const options = [
    ['keep', `Keep ${what}`, `as ordinary ${many ? 'topics' : 'topic'} of ${destination}`],
    ['delete', `Delete ${what}`, `from ${destination}, for good, with all records`],
  ] as const;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 font-medium">On {destination}</legend>
      {options.map(([option, label, meaning]) => (
        <label key={option} className="flex items-start gap-2">
          <input
            type="radio"
            name={name}
            className="mt-0.5 size-4 shrink-0 accent-accent"
            checked={value === option}
            onChange={() => onChange(option)}
          />
          <span>
            {label} <span className="text-soft">{meaning}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
