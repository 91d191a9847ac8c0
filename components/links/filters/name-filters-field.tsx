// Edits filters on names row by row; whoever has Confluent's JSON at hand pastes that.
'use client';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import type { FilterList } from '@/lib/contracts/name-filters';
import { type FilterRow, newRow, rowsOf, textOf } from './filter-rows';

type Props = {
  label: string;
  list: FilterList;
  /** "topic" or "group". */
  noun: string;
  value: string;
  error?: string;
  onChange: (text: string) => void;
};

/** Rows keep their place while others come and go. */
type Keyed = FilterRow & { key: number };
const keyed = (rows: FilterRow[]): Keyed[] => rows.map((row, key) => ({ ...row, key }));

export function NameFiltersField({ label, list, noun, value, error, onChange }: Props) {
  const [rows, setRows] = useState<Keyed[]>(() => keyed(rowsOf(list, value) ?? []));
  const [asText, setAsText] = useState(() => rowsOf(list, value) === null);
  const change = (next: Keyed[]) => {
    setRows(next);
    onChange(textOf(list, next));
  };
  const toRows = () => {
    const read = rowsOf(list, value);
    if (!read) return;
    setRows(keyed(read));
    setAsText(false);
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="flex w-full flex-wrap items-center justify-between gap-2 pb-1">
        <span className="font-medium">{label}</span>
        <Button
          size="small"
          kind="bare"
          disabled={asText && rowsOf(list, value) === null}
          onClick={() => (asText ? toRows() : setAsText(true))}
        >
          {asText ? 'Edit as rows' : 'Edit as JSON'}
        </Button>
      </legend>
      {asText ? (
        <Field label="JSON" error={error}>
          <TextArea
            className="font-mono text-[13px]"
            rows={5}
            value={value}
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
        </Field>
      ) : (
        <>
          {rows.length === 0 ? (
            <p className="text-soft">No filter yet: nothing is taken.</p>
          ) : (
            <ul className="flex flex-col gap-2">
              {rows.map((row, index) => (
                <Row
                  key={row.key}
                  row={row}
                  noun={noun}
                  number={index + 1}
                  onChange={(next) =>
                    change(rows.map((one) => (one.key === row.key ? { ...one, ...next } : one)))
                  }
                  onRemove={() => change(rows.filter((one) => one.key !== row.key))}
                />
              ))}
            </ul>
          )}
          {error ? <p className="text-[13px] text-bad">{error}</p> : null}
          <Button
            size="small"
            className="self-start"
            onClick={() =>
              change([...rows, { ...newRow, key: Math.max(-1, ...rows.map(({ key }) => key)) + 1 }])
            }
          >
            <Plus aria-hidden size={14} /> Add a filter
          </Button>
        </>
      )}
    </fieldset>
  );
}

function Row({
  row,
  noun,
  number,
  onChange,
  onRemove,
}: {
  row: FilterRow;
  noun: string;
  number: number;
  onChange: (changes: Partial<FilterRow>) => void;
  onRemove: () => void;
}) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.5fr)_auto] gap-2 sm:grid-cols-[124px_196px_minmax(0,1fr)_auto]">
      <Select
        className="pr-5"
        aria-label={`Filter ${number}: include or exclude`}
        value={row.type}
        onChange={(event) => onChange({ type: event.target.value === 'EXCLUDE' ? 'EXCLUDE' : 'INCLUDE' })}
      >
        <option value="INCLUDE">Include</option>
        <option value="EXCLUDE">Exclude</option>
      </Select>
      <Select
        className="pr-5"
        aria-label={`Filter ${number}: how names match`}
        value={row.scope}
        onChange={(event) => {
          const { value } = event.target;
          if (value === 'all' || value === 'exact' || value === 'prefix') onChange({ scope: value });
        }}
      >
        <option value="exact">name is</option>
        <option value="prefix">name begins with</option>
        <option value="all">every {noun}</option>
      </Select>
      <Input
        aria-label={`Filter ${number}: name`}
        className="font-mono text-[13px] max-sm:order-last max-sm:col-span-3"
        disabled={row.scope === 'all'}
        value={row.scope === 'all' ? '' : row.name}
        spellCheck={false}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Button kind="bare" size="icon" aria-label={`Remove filter ${number}`} onClick={onRemove}>
        <Trash2 aria-hidden size={15} />
      </Button>
    </li>
  );
}
