// The filter of the audit page. Everything is in the address; what is typed is applied after a pause.
'use client';
import { useCallback, useId, useState } from 'react';
import { useDebouncedText } from '@/components/links/use-debounced';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { auditObjectType, auditResults, auditSeverity } from '@/lib/contracts/audit';
import { formatDateTime, plural } from '@/lib/format';
import { type FilterKey, inputOf, isFiltered, type PageFilter, ranges } from './filter';
import { outcomeWord } from './outcome';
import { objectTypeWord, sentence } from './words';

const moreKeys = [
  'from',
  'to',
  'actor',
  'operation',
  'object',
  'objectType',
  'severity',
  'requestId',
] as const;
const everyKey = [...moreKeys, 'range', 'outcome', 'text'];

export function AuditToolbar({
  filter,
  count,
  searchedBackTo,
}: {
  filter: PageFilter;
  count: number;
  /** Down to when the log was looked through so far; null when that is told otherwise. */
  searchedBackTo: number | null;
}) {
  const { patch } = useUrlState();
  const { values, range } = filter;
  const [open, setOpen] = useState(moreKeys.some((key) => values[key]));
  const moreId = useId();
  return (
    <div className="flex flex-col gap-2 border-b px-4 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <TextFilter
          name="text"
          label="Search the audit log"
          placeholder="Search"
          value={values.text}
          search
        />
        <Select
          aria-label="Time"
          className="w-auto"
          value={range ?? ''}
          onChange={(event) => patch({ range: event.target.value, from: null, to: null })}
        >
          <option value="">Any time</option>
          {Object.entries(ranges).map(([name, { label }]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Outcome"
          className="w-auto"
          value={values.outcome ?? ''}
          onChange={(event) => patch({ outcome: event.target.value })}
        >
          <option value="">Any outcome</option>
          {auditResults.map((result) => (
            <option key={result} value={result}>
              {outcomeWord(result)}
            </option>
          ))}
          <option value="OPEN">Without an end</option>
        </Select>
        <Button aria-expanded={open} aria-controls={moreId} onClick={() => setOpen(!open)}>
          More filters
        </Button>
        {isFiltered(filter) ? (
          <Button kind="bare" onClick={() => patch(Object.fromEntries(everyKey.map((key) => [key, null])))}>
            Clear
          </Button>
        ) : null}
        <p role="status" className="text-soft sm:ml-auto">
          {plural(count, 'entry', 'entries')}
          {searchedBackTo === null ? '' : `, back to ${formatDateTime(searchedBackTo)}`}
        </p>
      </div>
      <div id={moreId} hidden={!open} className="grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
        <TextFilter name="actor" label="Who" placeholder="Who: name or id" value={values.actor} />
        <TextFilter name="operation" label="What" placeholder="What: create link" value={values.operation} />
        <TextFilter name="object" label="On" placeholder="On: cluster, link, person" value={values.object} />
        <Select
          aria-label="Kind of object"
          value={values.objectType ?? ''}
          onChange={(event) => patch({ objectType: event.target.value })}
        >
          <option value="">Any object</option>
          {auditObjectType.options
            .filter((type) => type !== 'other')
            .map((type) => (
              <option key={type} value={type}>
                {sentence(objectTypeWord(type))}
              </option>
            ))}
        </Select>
        <TimeFilter name="from" label="From" value={values.from} />
        <TimeFilter name="to" label="To" value={values.to} />
        <Select
          aria-label="Severity"
          value={values.severity ?? ''}
          onChange={(event) => patch({ severity: event.target.value })}
        >
          <option value="">Any severity</option>
          {auditSeverity.options.map((severity) => (
            <option key={severity} value={severity}>
              {sentence(severity.toLowerCase())}
            </option>
          ))}
        </Select>
        <TextFilter name="requestId" label="Request id" placeholder="Request id" value={values.requestId} />
      </div>
    </div>
  );
}

function TextFilter({
  name,
  label,
  placeholder,
  value = '',
  search = false,
}: {
  name: FilterKey;
  label: string;
  placeholder: string;
  value?: string;
  search?: boolean;
}) {
  const { patch } = useUrlState();
  const apply = useCallback((text: string) => patch({ [name]: text }), [patch, name]);
  const [typed, setTyped] = useDebouncedText(value, apply);
  return (
    <Input
      type={search ? 'search' : 'text'}
      aria-label={label}
      placeholder={placeholder}
      maxLength={200}
      className={search ? 'w-full sm:w-64' : undefined}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

function TimeFilter({ name, label, value }: { name: 'from' | 'to'; label: string; value?: string }) {
  const { patch } = useUrlState();
  return (
    <div className="flex items-center gap-2">
      <span aria-hidden className="w-10 shrink-0 text-soft">
        {label}
      </span>
      <Input
        type="datetime-local"
        aria-label={label}
        value={inputOf(value)}
        onChange={(event) => {
          const ms = Date.parse(event.target.value);
          patch({ [name]: Number.isNaN(ms) ? null : new Date(ms).toISOString(), range: null });
        }}
      />
    </div>
  );
}
