// Which consumer groups are synced: filters one by one, and beside them the groups of the source that they let through at this moment.
'use client';
import { Plus, X } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { failureFrom } from '@/components/shell/api-client';
import { FILTER_PAUSE_MS } from '@/components/shell/intervals';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Check, Input, Select } from '@/components/ui/field';
import type { LinkRow } from '@/lib/contracts/link';
import { groupDigits } from '@/lib/format';
import { useChangeSettings } from '../queries';
import { type FilterRow, problemOf, rowsOf, textOf } from './filter-rows';
import type { GroupSettings } from './groups-tab';
import { useGroupPreview } from './queries';

export function GroupFilters({
  link,
  present,
  onClose,
}: {
  link: LinkRow;
  present: GroupSettings;
  onClose: () => void;
}) {
  const change = useChangeSettings(link.destination.name, link.name);
  const [enabled, setEnabled] = useState(true);
  const [rows, setRows] = useState(() => rowsOf(present.filters));
  const [tried, setTried] = useState(false);
  const problem = problemOf(rows);
  const edit = (id: number, part: Partial<FilterRow>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const add = () =>
    setRows([
      ...rows,
      {
        id: Math.max(0, ...rows.map(({ id }) => id)) + 1,
        name: '',
        patternType: 'PREFIXED',
        filterType: 'INCLUDE',
      },
    ]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== null || change.isPending) return;
    const patch = { 'consumer.offset.sync.enable': enabled, 'consumer.offset.group.filters': textOf(rows) };
    change.mutate(patch, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Consumer groups to sync"
      description="An exclude wins over every include. Names that begin with _ must be named in full."
      className="w-[min(720px,calc(100vw-32px))]"
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Check
          label="Sync offsets of consumer groups"
          checked={enabled}
          onChange={(event) => setEnabled(event.target.checked)}
        />
        <fieldset className="flex min-w-0 flex-col gap-2">
          <legend className="pb-1 font-medium">Filters</legend>
          {rows.map((row, index) => (
            <Row
              key={row.id}
              row={row}
              number={index + 1}
              onChange={(part) => edit(row.id, part)}
              onRemove={() => setRows(rows.filter(({ id }) => id !== row.id))}
            />
          ))}
          <div>
            <Button size="small" onClick={add}>
              <Plus aria-hidden size={14} /> Add a filter
            </Button>
          </div>
          {tried && problem ? <p className="text-[13px] text-bad">{problem}</p> : null}
        </fieldset>
        <Preview link={link} filters={problem === null ? textOf(rows) : null} />
        <Refusal failure={failureFrom(change.error)} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={change.isPending}>
            {change.isPending ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Row({
  row,
  number,
  onChange,
  onRemove,
}: {
  row: FilterRow;
  number: number;
  onChange: (part: Partial<FilterRow>) => void;
  onRemove: () => void;
}) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_32px] gap-2 sm:grid-cols-[128px_128px_minmax(0,1fr)_32px]">
      <Select
        aria-label={`Filter ${number}: include or exclude`}
        value={row.filterType}
        onChange={(event) =>
          onChange({ filterType: event.target.value === 'EXCLUDE' ? 'EXCLUDE' : 'INCLUDE' })
        }
      >
        <option value="INCLUDE">Include</option>
        <option value="EXCLUDE">Exclude</option>
      </Select>
      <Select
        aria-label={`Filter ${number}: by name or prefix`}
        value={row.patternType}
        onChange={(event) =>
          onChange({ patternType: event.target.value === 'PREFIXED' ? 'PREFIXED' : 'LITERAL' })
        }
      >
        <option value="LITERAL">name</option>
        <option value="PREFIXED">prefix</option>
      </Select>
      <Input
        aria-label={`Filter ${number}: name`}
        className="font-mono max-sm:order-last max-sm:col-span-3"
        value={row.name}
        spellCheck={false}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Button kind="bare" size="icon" aria-label={`Remove filter ${number}`} onClick={onRemove}>
        <X aria-hidden size={16} />
      </Button>
    </div>
  );
}

/** @param filters null while they can't be tried */
function Preview({ link, filters }: { link: LinkRow; filters: string | null }) {
  const [asked, setAsked] = useState(filters ?? '');
  useEffect(() => {
    if (filters === null || filters === asked) return;
    const timer = setTimeout(() => setAsked(filters), FILTER_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [filters, asked]);
  const query = useGroupPreview(link.destination.name, link.name, asked, filters !== null);
  const failure = failureFrom(query.error);
  const { data } = query;
  return (
    <section aria-label="What the filters let through" className="min-w-0 rounded-md border">
      <p role="status" className="border-b px-3 py-2">
        {failure ? (
          <span className="text-bad">{failure.message}</span>
        ) : data === undefined ? (
          <span className="text-soft">Asking {link.source.name} for its groups…</span>
        ) : data.seen === 0 ? (
          `No group of ${link.source.name} can be seen: there is none, or the link’s principal may not describe groups.`
        ) : (
          <>
            <strong>{groupDigits(data.matched)}</strong> of {groupDigits(data.seen)} groups on{' '}
            {link.source.name} now
          </>
        )}
      </p>
      <p className="max-h-40 overflow-auto break-words px-3 py-2 font-mono text-[13px]">
        {data && data.names.length > 0 ? data.names.join(', ') : <span className="text-soft">none</span>}
        {data && data.matched > data.names.length
          ? ` and ${groupDigits(data.matched - data.names.length)} more`
          : ''}
      </p>
    </section>
  );
}
